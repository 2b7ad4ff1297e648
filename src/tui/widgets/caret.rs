//! Sets the terminal's cursor outside text fields: on the row, box or cell that has the focus, so that a screen
//! reader follows it.

use crate::tui::ctx::{Ctx, Focus};
use ratatui::Frame;
use ratatui::layout::Rect;

/// Sets the cursor at `(column, row)` of `area`, unless a text field of the screen or a window has it.
pub fn stand(frame: &mut Frame, ctx: &Ctx, area: Rect, (column, row): (u16, u16)) {
    if ctx.focus == Focus::Screen && column < area.width && row < area.height {
        frame.set_cursor_position((area.x + column, area.y + row));
    }
}
