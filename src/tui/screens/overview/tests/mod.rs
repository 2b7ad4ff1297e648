//! The overview's figures and pages for the tests, and a bench that presses keys and answers questions.

mod law;
mod lists;
mod people;
mod quota;
mod sessions;
mod versions;

use super::*;
use crate::domain::actor::{Permission as May, Role};
use crate::domain::department::Department;
use crate::domain::id::{RegistrationId, StaffId};
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::tui::effect::{Origin, Question, Reply, Ticket};
use crate::tui::field::Field;
use crate::tui::fixture::{at, ctx, drawn};
use crate::tui::form::window::{DISCARD, LEAVE};
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{clashes, missing_texts};
use crate::tui::requests::CONFIRM;
use crate::tui::say::Say;
use crate::tui::screen::{AnyScreen, ScreenHost, Taken};
use crate::tui::theme::Tone;
use crate::usecase::command::{AddStaff, SetQuota, StaffRef};
use crate::usecase::model::count::{
    AgentLine, Forecast, Funnel, FunnelStep, Overview, QuotaModel, Satisfaction, Score, Share,
};
use crate::usecase::model::staff::{AuditLine, StaffLine};
use crate::usecase::{Command, Error, Query, Receipt, Snapshot};
use std::collections::BTreeMap;

fn leaks(of: &[(&str, i64)]) -> BTreeMap<String, i64> {
    of.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
}

fn figures() -> Box<Overview> {
    let step = |step: &str, count, of: &[(&str, i64)], waiting, oldest: Option<&str>| FunnelStep {
        step: step.to_owned(),
        count,
        leaks: leaks(of),
        waiting,
        oldest: oldest.map(at),
    };
    let share = |value, n, low, high| Share { value: Some(value), n, low: Some(low), high: Some(high) };
    let mut by_hour = vec![0; 24];
    for (hour, count) in [(8, 41), (9, 96), (10, 120), (11, 84), (13, 52), (14, 111), (15, 90), (16, 38)] {
        by_hour[hour] = count;
    }
    let day = |day: i64| at("2026-12-02T00:00:00").plus_days(day - 13);
    Box::new(Overview {
        seats: QuotaModel { quota: 500, taken: 312, waitlisted: 0, closed_by: None },
        pace_per_day: 20.9,
        full_at: Some(Forecast {
            early: at("2026-12-09T12:00:00"),
            at: at("2026-12-11T12:00:00"),
            late: at("2026-12-14T12:00:00"),
        }),
        funnel: Funnel {
            steps: vec![
                step("list", 12_480, &[("held", 320)], 7_950, None),
                step("called", 4_210, &[("invalid_number", 66), ("wrong_person", 41)], 1_204, None),
                step(
                    "reached",
                    2_377,
                    &[("declined", 905), ("do_not_call", 88), ("not_eligible", 12)],
                    3,
                    None,
                ),
                step(
                    "registered",
                    312,
                    &[("cancelled", 9), ("returned", 2)],
                    22,
                    Some("2026-12-02T06:30:00"),
                ),
                step(
                    "handed_over",
                    290,
                    &[("diverted_115", 3), ("unreachable", 4)],
                    32,
                    Some("2026-11-29T09:00:00"),
                ),
                step("booked", 251, &[("no_show", 14)], 7, Some("2026-12-01T15:00:00")),
                step("consulted", 230, &[("no_consent", 6), ("refused", 4)], 6, Some("2026-12-01T10:00:00")),
                step("surveyed", 214, &[], 0, None),
            ],
            differences: Vec::new(),
        },
        calls_by_hour: by_hour,
        calls_by_day: (0..14).map(|n| (day(n), 400 + n * 17, 12 + n)).collect(),
        agents: vec![
            agent("lan", "Lan", "on_call", 64, 38, 7),
            agent("minh", "Minh", "paused", 51, 30, 4),
            agent("dung", "Dũng", "off", 0, 0, 0),
        ],
        satisfaction: Satisfaction {
            csat: share(0.86, 214, 0.81, 0.90),
            nps: Score { value: Some(47.2), n: 210, low: Some(36.1), high: Some(57.8) },
            ces: Score { value: Some(5.92), n: 214, low: Some(5.7), high: Some(6.1) },
            response_rate: Some(0.78),
            by_department: [
                (Department::Nhi, share(0.91, 92, 0.84, 0.95)),
                (Department::NoiTongHop, share(0.85, 104, 0.77, 0.91)),
                (Department::San, share(0.83, 18, 0.61, 0.94)),
            ]
            .into_iter()
            .collect(),
        },
        sms: leaks(&[("queued", 12), ("delivered", 301), ("failed", 2)]),
        over_limit: 1,
        unacknowledged: 22,
        unacknowledged_since: Some(at("2026-12-02T06:30:00")),
    })
}

