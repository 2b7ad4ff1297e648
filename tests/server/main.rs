//! The program on real PostgreSQL servers: one alone, and three of which the leading one dies.

#[cfg(test)]
mod doctor;
#[cfg(test)]
mod failover;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod live;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod older;
#[cfg(test)]
mod out_of_reach;
#[cfg(test)]
#[path = "../peers/mod.rs"]
mod peers;
#[cfg(test)]
mod race;
#[cfg(test)]
#[path = "../races/mod.rs"]
mod races;
#[cfg(test)]
#[expect(dead_code, reason = "the command line's own tests need more of it")]
#[path = "../cli/sandbox.rs"]
mod sandbox;
#[cfg(test)]
mod start;
#[cfg(test)]
mod untrusted;
