//! The screens: turns each [`input::Input`] into [`effect::Effect`]s, and state into a frame.
//!
//! [`app::App`] is the frame around the screens; a screen is a [`screen::Screen`] with `update(message) -> effects`
//! and `view(&self, frame)`. Keys are in binding tables ([`keys`]), sentences in `locales/`.
//!
//! Invariant: nothing here does I/O or reads a clock. Deliberately absent: the event types of terminal libraries,
//! threads, the store.

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
