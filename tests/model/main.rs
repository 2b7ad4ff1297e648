//! Compares the program with a plain model: random steps run through the door and through the model. Both must give
//! the same outcome and keep the same seats, waitlist, matters, cases and appointments; a refusal leaves no trace; at
//! the end every invariant of the store holds.

#[cfg(test)]
mod attempt;
#[cfg(test)]
mod calls;
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
#[cfg(test)]
mod taking_back;
