//! Looking at a queue: in numbers, at one call that is open, and at why somebody cannot be called now.

mod card;
mod count;
mod why_not;

#[cfg(test)]
mod tests;

pub(super) use card::{call_card, open_call};
pub(super) use count::queue;
pub(super) use why_not::why_not;