fn agent(staff: &str, name: &str, state: &str, calls: i64, reached: i64, registered: i64) -> AgentLine {
    let rate = |part: i64, whole: i64| (whole > 0).then(|| part as f64 / whole as f64);
    AgentLine {
        staff: staff.to_owned(),
        name: name.to_owned(),
        state: crate::domain::actor::AgentState::parse(state).unwrap(),
        calls,
        reached,
        registered,
        contact_rate: rate(reached, calls),
        conversion: rate(registered, reached),
        talk_seconds: calls * 95,
        wrap_up_seconds: calls * 12,
        pause_seconds: 1_260,
    }
}

fn audit() -> Vec<AuditLine> {
    let line = |seq, staff: &str, action: &str, subject: &str, detail: &str| AuditLine {
        writer: 1,
        seq,
        at: at("2026-12-02T09:20:00").plus_minutes(seq),
        staff: staff.to_owned(),
        os_user: "tongdai".to_owned(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    vec![
        line(2, "lan", "register", "registration:312", "channel=inbound_9090 seat=312"),
        line(1, "ha", "set_quota", "campaign:1", "quota=500"),
    ]
}

struct Bench {
    host: ScreenHost<OverviewScreen>,
    ctx: Ctx,
    /// The newest job.
    ticket: Ticket,
    /// The open question.
    question: Option<Question>,
}

impl Bench {
    /// A bench whose person has opened the tab and has the figures.
    fn of(role: Role) -> Self {
        let mut bench = Self {
            host: ScreenHost::new(Origin::Overview, OverviewScreen::new()),
            ctx: ctx(role),
            ticket: Ticket(0),
            question: None,
        };
        let asked = bench.host.open(None, &bench.ctx);
        assert_eq!(queries(&bench.note(asked)), [Query::Overview {}]);
        bench.answer(None, Snapshot::Overview(figures()));
        bench
    }

    /// Remembers the job and the question that wait for an answer.
    fn note(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        for effect in &effects {
            match effect {
                Effect::Run(job) => self.ticket = job.ticket,
                Effect::Ask(question) => self.question = Some((**question).clone()),
                _ => {}
            }
        }
        effects
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        match self.host.key(key, &self.ctx) {
            Taken::Yes(effects) => self.note(effects),
            Taken::No => Vec::new(),
        }
    }

    fn char(&mut self, c: char) -> Vec<Effect> {
        self.press(Key::char(c))
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            self.char(c);
        }
    }

    fn changed(&mut self, topics: Topics) -> Vec<Effect> {
        let effects = self.host.changed(topics, &self.ctx);
        self.note(effects)
    }

    fn answered(&mut self, id: &'static str, yes: bool) -> Vec<Effect> {
        let effects = self.host.answered(id, yes, &self.ctx);
        self.note(effects)
    }

    fn answer(&mut self, receipt: Option<Receipt>, snapshot: Snapshot) -> Vec<Effect> {
        let outcome = Ok((receipt, vec![snapshot]));
        let effects = self.host.reply(Reply { ticket: self.ticket, outcome }, &self.ctx);
        self.note(effects)
    }

    fn refuse(&mut self, refusal: Refusal) -> Vec<Effect> {
        let outcome = Err(Error::Refused(refusal));
        self.host.reply(Reply { ticket: self.ticket, outcome }, &self.ctx)
    }

    /// The page alone: the strip above it has a snapshot of its own.
    fn draw(&self, width: u16, height: u16) -> String {
        let page = |frame: &mut Frame, area| view::page(&self.host.screen, frame, area, &self.ctx);
        drawn(width, height - 1, page)
    }
}

fn queries(effects: &[Effect]) -> Vec<Query> {
    let jobs = effects.iter().filter_map(|effect| match effect {
        Effect::Run(job) => Some(job.then.clone()),
        _ => None,
    });
    jobs.flatten().collect()
}

fn commands(effects: &[Effect]) -> Vec<Command> {
    let jobs = effects.iter().filter_map(|effect| match effect {
        Effect::Run(job) => job.command.clone(),
        _ => None,
    });
    jobs.collect()
}

const ENTER: Key = Key::plain(KeyCode::Enter);
const ESC: Key = Key::plain(KeyCode::Esc);
const DOWN: Key = Key::plain(KeyCode::Down);

#[test]
fn every_key_has_its_words_and_none_clashes() {
    let rows: Vec<_> = BINDINGS.iter().map(|row| row.row(&OverviewScreen::new())).collect();
    assert_eq!(clashes(&rows), Vec::<String>::new());
    for lang in [Lang::Vi, Lang::En] {
        assert_eq!(missing_texts(&rows, lang), Vec::<String>::new());
    }
}

#[test]
fn changes_while_a_read_is_out_are_read_once_afterwards() {
    let mut bench = Bench::of(Role::Supervisor);
    assert_eq!(queries(&bench.changed(Topics::ALL)), [Query::Overview {}]);
    assert_eq!(bench.changed(Topics::ALL), Vec::new());
    assert_eq!(bench.changed(Topics::ALL), Vec::new());
    let again = bench.answer(None, Snapshot::Overview(figures()));
    assert_eq!(queries(&again), [Query::Overview {}]);
    assert_eq!(bench.answer(None, Snapshot::Overview(figures())), Vec::new());
}

#[test]
fn an_answer_for_the_page_before_is_dropped() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.press(Key::char('n'));
    let old = bench.ticket;
    bench.press(Key::char('k'));
    let outcome = Ok((None, vec![Snapshot::Staff { staff: Vec::new() }]));
    bench.host.reply(Reply { ticket: old, outcome }, &bench.ctx.clone());
    assert!(!bench.host.screen.staff.is_here());
}

