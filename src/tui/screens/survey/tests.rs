//! Tests of the survey by messages and effects, and snapshots of every state inside the frame, which takes three rows.

use super::*;
use crate::domain::actor::Role;
use crate::domain::department::Department;
use crate::domain::id::{CaseId, MatterId};
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::tui::call::panel::tests::card;
use crate::tui::effect::{Origin, Reply, Ticket};
use crate::tui::fixture::{First, at, ctx, drawn};
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{clashes, missing_texts};
use crate::tui::screen::{AnyScreen, ScreenHost, Taken};
use crate::usecase::command::{Claim, MatterRef, RecordCall, RecordSurvey, SurveyAnswers};
use crate::usecase::model::call::{CallCard, PromiseLine, QueueModel};
use crate::usecase::model::count::{Satisfaction, Score, Share};
use crate::usecase::{Command, Error, Receipt, Snapshot};
use interview::{Answer, Interview};
use std::collections::BTreeMap;

const QUEUE: Query = Query::Queue { purpose: Purpose::Survey };

fn survey_card() -> CallCard {
    CallCard {
        matter: MatterId(43),
        purpose: Purpose::Survey,
        case: Some(CaseId(7)),
        consulted_at: Some(at("2026-12-01T14:00:00")),
        attempt: 1,
        ..card()
    }
}

fn queue() -> QueueModel {
    QueueModel {
        purpose: Purpose::Survey,
        due: 14,
        later: 6,
        leased: 1,
        promised: 1,
        overdue: 0,
        held: BTreeMap::from([("registered_by_you".to_owned(), 3)]),
        closed: 230,
        next_at: None,
        promises: vec![PromiseLine {
            matter: MatterId(47),
            name: "Vũ Minh".to_owned(),
            phone_masked: "0905 *** 870".to_owned(),
            at: at("2026-12-02T10:30:00"),
            owner: None,
            owner_name: None,
        }],
    }
}

fn totals() -> Satisfaction {
    let share = |value, n, low, high| Share { value: Some(value), n, low: Some(low), high: Some(high) };
    Satisfaction {
        csat: share(0.86, 214, 0.81, 0.90),
        nps: Score { value: Some(47.0), n: 210, low: Some(38.0), high: Some(55.0) },
        ces: Score { value: Some(5.64), n: 212, low: Some(5.5), high: Some(5.8) },
        response_rate: Some(0.78),
        by_department: BTreeMap::from([
            (Department::Nhi, share(0.91, 80, 0.84, 0.95)),
            (Department::San, share(1.0, 6, 0.61, 1.0)),
        ]),
    }
}

struct Bench {
    host: ScreenHost<Survey>,
    ctx: Ctx,
    n: u64,
}

impl Bench {
    /// A screen that was opened and has its queue and measures.
    fn opened() -> Self {
        let mut bench =
            Self { host: ScreenHost::new(Origin::Survey, Survey::new()), ctx: ctx(Role::Agent), n: 1 };
        bench.host.open(None, &bench.ctx);
        let snapshots = vec![
            Snapshot::OpenCall { call: None },
            Snapshot::Queue(queue()),
            Snapshot::Satisfaction(totals()),
        ];
        let reply = Reply { ticket: Ticket::of(Origin::Survey, 1), outcome: Ok((None, snapshots)) };
        bench.host.reply(reply, &bench.ctx);
        bench
    }

    /// A screen with an open call.
    fn calling() -> Self {
        let mut bench = Self::opened();
        bench.enter();
        let receipt = Receipt::Claimed {
            matter: MatterId(43),
            phone: "+84904123456".to_owned(),
            name: "Nguyễn Văn Hùng".to_owned(),
            lease_until: at("2026-12-02T09:38:37"),
            attempt: 1,
            dial_until: None,
            case: Some(CaseId(7)),
        };
        let call = Some(Box::new(survey_card()));
        bench.reply(Ok((Some(receipt), Some(Snapshot::OpenCall { call }))));
        bench
    }

    /// The first question is being asked.
    fn asking() -> Self {
        let mut bench = Self::calling();
        bench.type_text("  ");
        bench.enter();
        bench
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        match self.host.key(key, &self.ctx) {
            Taken::Yes(effects) => {
                self.count(&effects);
                effects
            }
            Taken::No => panic!("{key} is unknown"),
        }
    }

    fn count(&mut self, effects: &[Effect]) {
        self.n += effects.iter().filter(|effect| matches!(effect, Effect::Run(_))).count() as u64;
    }

