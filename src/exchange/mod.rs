//! Reads and writes files. Tables are read as streams of text rows ([`table`]), their columns found by header
//! ([`columns`]), and what was refused is written back ([`rejects`]); what a row means is decided in
//! `usecase::import`.
//!
//! Invariants:
//! - memory does not grow with the file;
//! - no file can make the program unpack, keep or loop without a bound;
//! - nothing that a spreadsheet would run as a formula is written.

pub mod columns;
pub mod handover;
pub mod people;
pub mod rejects;
pub mod sample;
pub mod table;
