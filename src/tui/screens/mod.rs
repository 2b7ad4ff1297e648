//! The five screens, one directory each. A screen knows the desk around it and nothing of the others; what two
//! of them share stands beside this directory (`call`, `widgets`).

pub mod outbound;
pub mod registration;
pub mod survey;
