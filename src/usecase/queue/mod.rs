//! Reads a queue: its numbers, one open call, and why a customer cannot be called now.

mod card;
mod count;
mod why_not;

#[cfg(test)]
mod tests;

pub(super) use card::{call_card, open_call};
pub(super) use count::queue;
pub(super) use why_not::why_not;
