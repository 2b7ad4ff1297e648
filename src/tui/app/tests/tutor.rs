//! Stories of the lessons, done on the real screens with the store that `tongdai tutor` opens.

use super::*;
use crate::demo;
use crate::tui::app::lessons::{Goal, LESSONS, Lesson, course};
use crate::tui::keys::KeyRow;
use crate::tui::screens;
use crate::usecase::{Door, Request, When};
use std::collections::BTreeSet;

const ESC: Key = Key::plain(KeyCode::Esc);
const F8: Key = Key::f(8);
/// The roles that have lessons.
const ROLES: [Role; 7] = [
    Role::Agent,
    Role::FanpageAdmin,
    Role::Supervisor,
    Role::Intake,
    Role::Doctor,
    Role::VinmecLead,
    Role::Auditor,
];

/// A person at the lessons.
struct Pupil {
    app: App,
    door: Door,
    now: Timestamp,
}

impl Pupil {
    fn new(role: Role, size: (u16, u16), lang: Lang) -> Self {
        let door = demo::lessons(None).unwrap();
        let now = demo::opens_at(demo::lesson_day());
        let ctx = Ctx {
            actor: door.actor(&demo::pupil(role).unwrap()).unwrap(),
            campaign: door.campaign(),
            lang,
            now,
            ..fixture::ctx(role)
        };
        let mut pupil = Self { app: App::new(ctx, size, screens::all), door, now };
        pupil.app.teach();
        let effects = pupil.app.start();
        pupil.settle(effects);
        pupil
    }

    /// Does what the session would do.
    fn settle(&mut self, effects: Vec<Effect>) {
        let mut waiting: VecDeque<Effect> = effects.into();
        let staff = self.app.ctx.actor.staff.clone();
        while let Some(effect) = waiting.pop_front() {
            let Effect::Run(job) = effect else { continue };
            let Job { ticket, command, then } = *job;
            let request =
                |command| Request { op: None, staff: staff.clone(), when: When::Now(self.now), command };
            let receipt = command.map(|command| self.door.execute(request(command))).transpose();
            let outcome = receipt.and_then(|receipt| {
                let snapshots = then.into_iter().map(|query| self.door.query(&staff, self.now, query));
                Ok((receipt, snapshots.collect::<Result<_, _>>()?))
            });
            waiting.extend(self.app.reply(Reply { ticket, outcome }));
        }
    }

    fn press(&mut self, key: Key) -> &mut Self {
        let effects = self.app.input(Input::Key(key));
        self.settle(effects);
        self.app.shown();
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.press(Key::char(letter));
        }
        self
    }

    /// Presses the key of a row that works now.
    fn does(&mut self, id: &str) -> &mut Self {
        assert!(self.works(id), "{id} does not work:\n{}", draw(&self.app));
        let rows = every_row();
        let row = rows.iter().find(|row| row.id == id).unwrap();
        self.press(row.keys[0])
    }

    fn works(&self, id: &str) -> bool {
        self.app.live().iter().any(|live| live.id == id)
    }

    /// Presses the key of `id` until `goal` works.
    fn until(&mut self, goal: &str, id: &str) -> &mut Self {
        for _ in 0..12 {
            if self.works(goal) {
                return self;
            }
            self.does(id);
        }
        panic!("{goal} never works:\n{}", draw(&self.app));
    }

    /// The first row of the strip.
    fn title(&self) -> String {
        self.app.lesson_lines(80).first().map(ToString::to_string).unwrap_or_default()
    }

    /// Checks that this lesson is done, and only this one.
    fn has_done(&mut self, number: usize) -> &mut Self {
        let title = self.title();
        assert!(title.starts_with(&format!(" ✓ Bài {number}/6")), "{number}: {title}\n{}", draw(&self.app));
        self
    }
}

/// Every row of the frame and of the real screens.
fn every_row() -> Vec<KeyRow> {
    let tables = all_rows(&ctx(Role::Supervisor), screens::all);
    tables.into_iter().flat_map(|(_, rows)| rows).collect()
}

fn pupil(role: Role) -> Pupil {
    Pupil::new(role, (80, 24), Lang::Vi)
}