    fn type_text(&mut self, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|c| self.press(Key::char(c))).collect()
    }

    fn enter(&mut self) -> Vec<Effect> {
        self.press(Key::plain(KeyCode::Enter))
    }

    fn reply(&mut self, outcome: First) -> Vec<Effect> {
        self.reply_to(self.n, outcome)
    }

    fn reply_to(&mut self, n: u64, outcome: First) -> Vec<Effect> {
        let outcome = outcome.map(|(receipt, snapshot)| (receipt, snapshot.into_iter().collect()));
        let effects = self.host.reply(Reply { ticket: Ticket::of(Origin::Survey, n), outcome }, &self.ctx);
        self.count(&effects);
        effects
    }

    fn saved(&self, command: Command, then: Query) -> Vec<Effect> {
        vec![Effect::save(Ticket::of(Origin::Survey, self.n), command, [then])]
    }

    fn part(&self) -> &Part {
        self.host.screen.desk.part().expect("a call is open")
    }

    fn at(&self) -> At {
        self.host.screen.interview().expect("the interview has the keys").at
    }

    fn middle(&self) -> &Interview {
        &self.host.screen.desk.call().expect("a call is open").middle
    }

    fn drawn(&self, width: u16, height: u16) -> String {
        drawn(width, height, |frame, area| self.host.view(frame, area, &self.ctx))
    }
}

fn why(key: &'static str) -> Vec<Effect> {
    vec![Effect::Notice(Tone::Warn, Say::key(key))]
}

#[test]
fn opening_the_tab_asks_for_an_open_call_the_queue_and_the_measures() {
    let mut screen = Survey::new();
    let queries = vec![Query::OpenCall {}, QUEUE, Query::Satisfaction {}];
    let wanted = vec![Effect::read(Ticket::of(Origin::Survey, 1), queries)];
    assert_eq!(screen.update(Msg::Opened(None), &ctx(Role::Agent)), wanted);
}

#[test]
fn one_key_takes_the_next_customer() {
    let mut bench = Bench::opened();
    let effects = bench.enter();
    let claim = Command::Claim(Claim { purpose: Purpose::Survey, matter: None });
    assert_eq!(effects, bench.saved(claim, Query::OpenCall {}));
}

#[test]
fn questions_begin_after_the_required_steps() {
    let mut bench = Bench::calling();
    assert_eq!(bench.enter(), why("survey.why.steps_left"));
    bench.type_text("  ");
    bench.enter();
    assert_eq!(bench.at(), At::Question(0));
}

#[test]
fn a_whole_survey_is_answered_by_digits_and_saved_as_given() {
    let mut bench = Bench::asking();
    // Q1 6 of 7, Q2 skipped, Q3–Q5 5, Q6 ten, the handbook arrived, a comment.
    bench.type_text("6s555t1");
    assert_eq!(bench.at(), At::Comment);
    bench.type_text("bacs six taanj tinhf");
    let effects = bench.enter();
    let answers = SurveyAnswers {
        q1: Some(6),
        q2: None,
        q3: Some(5),
        q4: Some(5),
        q5: Some(5),
        q6: Some(10),
        handbook_received: Some(true),
        comment: Some("bác sĩ tận tình".to_owned()),
    };
    let record = RecordSurvey {
        case: CaseId(7),
        answers,
        talk_seconds: Some(83),
        recording_announced: Some(true),
        note: None,
    };
    let then = [QUEUE, Query::Satisfaction {}];
    let wanted = Effect::save(Ticket::of(Origin::Survey, bench.n), Command::RecordSurvey(record), then);
    assert_eq!(effects, [wanted], "one command, one reply");
    assert_eq!(bench.reply(Ok((Some(Receipt::SurveyRecorded {}), Some(Snapshot::Queue(queue()))))), []);
    assert_eq!(bench.host.screen.desk.state(), &State::Ready);
}

#[test]
fn a_score_outside_the_scale_is_not_taken() {
    let mut bench = Bench::asking();
    for key in ['0', '8', '9', 't'] {
        assert_eq!(bench.press(Key::char(key)), why("survey.why.scale"));
    }
    assert_eq!(bench.at(), At::Question(0));
}

#[test]
fn stepping_back_keeps_the_answers_and_lets_them_be_changed() {
    let mut bench = Bench::asking();
    assert_eq!(bench.enter(), why("survey.why.answer_first"));
    bench.type_text("45");
    bench.press(Key::plain(KeyCode::Backspace));
    bench.press(Key::plain(KeyCode::Backspace));
    assert_eq!(bench.at(), At::Question(0));
    bench.press(Key::char('7'));
    assert_eq!(bench.at(), At::Question(1));
    bench.enter();
    assert_eq!(bench.at(), At::Question(2));
    let answers = &bench.middle().answers;
    assert_eq!(answers[..3], [Answer::Given(7), Answer::Given(5), Answer::Open]);
}