#[test]
fn arrows_go_round_the_pages_that_the_role_has() {
    let mut bench = Bench::of(Role::Agent);
    let mut seen = vec![bench.host.screen.page];
    for _ in 0..4 {
        bench.press(Key::plain(KeyCode::Right));
        seen.push(bench.host.screen.page);
    }
    assert_eq!(seen, [Page::Board, Page::Calls, Page::Satisfaction, Page::Lists, Page::Board]);
    bench.press(Key::plain(KeyCode::Left));
    assert_eq!(bench.host.screen.page, Page::Lists);
    let effects = bench.press(Key::char('v'));
    assert_eq!(effects, [Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act: May::SeeAgents }))]);
}

#[test]
fn a_window_closes_unasked_only_while_nothing_was_changed() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.press(Key::char('s'));
    assert_eq!(bench.press(ESC), Vec::new());
    assert!(bench.host.field().is_none());
    bench.press(Key::char('s'));
    bench.press(Key::char('0'));
    assert!(matches!(&bench.press(ESC)[..], [Effect::Ask(q)] if q.id == DISCARD));
    bench.answered(DISCARD, true);
    assert!(bench.host.field().is_none());
}

#[test]
fn nothing_is_read_under_an_open_window() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.press(Key::char('s'));
    assert_eq!(bench.changed(Topics::ALL), Vec::new());
}

#[test]
fn books_that_differ_are_shown_on_the_board_and_listed_by_one_key() {
    let mut bench = Bench::of(Role::Supervisor);
    assert_eq!(
        bench.press(Key::char('x')),
        [Effect::Notice(Tone::Warn, Say::key("over.why.no_differences"))]
    );
    let mut data = figures();
    data.funnel.differences = vec!["registration:12 case_missing".to_owned()];
    bench.changed(Topics::ALL);
    bench.answer(None, Snapshot::Overview(data));
    assert!(bench.draw(80, 21).contains("1 đăng ký lệch sổ"));
    let shown = bench.press(Key::char('x'));
    let line = Say::Plain("Đăng ký 12: Vinmec đã nhận nhưng chưa có hồ sơ".to_owned());
    assert_eq!(
        shown,
        [Effect::Show { title: Say::key("over.differences.title"), lines: vec![line], tone: Tone::Danger }]
    );
}

#[test]
fn too_few_answers_are_marked_as_too_few() {
    let mut bench = Bench::of(Role::Agent);
    bench.press(Key::char('h'));
    let drawn = bench.draw(80, 21);
    let maternity = drawn.lines().find(|line| line.contains("Sản")).unwrap();
    assert!(maternity.contains("n quá nhỏ"));
    let children = drawn.lines().find(|line| line.contains("Nhi")).unwrap();
    assert!(!children.contains("n quá nhỏ"));
}

#[test]
fn pictures_of_the_board() {
    let mut bench = Bench::of(Role::Supervisor);
    insta::assert_snapshot!("board_120", bench.draw(120, 33));
    insta::assert_snapshot!("board_80", bench.draw(80, 21));
    insta::assert_snapshot!("board_200", bench.draw(200, 57));
    bench.ctx.lang = Lang::En;
    insta::assert_snapshot!("board_120_en", bench.draw(120, 33));
    bench.ctx.lang = Lang::Vi;
    let empty = OverviewScreen::new();
    let waiting = drawn(80, 20, |frame, area| view::page(&empty, frame, area, &ctx(Role::Agent)));
    insta::assert_snapshot!("waiting_80", waiting);
    let strip = |width| drawn(width, 1, |frame, area| strip::view(frame, area, &bench.ctx, Page::Staff));
    insta::assert_snapshot!("strip", strip(120) + &strip(80));
}

#[test]
fn pictures_of_the_pages() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.press(Key::char('c'));
    insta::assert_snapshot!("calls_80", bench.draw(80, 21));
    insta::assert_snapshot!("calls_120", bench.draw(120, 33));
    bench.press(Key::char('h'));
    insta::assert_snapshot!("satisfaction_80", bench.draw(80, 21));
    insta::assert_snapshot!("satisfaction_120", bench.draw(120, 33));
    bench.press(Key::char('v'));
    insta::assert_snapshot!("agents_80", bench.draw(80, 21));
    insta::assert_snapshot!("agents_120", bench.draw(120, 33));
    bench.press(Key::char('k'));
    bench.answer(None, Snapshot::Audit { rows: audit() });
    insta::assert_snapshot!("audit_80", bench.draw(80, 21));
    insta::assert_snapshot!("audit_120", bench.draw(120, 33));
}
