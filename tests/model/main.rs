//! The programme against a paper: stories of people doing whatever comes, in any order, each step told to the door
//! and written on paper. The door must say what the paper says, refuse without a trace, and keep the same seats,
//! waitlist, matters, cases and appointments; in the end every invariant of the store holds.

#[cfg(test)]
mod compare;
#[cfg(test)]
#[path = "../fixture/mod.rs"]
mod fixture;
#[cfg(test)]
mod hospital;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod play;
#[cfg(test)]
mod step;
