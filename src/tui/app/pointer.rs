//! Routes the mouse to the uppermost window, to the frame's own lines, or to the open screen.

use super::keys::FrameAct;
use super::modal::ModalAct;
use super::state::{App, tagged};
use super::tabs;
use crate::tui::effect::{Effect, Origin};
use crate::tui::input::{Mouse, Pointer};
use crate::tui::screen::Taken;

impl App {
    /// Takes a mouse act; `No` when nothing is at that cell.
    pub(super) fn mouse(&mut self, mouse: Mouse) -> Taken {
        if !self.modals.is_empty() {
            return match mouse.pointer {
                Pointer::WheelUp => Taken::Yes(self.modal_act(ModalAct::Up)),
                Pointer::WheelDown => Taken::Yes(self.modal_act(ModalAct::Down)),
                Pointer::Click => Taken::No,
            };
        }
        if mouse.pointer == Pointer::Click && self.is_on_notice(mouse.column, mouse.row) {
            self.notice = None;
            return Taken::No;
        }
        if mouse.pointer == Pointer::Click && self.is_on_banner(mouse.row) {
            self.dismiss_banner();
            return Taken::No;
        }
        if mouse.pointer == Pointer::Click && self.is_on_finished_lesson(mouse.row) {
            self.leave_lesson();
            return Taken::No;
        }
        let (width, height) = self.size;
        if mouse.row == 0 {
            let tab = tabs::spans(width, self.ctx.lang)
                .into_iter()
                .find(|(_, x, columns)| (*x..x + columns).contains(&mouse.column))
                .map(|(tab, ..)| tab);
            return match (mouse.pointer, tab) {
                (Pointer::Click, Some(tab)) => Taken::Yes(self.act(FrameAct::Tab(tab))),
                _ => Taken::No,
            };
        }
        if mouse.row + 2 == height {
            let hit = self
                .footer(width)
                .into_iter()
                .find(|item| (item.x..item.x + item.columns).contains(&mouse.column));
            return match (mouse.pointer, hit) {
                (Pointer::Click, Some(item)) => Taken::Yes(self.do_row(item.tab, item.id)),
                _ => Taken::No,
            };
        }
        let area = self.body(self.size);
        if mouse.row < area.y || mouse.row >= area.bottom() {
            return Taken::No;
        }
        let from = self.open;
        let effects = self.on_open(|screen, ctx| screen.mouse(mouse, area, ctx));
        Taken::Yes(self.settle(tagged(from, effects)))
    }

    /// Does the act of a footer row: the frame's or the open screen's.
    fn do_row(&mut self, tab: Origin, id: &'static str) -> Vec<Effect> {
        if tab == Origin::Frame {
            return self.do_frame_row(id);
        }
        self.did(id);
        let effects = self.on_open(|screen, ctx| screen.act(id, ctx));
        self.settle(tagged(tab, effects))
    }
}
