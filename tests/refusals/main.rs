//! Every "no" that the door can say, provoked once: a story told line by line, as scripts tell it, whose last line is
//! refused by the rule, in two languages, without a trace in the store.

#[cfg(test)]
#[path = "../ground/mod.rs"]
mod ground;
#[cfg(test)]
mod story;
#[cfg(test)]
mod told;
