//! Generates `docs/KEYS.md` and `docs/KEYS.en.md` from the binding tables and the menus of call results.

use super::keys::{FRAME_KEYS, MODAL_KEYS, PLAIN_KEYS};
use super::modal::Modal;
use super::tabs::name_key;
use super::{App, MakeScreens};
use crate::domain::contact::Purpose;
use crate::domain::lang::Lang;
use crate::tui::call::results::{ResultKey, ResultRow, result_keys};
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

/// The page in Markdown, in the language of `ctx`.
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
    page.push_str(&results(lang));
    page
}

/// The results of a call by digit, for each purpose; a row of a table is named by what its digit means in the call
/// that is open.
fn results(lang: Lang) -> String {
    let title = word("page.results_title", lang);
    let mut page = format!("\n## {title}\n\n{}\n", word("page.results_intro", lang));
    let (keys, label) = (word("page.keys", lang), word("page.label", lang));
    for purpose in Purpose::ALL {
        let _ = write!(page, "\n**{}**\n\n| {keys} | {label} |\n| --- | --- |\n", purpose.label(lang));
        let other = result_keys(purpose, ResultRow::First).into_iter().find(|key| key.disposition.is_none());
        let other = other.map(|ending| ending.cap);
        for (row, before) in [(ResultRow::First, None), (ResultRow::Other, other)] {
            for ResultKey { cap, disposition } in result_keys(purpose, row) {
                let Some(disposition) = disposition else { continue };
                let caps: Vec<_> = before.into_iter().chain([cap]).map(|cap| format!("`{cap}`")).collect();
                let _ = writeln!(page, "| {} | {} |", caps.join(" "), disposition.label_for(purpose, lang));
            }
        }
    }
    page
}

fn table_head(row: &KeyRow, lang: Lang) -> String {
    let (keys, label, help) = (word("page.keys", lang), word("page.label", lang), word("page.help", lang));
    format!("**{}**\n\n| {keys} | {label} | {help} |\n| --- | --- | --- |", row.heading(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::disposition::Disposition;

    #[test]
    fn every_result_that_a_call_can_have_stands_on_the_page_with_its_digit() {
        for lang in [Lang::Vi, Lang::En] {
            let page = results(lang);
            let parts: Vec<&str> = page.split("\n**").skip(1).collect();
            for (purpose, part) in Purpose::ALL.into_iter().zip(parts) {
                for choice in Disposition::menu(purpose) {
                    let label = choice.disposition.label_for(purpose, lang);
                    let row = part.lines().find(|line| line.ends_with(&format!("| {label} |")));
                    // A service call goes on by itself when the customer agrees.
                    let by_itself = purpose != Purpose::Offer && choice.disposition == Disposition::Agreed;
                    assert_eq!(row.is_none(), by_itself, "{label}: {part}");
                    let digit = choice.digit.filter(|_| !by_itself).map(|digit| format!("| `{digit}` |"));
                    assert!(
                        digit.is_none_or(|digit| row.is_some_and(|row| row.starts_with(&digit))),
                        "{label}"
                    );
                }
            }
        }
    }
}
