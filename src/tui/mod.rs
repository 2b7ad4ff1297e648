//! The screens: `update(message) -> effects` and `view(&self, frame)`, no I/O and no clock.
//!
//! Duty: turn [`input::Input`] into [`effect::Effect`]s and state into a frame. The frame around the screens is
//! [`app::App`]; a screen is a [`screen::Screen`]; keys stand in binding tables ([`keys`]); sentences in
//! `locales/`. Deliberately absent: terminal libraries' event types, threads, the store.

pub mod app;
pub mod applicant;
pub mod call;
pub mod ctx;
pub mod effect;
pub mod field;
#[cfg(test)]
pub mod fixture;
pub mod form;
pub mod input;
pub mod keys;
pub mod requests;
pub mod say;
pub mod screen;
pub mod screens;
pub mod theme;
pub mod typed;
pub mod widgets;
