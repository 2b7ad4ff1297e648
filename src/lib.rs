//! `tongdai` ("tổng đài", the hotline): the terminal in which a call centre and a hospital run a
//! health-care programme together.
//!
//! Read `ARCHITECTURE.md` first. The layers are `domain` (pure rules) ← `store` (SQL) ← `usecase` (the one
//! door) and the edge: `tui`, `session`, `ssh`, `exchange`, `metrics`, `demo`, `bench`, `load`, `cli`.
//! `tests/tidy` holds the arrows.

rust_i18n::i18n!("locales", fallback = "vi");

pub mod bench;
pub mod cli;
pub mod demo;
pub mod domain;
pub mod exchange;
pub mod load;
pub mod metrics;
pub mod session;
pub mod ssh;
pub mod store;
pub mod tui;
pub mod usecase;
