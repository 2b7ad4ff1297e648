//! Finding customers and cases: the searches as you type, and one customer with the verdict who may register them.

mod by_name;
mod cases;
mod find;
mod found;
mod verdict;

#[cfg(test)]
mod tests;

pub(super) use cases::{CasePage, find_cases};
pub(super) use find::{Page, search};
pub(super) use verdict::customer;