#[test]
fn a_customer_who_hangs_up_in_the_middle_is_recorded_so() {
    let mut bench = Bench::asking();
    bench.type_text("45");
    bench.press(Key::plain(KeyCode::Esc));
    assert_eq!(bench.part(), &Part::Script);
    let effects = bench.type_text("e01");
    let record = RecordCall {
        talk_seconds: Some(83),
        recording_announced: Some(true),
        ..RecordCall::new(MatterId(43), Disposition::HungUp)
    };
    assert_eq!(effects, bench.saved(Command::RecordCall(record), QUEUE));
}

#[test]
fn scores_typed_before_the_questions_began_record_nothing() {
    let mut bench = Bench::calling();
    for digit in '0'..='9' {
        assert_eq!(bench.press(Key::char(digit)), why("calls.why.results_first"), "{digit}");
    }
    assert_eq!(bench.part(), &Part::Script);
    let mut ready = Bench::opened();
    assert_eq!(ready.host.key(Key::char('2'), &ready.ctx), Taken::No);
}

#[test]
fn ten_is_typed_as_people_type_it() {
    let mut bench = Bench::asking();
    bench.type_text("6s555");
    assert_eq!(bench.at(), At::Question(5));
    bench.type_text("1");
    assert_eq!(bench.at(), At::Question(5), "a nought may follow");
    bench.type_text("0");
    assert_eq!((bench.at(), bench.middle().answers[5]), (At::Question(6), Answer::Given(10)));
    assert_eq!(bench.middle().answers[6], Answer::Open, "the nought answers nothing else");
}

#[test]
fn a_one_of_ten_waits_for_enter_and_takes_no_other_digit() {
    let mut bench = Bench::asking();
    bench.type_text("6s5551");
    assert!(bench.drawn(80, 20).contains("Enter để nhận"));
    assert_eq!(bench.press(Key::char('5')), why("survey.why.one_or_ten"));
    assert_eq!((bench.at(), bench.middle().answers[5]), (At::Question(5), Answer::Given(1)));
    bench.press(Key::plain(KeyCode::Backspace));
    assert_eq!((bench.at(), bench.middle().answers[5]), (At::Question(5), Answer::Open));
    bench.type_text("1");
    bench.enter();
    assert_eq!((bench.at(), bench.middle().answers[5]), (At::Question(6), Answer::Given(1)));
    // On a scale without a ten a one is a one.
    let mut first = Bench::asking();
    first.type_text("1");
    assert_eq!(first.at(), At::Question(1));
}

#[test]
fn refused_answers_stay_and_the_question_at_fault_comes_back() {
    let mut bench = Bench::asking();
    bench.type_text("6555551");
    bench.enter();
    let refusal = Refusal::AnswerOutOfRange { question: "q6".to_owned(), low: 0, high: 10 };
    let effects = bench.reply(Err(Error::Refused(refusal.clone())));
    assert_eq!(effects, [Effect::failed(&Error::Refused(refusal))]);
    assert_eq!(bench.at(), At::Question(5));
    assert_eq!(bench.middle().answers[0], Answer::Given(6));
}

#[test]
fn a_refused_comment_marks_its_field_and_keeps_the_text() {
    let mut bench = Bench::asking();
    bench.type_text("6555551");
    bench.type_text("toots");
    bench.enter();
    bench.reply(Err(Error::Refused(Refusal::FieldInvalid { field: "comment", reason: "too_long" })));
    let comment = &bench.middle().comment;
    assert!(comment.focused().unwrap().error.is_some());
    assert_eq!(comment.text("comment"), "tốt");
}

#[test]
fn an_unanswered_survey_call_is_recorded_and_can_be_taken_back() {
    let mut bench = Bench::calling();
    bench.type_text("e5");
    let receipt = Receipt::Recorded {
        state: crate::domain::contact::MatterState::Waiting,
        next_at: Some(at("2026-12-02T15:00:00")),
        late: false,
        note_only: false,
    };
    bench.reply(Ok((Some(receipt), Some(Snapshot::Queue(queue())))));
    let effects = bench.press(Key::char('u'));
    let undo = Command::UndoCall(MatterRef { matter: MatterId(43) });
    assert_eq!(effects, bench.saved(undo, Query::OpenCall {}));
    let receipt = Receipt::CallUndone { lease_until: at("2026-12-02T09:41:00") };
    let call = Some(Box::new(survey_card()));
    bench.reply(Ok((Some(receipt), Some(Snapshot::OpenCall { call }))));
    assert_eq!(bench.part(), &Part::Script);
}

#[test]
fn never_call_again_asks_once() {
    let mut bench = Bench::calling();
    let effects = bench.type_text("e9");
    assert!(matches!(&effects[..], [Effect::Ask(question)] if question.id == OPT_OUT));
    let effects = bench.host.answered(OPT_OUT, true, &bench.ctx);
    let [Effect::Run(job)] = &effects[..] else { panic!("a job") };
    assert!(matches!(&job.command, Some(Command::RecordCall(r)) if r.disposition == Disposition::DoNotCall));
}

