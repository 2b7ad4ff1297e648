//! Counts whom shorter windows touch.

use crate::domain::campaign::Campaign;
use crate::domain::campaign::window::DateWindow;
use crate::domain::contact::{Purpose, Span};
use crate::store::Tx;
use crate::store::window::{self, Outside};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::campaign::Touched;

/// Whom the windows of `next` touch where they are shorter; none when none is.
pub(super) fn touched(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    base: &Campaign,
    next: &Campaign,
) -> Result<Option<Touched>, Error> {
    let is_shorter = |was: DateWindow, is: DateWindow| is.to < was.to || is.from > was.from;
    let mut any = false;
    let mut sum = Touched { registrations: 0, promises: 0, appointments: 0, links: 0 };
    let mut add = |outside: Outside| {
        any = true;
        sum.registrations += outside.registrations;
        sum.promises += outside.promises;
        sum.appointments += outside.appointments;
        sum.links += outside.links;
    };
    let window = next.registration;
    if is_shorter(base.registration, window) {
        add(window::count_outside_registration(tx, window.opens(), window.closes())?);
    }
    let window = next.consultation;
    if is_shorter(base.consultation, window) {
        add(window::count_outside_consultation(tx, window.opens(), window.closes(), ctx.now)?);
    }
    if is_shorter(base.handbook, next.handbook) {
        add(Outside { links: window::count_links(tx)?, ..Outside::default() });
    }
    let today = ctx.now.date();
    let (was, is) = (base.limits_on(today).contact, next.limits_on(today).contact);
    for purpose in Purpose::ALL {
        let (was, is): (Span, Span) = (was.span(purpose), is.span(purpose));
        if is.until < was.until || is.from > was.from {
            add(Outside { promises: window::count_promises_outside(tx, purpose, is)?, ..Outside::default() });
        }
    }
    Ok(any.then_some(sum))
}
