use super::*;
use crate::domain::actor::Role;
use crate::store::StoreError;
use crate::tui::fixture::{ctx, drawn};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: i64,
    name: &'static str,
    group: u8,
}

impl Keyed for Line {
    type Key = i64;

    fn key(&self) -> i64 {
        self.id
    }

    fn group(&self) -> u8 {
        self.group
    }
}

const COLUMNS: &[Column<Line>] = &[
    Column::left("tab.calls", Width::Rest, |line: &Line, ctx| (line.name.to_owned(), ctx.theme.text()))
        .by(|a: &Line, b: &Line| a.name.cmp(b.name)),
    Column::right("tab.survey", Width::Fixed(6), |line: &Line, ctx| (line.id.to_string(), ctx.theme.muted()))
        .by(|a: &Line, b: &Line| a.id.cmp(&b.id)),
    Column::left("tab.register", Width::WideOnly(8), |_, ctx| ("wide".to_owned(), ctx.theme.muted())),
];

const BLANK: Blank = Blank { loading: "calls.loading", empty: "calls.no_last" };

fn line(id: i64, name: &'static str, group: u8) -> Line {
    Line { id, name, group }
}

fn agent() -> Ctx {
    ctx(Role::Agent)
}

fn rows(items: &[(i64, &'static str, u8)]) -> Rows<Line> {
    let mut rows = Rows::new(COLUMNS);
    rows.take(items.iter().map(|(id, name, group)| line(*id, name, *group)).collect(), &agent());
    rows
}

fn chosen(rows: &Rows<Line>) -> Option<i64> {
    rows.chosen().map(|line| line.id)
}

#[test]
fn the_cursor_stays_on_its_row_however_the_order_changes() {
    let mut rows = rows(&[(1, "An", 0), (2, "Bình", 0), (3, "Châm", 0)]);
    rows.step(Step::Down);
    rows.take(vec![line(4, "Dung", 0), line(3, "Châm", 0), line(2, "Bình", 0)], &agent());
    assert_eq!(chosen(&rows), Some(2));
}

#[test]
fn it_never_follows_a_row_into_another_group() {
    let mut rows = rows(&[(1, "An", 0), (2, "Bình", 0), (3, "Châm", 0), (9, "Yến", 1)]);
    rows.step(Step::Down);
    rows.take(vec![line(1, "An", 0), line(3, "Châm", 0), line(2, "Bình", 1), line(9, "Yến", 1)], &agent());
    assert_eq!(chosen(&rows), Some(3), "the row after the one that went");
    rows.take(vec![line(1, "An", 0), line(2, "Bình", 1), line(3, "Châm", 1)], &agent());
    assert_eq!(chosen(&rows), Some(1), "the last of the group");
}

#[test]
fn a_row_that_is_gone_leaves_the_cursor_at_its_place() {
    let mut rows = rows(&[(1, "An", 0), (2, "Bình", 0), (3, "Châm", 0)]);
    rows.step(Step::Last);
    rows.take(vec![line(1, "An", 0), line(2, "Bình", 0)], &agent());
    assert_eq!(chosen(&rows), Some(2));
    rows.take(Vec::new(), &agent());
    assert_eq!(chosen(&rows), None);
    rows.take(vec![line(5, "Em", 0)], &agent());
    assert_eq!(chosen(&rows), Some(5));
}

#[test]
fn a_filter_finds_words_without_accents_and_keeps_the_cursor_on_a_row() {
    let ctx = agent();
    let mut rows = rows(&[(1, "Trần An", 0), (2, "Lê Bình", 0), (3, "Trần Bình", 0)]);
    rows.step(Step::Last);
    rows.act(ListAct::Filter, &ctx);
    rows.field_mut().expect("the filter is being typed").paste("binh");
    rows.edited(&ctx);
    assert_eq!((rows.len(), chosen(&rows)), (2, Some(3)));
    rows.field_mut().expect("the filter is being typed").paste(" tran");
    rows.edited(&ctx);
    assert_eq!((rows.len(), chosen(&rows)), (1, Some(3)));
    rows.act(ListAct::KeepFilter, &ctx);
    assert!(rows.field().is_none() && rows.is_filtered());
    rows.act(ListAct::DropFilter, &ctx);
    assert_eq!((rows.len(), chosen(&rows)), (3, Some(3)));
}

#[test]
fn a_list_is_ordered_by_its_columns_in_turn_and_as_it_came_again() {
    let ctx = agent();
    let mut rows = rows(&[(2, "Châm", 0), (1, "Bình", 0), (3, "An", 1)]);
    let order = |rows: &Rows<Line>| rows.shown().map(|line| line.id).collect::<Vec<_>>();
    rows.act(ListAct::Order, &ctx);
    assert_eq!(order(&rows), [1, 2, 3], "by name, groups apart");
    rows.act(ListAct::Reverse, &ctx);
    assert_eq!(order(&rows), [2, 1, 3]);
    assert_eq!(chosen(&rows), Some(2), "the cursor stays on its row");
    rows.act(ListAct::Order, &ctx);
    assert_eq!(order(&rows), [1, 2, 3], "by number");
    rows.act(ListAct::Order, &ctx);
    assert_eq!(order(&rows), [2, 1, 3], "as it came");
}

#[test]
fn a_click_chooses_and_a_second_one_opens() {
    let mut rows = rows(&[(1, "An", 0), (2, "Bình", 0)]);
    let area = Rect::new(3, 4, 40, 8);
    let second = Position::new(5, 6);
    assert!(!rows.click(rows.rows_area(area), second));
    assert_eq!(chosen(&rows), Some(2));
    assert!(rows.click(rows.rows_area(area), second));
    assert!(!rows.click(rows.rows_area(area), Position::new(1, 6)));
}

#[test]
fn a_list_without_rows_says_why() {
    let ctx = agent();
    let text = |rows: &Rows<Line>| drawn(40, 4, |frame, area| rows.view(frame, area, &ctx, true, BLANK));
    let mut rows: Rows<Line> = Rows::new(COLUMNS);
    let loading = text(&rows);
    rows.fail(Error::Store(StoreError::Busy));
    let failed = text(&rows);
    assert_ne!(loading, failed);
    rows.take(vec![line(1, "An", 0)], &ctx);
    let full = text(&rows);
    assert!(full.contains("An") && !full.contains("wide"), "{full}");
    rows.fail(Error::Store(StoreError::Busy));
    assert_eq!(text(&rows), full, "a failed reading takes nothing away");
    rows.take(Vec::new(), &ctx);
    assert_ne!(text(&rows), loading);
    let wide = drawn(100, 4, |frame, area| {
        let mut rows = rows.clone();
        rows.take(vec![line(1, "An", 0)], &ctx);
        rows.view(frame, area, &ctx, true, BLANK);
    });
    assert!(wide.contains("wide"));
}

#[test]
fn an_item_is_changed_where_it_stands_and_a_narrow_list_may_count_as_wide() {
    let mut rows = Rows::new(COLUMNS).wide_from(30);
    rows.take(vec![line(1, "An", 0), line(2, "Bình", 0)], &agent());
    rows.step(Step::Down);
    rows.change(|line| line.name = if line.id == 1 { "Zoan" } else { line.name }, &agent());
    assert_eq!(chosen(&rows), Some(2));
    let text = |width| drawn(width, 4, |frame, area| rows.view(frame, area, &agent(), true, BLANK));
    assert!(text(40).contains("Zoan") && text(40).contains("wide"));
    assert!(!text(29).contains("wide"));
    rows.forget();
    assert!(!rows.is_here());
}
