//! Generates `docs/KEYS.md` from the binding tables.

use super::keys::{FRAME_KEYS, MODAL_KEYS, PLAIN_KEYS};
use super::modal::Modal;
use super::tabs::name_key;
use super::{App, MakeScreens};
use crate::domain::lang::Lang;
use crate::tui::ctx::Ctx;
use crate::tui::field::{EDIT_KEYS, Field, Kind};
use crate::tui::form::{FORM_KEYS, Form};
use crate::tui::keys::KeyRow;
use crate::tui::say::word;
use crate::tui::widgets::list::Cursor;
use crate::tui::widgets::list_keys;
use std::fmt::Write as _;

/// Every row of every table with the heading it stands under: the screens', the frame's, windows, list, form, field.
pub fn all_rows(ctx: &Ctx, make: MakeScreens) -> Vec<(&'static str, Vec<KeyRow>)> {
    let app = App::new(ctx.clone(), (0, 0), make);
    let window = Modal::People { staff: Vec::new(), cursor: Cursor::default() };
    let (form, field) = (Form::new(), Field::new(Kind::Text));
    let mut tables: Vec<(&'static str, Vec<KeyRow>)> = vec![
        ("tab.frame", FRAME_KEYS.iter().map(|row| row.row(&app)).collect()),
        ("place.frame_plain", PLAIN_KEYS.iter().map(|row| row.row(&app)).collect()),
    ];
    tables.extend(app.screens.iter().map(|screen| (name_key(screen.origin()), screen.all_rows())));
    tables.push(("place.window", MODAL_KEYS.iter().map(|row| row.row(&window)).collect()));
    tables.push(("place.list", list_keys::all_rows()));
    tables.push(("place.form", FORM_KEYS.iter().map(|row| row.row(&form)).collect()));
    tables.push(("place.field", EDIT_KEYS.iter().map(|row| row.row(&field)).collect()));
    tables
}

/// The page in Markdown.
pub fn keys_page(ctx: &Ctx, make: MakeScreens) -> String {
    let lang = ctx.lang;
    let mut page = format!("# {}\n\n{}\n", word("page.keys_title", lang), word("page.keys_intro", lang));
    for (heading, rows) in all_rows(ctx, make) {
        // Writing to a string cannot fail.
        let _ = write!(page, "\n## {}\n", word(heading, lang));
        let mut place = "";
        for row in rows {
            if row.place != place {
                place = row.place;
                let _ = write!(page, "\n{}\n", table_head(&row, lang));
            }
            let keys: Vec<_> = row.keys.iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(page, "| {} | {} | {} |", keys.join(" "), row.label(lang), row.help(lang));
        }
    }
    page
}

fn table_head(row: &KeyRow, lang: Lang) -> String {
    let (keys, label, help) = (word("page.keys", lang), word("page.label", lang), word("page.help", lang));
    format!("**{}**\n\n| {keys} | {label} | {help} |\n| --- | --- | --- |", row.heading(lang))
}
