//! The program on real PostgreSQL servers: one alone, and three of which the leading one dies.

#[cfg(test)]
mod ground;
#[cfg(test)]
#[path = "../peers/mod.rs"]
mod peers;
