//! Finding customers: the search as you type, and one customer with the verdict who may register them.

mod find;
mod verdict;

#[cfg(test)]
mod tests;

pub(super) use find::search;
pub(super) use verdict::customer;
