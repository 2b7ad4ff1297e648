//! Read models: what a screen or a script sees, as plain data by area. They carry facts; the surface makes
//! the sentences. Lists carry masked phones; a whole number appears only on the actor's own call.

pub mod audit;
pub mod batch;
pub mod call;
pub mod campaign;
pub mod case;
pub mod count;
pub mod customer;
pub mod draft;
pub mod figures;
pub mod lead;
pub mod people;
pub mod replay;
pub mod session;
pub mod staff;
pub mod task;

#[cfg(test)]
mod tests;
