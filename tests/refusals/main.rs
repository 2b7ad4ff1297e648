//! Provokes every refusal once: a story of commands, as scripts write them, whose last one is refused by the rule, in
//! two languages, without a trace in the store.

#[cfg(test)]
mod coverage;
#[cfg(test)]
#[path = "../fixture/mod.rs"]
mod fixture;
#[cfg(test)]
mod story;