fn help(pupil: &mut Pupil) -> &mut Pupil {
    pupil.does("frame.help").does("window.close").has_done(1)
}

fn palette(pupil: &mut Pupil) {
    pupil.does("frame.palette").types("goij").does("window.close").has_done(6);
    let over = pupil.does("frame.seen").title();
    assert!(over.contains("hết sáu bài"), "{over}");
    pupil.does("frame.seen");
    assert_eq!(pupil.title(), "", "the strip is put away");
}

#[test]
fn an_agent_can_do_every_lesson() {
    let mut agent = pupil(Role::Agent);
    help(&mut agent).does("call.fetch").does("call.digit_5").has_done(2);
    agent.does("call.undo").has_done(3);
    agent
        .until("call.digit_1", "call.tick")
        .does("call.digit_1")
        .does("calls.consent_1")
        .does("calls.register");
    agent.has_done(4).does("frame.register").types("nguyeenx").does("reg.open").has_done(5);
    agent.does("frame.calls").does("call.fetch").does("call.digit_3").types("+2h").does("call.save_detail");
    agent.has_done(6);
}

#[test]
fn an_undo_that_is_too_late_can_be_done_with_another_call() {
    let mut agent = pupil(Role::Agent);
    help(&mut agent).does("call.fetch").does("call.digit_5").has_done(2);
    agent.now = agent.now.plus_minutes(5);
    let now = agent.now;
    let effects = agent.app.input(Input::Tick(now));
    agent.settle(effects);
    assert!(!agent.works("call.undo"), "{}", draw(&agent.app));
    agent.does("call.fetch").does("call.digit_5").does("call.undo").has_done(3);
}

#[test]
fn a_fanpage_admin_can_do_every_lesson() {
    let mut admin = pupil(Role::FanpageAdmin);
    help(&mut admin).does("frame.overview").does("frame.register").has_done(2);
    admin.does("reg.show_leads").does("reg.lead_add").types("Hoa").does("form.next").types("fb:1");
    admin.does("reg.popup_save").has_done(3);
    admin.does("reg.lead_next").types("0901234567").does("reg.popup_save");
    admin.has_done(4).does("reg.show_search").types("nguyeenx").does("reg.open").has_done(5);
    palette(&mut admin);
}

#[test]
fn a_supervisor_can_do_every_lesson() {
    let mut supervisor = pupil(Role::Supervisor);
    help(&mut supervisor).does("frame.overview").does("frame.calls").has_done(2);
    supervisor.does("frame.overview").does("over.staff").does("over.board").has_done(3);
    supervisor.does("frame.register").types("nguyeenx").does("reg.open").has_done(4);
    supervisor.does("reg.show_batches").does("reg.hand_over");
    says_yes(&mut supervisor).has_done(5);
    palette(&mut supervisor);
}

/// Answers the question that is shown with yes.
fn says_yes(pupil: &mut Pupil) -> &mut Pupil {
    if let Some(Modal::Ask { yes, .. }) = pupil.app.modals.last()
        && !yes
    {
        pupil.does("window.other");
    }
    if pupil.app.modals.is_empty() { pupil } else { pupil.does("window.accept") }
}

#[test]
fn an_intake_nurse_can_do_every_lesson() {
    let mut nurse = pupil(Role::Intake);
    help(&mut nurse).does("schedule.batches").does("schedule.main").does("schedule.accept");
    says_yes(&mut nurse).has_done(2);
    nurse.does("schedule.desk").does("schedule.main").has_done(3);
    nurse.until("field.left", "schedule.next").types("ddau daj dayf");
    nurse.until("schedule.all_no", "schedule.next").does("schedule.all_no");
    says_yes(&mut nurse);
    nurse.until("schedule.slot_1", "schedule.next").has_done(4);
    nurse.does("schedule.slot_1").does("schedule.main").has_done(5);
    palette(&mut nurse);
}

