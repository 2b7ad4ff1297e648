//! The SSH door: people work on one host with nothing but an SSH client. A key decides who they are, and all they
//! can have is the screens.
//!
//! Invariants: whoever has not proved a key costs little and is gone soon; every bound stands in [`Limits`]; one
//! session cannot slow down, fill up or end another; nothing of a client reaches the log but its address and the
//! kind of its terminal.
//!
//! Deliberately absent: commands, files, forwarding, passwords, variables. They are refused, each at once.

mod algorithms;
mod chatter;
mod count;
mod decode;
mod desk;
mod ear;
mod gate;
pub mod host_key;
mod house;
mod key_book;
mod limits;
mod line;
mod pace;
mod parting;
mod pulse;
mod roll;
mod screen;
mod server;
mod terminal;
mod token;
mod visitor;
mod work;

#[cfg(test)]
mod tests;

pub use count::Count;
pub use house::{House, Style};
pub use key_book::KeyBook;
pub use limits::{Limits, file as limits_file};
pub use roll::{Order, Present, Roll, Why};
pub use server::{listen, serve};
pub use terminal::Manners;
