//! What comes from the mouse, and text that was pasted: for the uppermost window, for the frame's own lines, or for
//! the open screen.

use super::keys::{FrameAct, ModalAct};
use super::modal::Modal;
use super::{App, FRAME_KEYS, tabs, tagged};
use crate::tui::effect::{Effect, Origin};
use crate::tui::input::{Mouse, Pointer};
use crate::tui::widgets::list::Cursor;

impl App {
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        if let Some(modal) = self.modals.last_mut() {
            if let Modal::Palette(palette) = modal {
                palette.field.paste(text);
                palette.cursor = Cursor::default();
            }
            return Vec::new();
        }
        let from = self.open;
        let effects = self.on_open(|desk, ctx| desk.paste(text, ctx));
        self.settle(tagged(from, effects))
    }

    pub(super) fn mouse(&mut self, mouse: Mouse) -> Vec<Effect> {
        if !self.modals.is_empty() {
            return match mouse.pointer {
                Pointer::WheelUp => self.modal_act(ModalAct::Up),
                Pointer::WheelDown => self.modal_act(ModalAct::Down),
                Pointer::Click => Vec::new(),
            };
        }
        if mouse.pointer == Pointer::Click && self.is_on_notice(mouse.column, mouse.row) {
            self.notice = None;
            return Vec::new();
        }
        if mouse.pointer == Pointer::Click && self.is_on_banner(mouse.row) {
            self.put_banner_away();
            return Vec::new();
        }
        let (width, height) = self.size;
        if mouse.row == 0 {
            let tab = tabs::spans(width, self.ctx.lang)
                .into_iter()
                .find(|(_, x, columns)| (*x..x + columns).contains(&mouse.column))
                .map(|(tab, ..)| tab);
            return match (mouse.pointer, tab) {
                (Pointer::Click, Some(tab)) => self.act(FrameAct::Tab(tab)),
                _ => Vec::new(),
            };
        }
        if mouse.row + 2 == height {
            let hit = self
                .footer(width)
                .into_iter()
                .find(|item| (item.x..item.x + item.columns).contains(&mouse.column));
            return match (mouse.pointer, hit) {
                (Pointer::Click, Some(item)) => {
                    self.modals.clear();
                    self.do_row(item.tab, item.id)
                }
                _ => Vec::new(),
            };
        }
        let area = self.body(self.size);
        if mouse.row < area.y || mouse.row >= area.bottom() {
            return Vec::new();
        }
        let from = self.open;
        let effects = self.on_open(|desk, ctx| desk.mouse(mouse, area, ctx));
        self.settle(tagged(from, effects))
    }

    /// Does a row of the footer: the frame's or the open screen's.
    fn do_row(&mut self, tab: Origin, id: &'static str) -> Vec<Effect> {
        if tab == Origin::Frame {
            return FRAME_KEYS
                .iter()
                .find(|row| row.id == id)
                .map(|row| row.act)
                .map_or_else(Vec::new, |act| self.act(act));
        }
        let effects = self.on_open(|desk, ctx| desk.act(id, ctx));
        self.settle(tagged(tab, effects))
    }
}