#[test]
fn a_doctor_can_do_every_lesson() {
    let mut doctor = pupil(Role::Doctor);
    help(&mut doctor).does("frame.help").types("phims").does("window.close").has_done(2);
    doctor.does("schedule.start");
    says_yes(&mut doctor).has_done(3);
    doctor.does("schedule.result");
    doctor.until("field.left", "form.next");
    while doctor.app.open_screen().and_then(AnyScreen::field).is_none_or(|field| field.kind() != Kind::Note) {
        doctor.does("form.next");
    }
    doctor.types("ddax tuw vaans").does("schedule.main");
    says_yes(&mut doctor).has_done(4);
    doctor.does("frame.overview").does("frame.schedule").has_done(5);
    palette(&mut doctor);
}

#[test]
fn a_head_of_vinmec_can_do_every_lesson() {
    let mut lead = pupil(Role::VinmecLead);
    help(&mut lead).does("frame.overview").does("frame.schedule").has_done(2);
    lead.does("schedule.batches").does("schedule.main").does("schedule.accept");
    says_yes(&mut lead).has_done(3);
    lead.does("frame.help").types("phims").does("window.close").has_done(4);
    lead.does("frame.overview").does("over.staff").does("over.board").has_done(5);
    palette(&mut lead);
}

#[test]
fn an_auditor_can_do_every_lesson() {
    let mut auditor = pupil(Role::Auditor);
    help(&mut auditor).does("frame.help").types("phims").does("window.close").has_done(2);
    auditor.does("over.calls").does("over.agents").has_done(3);
    auditor.does("over.audit").does("over.board").has_done(4);
    auditor.does("frame.language").does("frame.language").has_done(5);
    palette(&mut auditor);
}

#[test]
fn every_lesson_can_be_skipped_and_the_strip_closed() {
    let mut agent = pupil(Role::Agent);
    for number in 1..=LESSONS {
        assert!(agent.title().contains(&format!("Bài {number}/6")), "{}", agent.title());
        agent.press(F8);
    }
    agent.press(F8);
    assert_eq!(agent.title(), "");
    agent.press(F8);
    assert!(draw(&agent.app).contains("⚠"), "the key says that there is nothing to put away");
}

#[test]
fn a_step_waits_for_its_own_act_and_never_takes_a_key() {
    let mut agent = pupil(Role::Agent);
    agent.does("call.fetch").does("call.digit_5");
    assert!(agent.title().contains("● Bài 1/6"), "a call does not open the help: {}", agent.title());
    agent.does("frame.help").press(ESC).has_done(1);
    // The act after a lesson is done as ever, and begins the next one.
    agent.does("call.fetch");
    assert!(agent.app.call_open() && agent.title().contains("● Bài 2/6"), "{}", draw(&agent.app));
}

#[test]
fn without_lessons_there_is_no_strip_and_no_key_for_one() {
    let mut app = app(Role::Agent, (80, 24), screens);
    assert!(app.lesson_lines(80).is_empty() && app.body((80, 24)).y == 1);
    press(&mut app, F8);
    assert!(draw(&app).contains("⚠"));
}

#[test]
fn a_message_to_everybody_stands_above_the_lesson_and_is_dismissed_first() {
    let mut agent = pupil(Role::Agent);
    agent.app.tell("Hà".to_owned(), agent.now, "Nghỉ trưa sớm".to_owned());
    let drawn = draw(&agent.app);
    let rows: Vec<&str> = drawn.lines().collect();
    assert!(rows[1].contains("Nghỉ trưa sớm") && rows[2].contains("Bài 1/6"), "{drawn}");
    agent.press(F8);
    assert!(draw(&agent.app).lines().nth(1).is_some_and(|row| row.contains("Bài 1/6")));
}

#[test]
fn another_person_gets_the_lessons_of_their_role() {
    let mut agent = pupil(Role::Agent);
    agent.press(F8);
    let nurse = agent.door.actor(&demo::pupil(Role::Intake).unwrap()).unwrap();
    let effects = agent.app.become_actor(nurse);
    agent.settle(effects);
    assert!(agent.title().contains("Bài 1/6"));
}

#[test]
fn the_first_lesson_at_the_smallest_size() {
    insta::assert_snapshot!(draw(&pupil(Role::Agent).app));
}

#[test]
fn the_first_lesson_at_the_design_size() {
    insta::assert_snapshot!(draw(&Pupil::new(Role::Agent, (120, 36), Lang::En).app));
}

