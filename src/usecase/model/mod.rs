//! Read models: what a screen or a script sees, as plain data by area. They carry facts; sentences are made by
//! whoever shows them. Lists carry masked phones; a whole number appears only on the asker's own call.

pub mod batch;
pub mod call;
pub mod case;
pub mod count;
pub mod customer;
pub mod draft;
pub mod lead;
pub mod session;
pub mod staff;

#[cfg(test)]
mod tests;