#[test]
fn a_colleague_must_ask_whom_the_agent_registered() {
    let mut bench = Bench::opened();
    bench.press(Key::char('h'));
    let effects = bench.reply(Err(Error::Refused(Refusal::RegisteredByYou)));
    let load = Effect::load(Ticket::of(Origin::Survey, bench.n), QUEUE);
    assert_eq!(effects, [Effect::failed(&Error::Refused(Refusal::RegisteredByYou)), load]);
}

#[test]
fn the_answers_of_others_are_never_shown_during_an_interview() {
    let ready = Bench::opened();
    assert!(ready.drawn(120, 32).contains("86 %"));
    let mut bench = Bench::asking();
    for text in [Bench::calling().drawn(120, 32), bench.drawn(120, 32)] {
        assert!(!text.contains('%'), "{text}");
    }
    assert_eq!(bench.host.changed(Topics::QUEUE.with(Topics::SURVEYS), &bench.ctx), []);
    bench.type_text("6555551");
    assert!(!bench.drawn(120, 32).contains('%'));
}

#[test]
fn a_small_count_is_marked_as_small() {
    let text = Bench::opened().drawn(120, 32);
    let line = text.lines().find(|line| line.contains("n = 6")).expect("the department's line");
    assert!(line.contains("n quá nhỏ"), "{line}");
    let line = text.lines().find(|line| line.contains("n = 214")).expect("the line of CSAT");
    assert!(!line.contains("n quá nhỏ"), "{line}");
}

#[test]
fn every_score_of_a_scale_is_on_screen_also_on_the_smallest() {
    let mut bench = Bench::asking();
    bench.type_text("6s555");
    let text = bench.drawn(80, 20);
    assert!(text.lines().any(|line| line.contains(" 0  1  2  3  4  5  6  7  8  9  T")), "{text}");
}

#[test]
fn the_lease_is_prolonged_during_the_questions() {
    let mut bench = Bench::asking();
    bench.ctx.now = at("2026-12-02T09:35:00");
    let effects = bench.host.tick(&bench.ctx);
    bench.count(&effects);
    let renew = Command::RenewLease(MatterRef { matter: MatterId(43) });
    assert_eq!(effects, [Effect::save(Ticket::of(Origin::Survey, bench.n), renew, None)]);
}

#[test]
fn keys_do_not_clash_and_have_their_words() {
    let rows = ScreenHost::new(Origin::Survey, Survey::new()).all_rows();
    assert_eq!(clashes(&rows), Vec::<String>::new());
    for lang in [Lang::Vi, Lang::En] {
        assert_eq!(missing_texts(&rows, lang), Vec::<String>::new());
    }
}

#[test]
fn every_result_of_the_menu_has_its_digit() {
    use crate::tui::call::results::{ResultRow, result_keys};
    for row in [ResultRow::First, ResultRow::Other] {
        for key in result_keys(Purpose::Survey, row) {
            let Some(disposition) = key.disposition else { continue };
            let mut bench = Bench::calling();
            bench.type_text(if row == ResultRow::First { "e" } else { "e0" });
            assert_eq!(bench.host.screen.desk.meant(key.cap, false), Some(disposition));
        }
    }
}

#[test]
fn every_state_at_the_design_size_and_at_the_smallest() {
    let mut states =
        vec![("ready", Bench::opened()), ("calling", Bench::calling()), ("asking", Bench::asking())];
    let mut bench = Bench::asking();
    bench.type_text("6s555");
    states.push(("asking_nps", bench));
    let mut bench = Bench::asking();
    bench.type_text("6s555t1");
    bench.type_text("bacs six taanj tinhf");
    states.push(("comment", bench));
    let mut bench = Bench::calling();
    bench.type_text("e");
    states.push(("results", bench));
    for (name, bench) in &states {
        insta::assert_snapshot!(format!("{name}_120x36"), bench.drawn(120, 33));
        insta::assert_snapshot!(format!("{name}_80x24"), bench.drawn(80, 21));
    }
    let mut english = Bench::opened();
    english.ctx.lang = Lang::En;
    insta::assert_snapshot!("ready_in_english_120x36", english.drawn(120, 33));
}

#[test]
fn no_size_makes_drawing_fail() {
    for (width, height) in [(1, 1), (20, 5), (40, 10), (200, 60)] {
        let mut comment = Bench::asking();
        comment.type_text("6555551");
        for bench in [Bench::opened(), Bench::calling(), Bench::asking(), comment] {
            bench.drawn(width, height);
        }
    }
}