/// Every lesson with its role.
fn lessons() -> impl Iterator<Item = (Role, &'static Lesson)> {
    ROLES.into_iter().flat_map(|role| course(role).into_iter().map(move |lesson| (role, lesson)))
}

/// Every text of a lesson.
fn texts(lesson: &Lesson, lang: Lang) -> Vec<String> {
    let names = lesson.steps.iter().map(|step| step.id).chain(["title", "done"]);
    names.map(|name| crate::tui::say::word(&format!("tutor.{}.{name}", lesson.id), lang)).collect()
}

/// The row ids that a text names.
fn named(text: &str) -> Vec<&str> {
    text.split("%{").skip(1).map(|rest| rest.split('}').next().unwrap_or_default()).collect()
}

/// The words of a text that are the name of a key longer than one letter, or a single capital letter or digit.
fn written_keys<'t>(text: &'t str, rows: &[KeyRow]) -> Vec<&'t str> {
    let caps: BTreeSet<String> = rows.iter().flat_map(|row| row.keys).map(ToString::to_string).collect();
    // Ids are no words of the text.
    let words = text.split("%{").enumerate().flat_map(|(at, part)| {
        let part = if at == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) };
        part.split_whitespace()
    });
    words
        .map(|word| word.trim_matches(|c| ",.:;()“”".contains(c)))
        .filter(|word| caps.contains(*word))
        .collect()
}

#[test]
fn lessons_name_keys_by_rows_that_exist_and_write_none_by_hand() {
    let rows = every_row();
    let known = |id: &str| rows.iter().any(|row| row.id == id);
    for (role, lesson) in lessons() {
        for step in lesson.steps {
            if let Goal::Works(id) | Goal::Does(id) = step.goal {
                assert!(known(id), "{id} of {} of {role:?}", lesson.id);
            }
        }
        for lang in [Lang::Vi, Lang::En] {
            for text in texts(lesson, lang) {
                assert!(!text.contains("tutor."), "{text}");
                assert_eq!(named(&text).into_iter().find(|id| !known(id)), None, "{text}");
                let mut written = written_keys(&text, &rows);
                // The English article.
                written.retain(|key| lang == Lang::Vi || *key != "A");
                assert_eq!(written, Vec::<&str>::new(), "{text}");
            }
        }
    }
    assert!(!known("call.fetched"), "the control");
    assert_eq!(
        written_keys("Bấm F1, Ctrl-P hoặc U (%{call.undo}) rồi Enter.", &rows),
        ["F1", "Ctrl-P", "U", "Enter"]
    );
}

#[test]
fn every_text_fits_into_the_strip_at_the_smallest_size() {
    for role in ROLES {
        let mut app = App::new(ctx(role), (80, 24), screens::all);
        app.teach();
        for lang in [Lang::Vi, Lang::En] {
            app.ctx.lang = lang;
            let over = crate::tui::say::word("tutor.over.text", lang);
            for text in course(role).into_iter().flat_map(|lesson| texts(lesson, lang)).chain([over]) {
                assert!(app.text_lines(&text, 80).len() <= 3, "{text}");
            }
        }
    }
}

#[test]
fn the_strip_covers_neither_the_screen_nor_notices_nor_keys_nor_status() {
    for size in [(80, 24), (120, 36)] {
        let mut agent = Pupil::new(Role::Agent, size, Lang::Vi);
        agent
            .does("frame.help")
            .does("window.close")
            .does("call.fetch")
            .does("call.digit_5")
            .does("call.undo");
        let drawn = draw(&agent.app);
        let rows: Vec<&str> = drawn.lines().collect();
        let strip = agent.app.lesson_lines(size.0).len();
        let body = agent.app.body(size);
        assert_eq!(usize::from(body.y), 1 + strip);
        assert!(rows[1].contains("Bài 3/6") && rows[usize::from(body.y)].starts_with('╭'), "{drawn}");
        let last = usize::from(size.1) - 1;
        assert!(rows[last].contains("MÔ PHỎNG") && rows[last - 1].contains("Ctrl-P"), "{drawn}");
        assert!(rows[last - 2].contains('✓') && rows[last - 3].starts_with('╰'), "{drawn}");
    }
}
