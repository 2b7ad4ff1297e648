//! Every "no" that the door can say, provoked once: a story told line by line, as scripts tell it, whose last line is
//! refused by the rule, in two languages, without a trace in the store.

#[cfg(test)]
mod coverage;
#[cfg(test)]
#[path = "../fixture/mod.rs"]
mod fixture;
#[cfg(test)]
mod story;
