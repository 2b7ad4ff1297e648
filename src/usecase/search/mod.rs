//! Finding customers: the search as you type, and one customer with the verdict who may register them.

mod by_name;
mod find;
mod found;
mod verdict;

#[cfg(test)]
mod tests;

pub(super) use find::{Page, search};
pub(super) use verdict::customer;
