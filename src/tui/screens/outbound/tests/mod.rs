//! Messages in, effects out.

mod looks;
mod middle;
mod others;

use super::*;
use crate::domain::actor::Role;
use crate::domain::id::RegistrationId;
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::tui::call::panel::tests::card;
use crate::tui::effect::{Origin, Question, Reply, Ticket};
use crate::tui::fixture::{First, at, ctx, drawn};
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{clashes, missing_texts};
use crate::tui::screen::{AnyScreen, ScreenHost, Taken};
use crate::usecase::command::{
    CallbackFor, Channel, Claim, MatterRef, Nothing, Pause, PauseCode, RecordCall, Register,
};
use crate::usecase::fixture::form;
use crate::usecase::model::call::{CallCard, PromiseLine, QueueModel};
use crate::usecase::model::count::{QuotaModel, StatusLine};
use crate::usecase::{Command, Error, Receipt, Snapshot};
use std::collections::BTreeMap;

const QUEUE: Query = Query::Queue { purpose: Purpose::Offer };

fn agent() -> Ctx {
    ctx(Role::Agent)
}

fn queue() -> QueueModel {
    let promise = |matter, name: &str, phone: &str, when: &str, owner: Option<&str>| PromiseLine {
        matter: MatterId(matter),
        name: name.to_owned(),
        phone_masked: phone.to_owned(),
        at: at(when),
        owner: owner.map(|_| "lan".to_owned()),
        owner_name: owner.map(ToOwned::to_owned),
    };
    QueueModel {
        purpose: Purpose::Offer,
        due: 1204,
        later: 320,
        leased: 4,
        promised: 3,
        overdue: 1,
        held: BTreeMap::from([("called_within_24h".to_owned(), 41), ("do_not_call".to_owned(), 7)]),
        closed: 512,
        next_at: None,
        promises: vec![
            promise(81, "Đỗ Thị Ánh", "0936 *** 112", "2026-12-02T09:10:00", Some("Nguyễn Thị Lan")),
            promise(85, "Vũ Minh", "0905 *** 870", "2026-12-02T10:30:00", Some("Nguyễn Thị Lan")),
            promise(89, "Lê Hoà", "0772 *** 458", "2026-12-03T08:00:00", None),
        ],
    }
}

struct Bench {
    host: ScreenHost<Outbound>,
    ctx: Ctx,
    n: u64,
}

impl Bench {
    /// A screen that was opened and has its queue.
    fn opened() -> Self {
        let mut bench = Self { host: ScreenHost::new(Origin::Calls, Outbound::new()), ctx: agent(), n: 1 };
        bench.host.open(None, &bench.ctx);
        bench.bring(vec![Snapshot::OpenCall { call: None }, Snapshot::Queue(queue())]);
        bench
    }

    /// A screen with an open call.
    fn calling() -> Self {
        let mut bench = Self::opened();
        bench.press(Key::plain(KeyCode::Enter));
        bench.reply(Ok((Some(claimed()), Some(Snapshot::OpenCall { call: Some(Box::new(card())) }))));
        bench
    }

    /// The same with every box of the script ticked and the form open.
    fn registering() -> Self {
        let mut bench = Self::calling();
        bench.type_text("   1");
        bench
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        match self.host.key(key, &self.ctx) {
            Taken::Yes(effects) => {
                self.n += effects.iter().filter(|effect| matches!(effect, Effect::Run(_))).count() as u64;
                effects
            }
            Taken::No => panic!("{key} is unknown"),
        }
    }

    fn type_text(&mut self, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|c| self.press(Key::char(c))).collect()
    }

    fn enter(&mut self) -> Vec<Effect> {
        self.press(Key::plain(KeyCode::Enter))
    }

    /// Answers the latest ticket.
    fn reply(&mut self, outcome: First) -> Vec<Effect> {
        self.reply_to(self.n, outcome)
    }

    fn reply_to(&mut self, n: u64, outcome: First) -> Vec<Effect> {
        let outcome = outcome.map(|(receipt, snapshot)| (receipt, snapshot.into_iter().collect()));
        let effects = self.host.reply(Reply { ticket: Ticket::of(Origin::Calls, n), outcome }, &self.ctx);
        self.n += effects.iter().filter(|effect| matches!(effect, Effect::Run(_))).count() as u64;
        effects
    }

    /// Answers the first load, which reads everything.
    fn bring(&mut self, snapshots: Vec<Snapshot>) -> Vec<Effect> {
        let reply = Reply { ticket: Ticket::of(Origin::Calls, 1), outcome: Ok((None, snapshots)) };
        self.host.reply(reply, &self.ctx)
    }

    fn saved(&self, command: Command, then: Query) -> Vec<Effect> {
        vec![Effect::save(Ticket::of(Origin::Calls, self.n), command, [then])]
    }

    fn part(&self) -> &Part {
        self.host.screen.desk.part().expect("a call is open")
    }

    fn form(&self) -> &Registering {
        self.host.screen.registering().expect("the form is open")
    }

    fn drawn(&self, width: u16, height: u16) -> String {
        drawn(width, height, |frame, area| self.host.view(frame, area, &self.ctx))
    }
}

fn claimed() -> Receipt {
    Receipt::Claimed {
        matter: MatterId(41),
        phone: "+84904123456".to_owned(),
        name: "Nguyễn Văn Hùng".to_owned(),
        lease_until: at("2026-12-02T09:38:37"),
        attempt: 2,
        dial_until: None,
        case: None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "an outcome as the door gives it")]
fn done(receipt: Receipt) -> First {
    Ok((Some(receipt), Some(Snapshot::Queue(queue()))))
}

fn recorded() -> Receipt {
    Receipt::Recorded {
        state: crate::domain::contact::MatterState::Waiting,
        next_at: Some(at("2026-12-03T14:00:00")),
        late: false,
        note_only: false,
    }
}

fn record(disposition: Disposition) -> RecordCall {
    RecordCall::new(MatterId(41), disposition)
}

fn refused(refusal: Refusal) -> First {
    Err(Error::Refused(refusal))
}

#[test]
fn opening_the_tab_asks_for_an_open_call_the_queue_and_the_pause() {
    let mut screen = Outbound::new();
    let queries = vec![Query::OpenCall {}, QUEUE, Query::Status {}];
    let wanted = vec![Effect::read(Ticket::of(Origin::Calls, 1), queries)];
    assert_eq!(screen.update(Msg::Opened(None), &agent()), wanted);
}

#[test]
fn an_open_call_goes_on_after_a_lost_connection() {
    let mut bench = Bench { host: ScreenHost::new(Origin::Calls, Outbound::new()), ctx: agent(), n: 1 };
    bench.host.open(None, &bench.ctx);
    let effects = bench.reply_to(1, Ok((None, Some(Snapshot::OpenCall { call: Some(Box::new(card())) }))));
    let sentence = Say::key("calls.resumed").with("name", "Nguyễn Văn Hùng");
    assert_eq!(effects, [Effect::Notice(Tone::Info, sentence)]);
    assert_eq!(bench.part(), &Part::Script);
    assert!(bench.host.call_open());
}

#[test]
fn a_whole_unanswered_call_costs_two_keystrokes() {
    let mut bench = Bench::opened();
    let effects = bench.enter();
    let claim = Command::Claim(Claim { purpose: Purpose::Offer, matter: None });
    assert_eq!(effects, bench.saved(claim.clone(), Query::OpenCall {}));
    // The second key is typed before the customer is on screen; it is played on what the agent sees then.
    assert_eq!(bench.press(Key::char('5')), []);
    bench.reply(Ok((Some(claimed()), Some(Snapshot::OpenCall { call: Some(Box::new(card())) }))));
    let held = bench.host.next_held().expect("the digit was held");
    let effects = bench.press(held);
    assert_eq!(effects, bench.saved(Command::RecordCall(record(Disposition::NoAnswer)), QUEUE));
    assert_eq!(bench.reply(done(recorded())), []);
    let effects = bench.enter();
    assert_eq!(effects, bench.saved(claim, Query::OpenCall {}));
}

#[test]
fn agreed_says_why_it_waits_and_then_opens_the_form_filled_in() {
    let mut bench = Bench::calling();
    let why = Effect::Notice(Tone::Warn, Say::key("calls.why.steps_left"));
    assert_eq!(bench.press(Key::char('1')), [why]);
    bench.type_text("   1");
    let form = bench.form();
    assert_eq!(form.form.text("name"), "Nguyễn Văn Hùng");
    for purpose in ["register", "handbook", "survey", "marketing"] {
        assert!(!form.form.ticked(purpose), "{purpose} is ticked beforehand");
    }
}

#[test]
fn an_agreed_call_costs_at_most_twelve_keystrokes() {
    let mut bench = Bench::opened();
    let mut keys = 1;
    bench.enter();
    bench.reply(Ok((Some(claimed()), Some(Snapshot::OpenCall { call: Some(Box::new(card())) }))));
    for c in "   11234".chars() {
        bench.press(Key::char(c));
        keys += 1;
    }
    let effects = bench.enter();
    keys += 1;
    assert!(keys <= 12, "{keys}");
    let register = Register {
        matter: Some(MatterId(41)),
        talk_seconds: Some(83),
        recording_announced: Some(true),
        ..form("+84904123456", Channel::Outbound9090)
    };
    assert_eq!(effects, bench.saved(Command::Register(register), QUEUE));
    let receipt = Receipt::Registered { registration: RegistrationId(313), seat: 313 };
    bench.reply(done(receipt));
    assert_eq!(bench.host.screen.desk.state(), &State::Ready);
    assert!(bench.drawn(120, 32).contains("suất 313"));
}

#[test]
fn silence_is_not_consent_and_the_form_says_so() {
    let mut bench = Bench::registering();
    assert_eq!(bench.enter(), []);
    let form = bench.form();
    let item = form.form.focused().unwrap();
    assert_eq!((item.id, &item.error), ("register", &Some(Say::from(Refusal::ConsentMissing))));
}

#[test]
fn a_refused_registration_keeps_the_form_and_says_the_rule() {
    let mut bench = Bench::registering();
    bench.type_text("12");
    bench.enter();
    let refusal = Refusal::QuotaFull { quota: 500 };
    let effects = bench.reply(refused(refusal.clone()));
    assert_eq!(effects, [Effect::failed(&Error::Refused(refusal))]);
    let form = bench.form();
    assert!(form.form.ticked("register") && form.form.ticked("handbook"));
}

#[test]
fn a_patient_who_is_not_the_customer_brings_their_own_fields() {
    let mut bench = Bench::registering();
    bench.type_text("1");
    for _ in 0..6 {
        bench.press(Key::plain(KeyCode::Tab));
    }
    bench.press(Key::char(' '));
    bench.enter();
    let form = bench.form();
    assert_eq!(form.form.focused().unwrap().id, "birth_year");
    bench.type_text("2019");
    bench.press(Key::plain(KeyCode::Tab));
    bench.type_text("Lee Mai");
    assert_eq!(bench.enter(), []);
    let form = bench.form();
    let wrong: Vec<_> = form.form.items().iter().filter(|item| item.error.is_some()).collect();
    assert_eq!(wrong.iter().map(|item| item.id).collect::<Vec<_>>(), ["representative", "relation"]);
    assert_eq!(form.form.focused().unwrap().id, "representative");
    assert_eq!(form.form.text("patient"), "Lê Mai");
}

#[test]
fn a_callback_is_recorded_with_its_time() {
    let mut bench = Bench::calling();
    bench.press(Key::char('3'));
    bench.type_text("mai 9:00");
    let effects = bench.enter();
    let wanted = RecordCall {
        callback_at: Some(at("2026-12-03T09:00:00")),
        callback_for: Some(CallbackFor::Anyone),
        talk_seconds: Some(83),
        recording_announced: Some(false),
        ..record(Disposition::Callback)
    };
    assert_eq!(effects, bench.saved(Command::RecordCall(wanted), QUEUE));
}

#[test]
fn a_callback_that_the_door_refuses_keeps_its_form() {
    let mut bench = Bench::calling();
    bench.press(Key::char('3'));
    bench.type_text("+2h");
    bench.enter();
    bench.reply(refused(Refusal::CallbackTimeMissing));
    let Part::Detail(detail) = bench.part() else { panic!("the form is open") };
    assert_eq!(detail.form.text("callback_at"), "+2h");
    assert!(detail.form.focused().unwrap().error.is_some());
}

#[test]
fn the_note_goes_with_whichever_ending() {
    let mut bench = Bench::calling();
    bench.press(Key::char('n'));
    bench.type_text("hen buooir chieeuf");
    bench.enter();
    assert_eq!(bench.part(), &Part::Script);
    let effects = bench.press(Key::char('6'));
    let note = Some("hen buổi chiều".to_owned());
    let Effect::Run(job) = &effects[0] else { panic!("a job") };
    let Some(Command::RecordCall(sent)) = &job.command else { panic!("a record") };
    assert_eq!((sent.disposition, &sent.note), (Disposition::Busy, &note));
}

#[test]
fn never_call_again_asks_once() {
    let mut bench = Bench::calling();
    let effects = bench.press(Key::char('9'));
    let question = Question {
        id: OPT_OUT,
        text: Say::key("call.ask_opt_out").with("name", "Nguyễn Văn Hùng"),
        detail: Some(Say::key("call.ask_opt_out_detail")),
        tone: Tone::Danger,
        on_esc: None,
    };
    assert_eq!(effects, [Effect::Ask(Box::new(question))]);
    assert_eq!(bench.host.answered(OPT_OUT, false, &bench.ctx), []);
    let effects = bench.host.answered(OPT_OUT, true, &bench.ctx);
    bench.n += 1;
    let wanted = RecordCall {
        talk_seconds: Some(83),
        recording_announced: Some(false),
        ..record(Disposition::DoNotCall)
    };
    assert_eq!(effects, bench.saved(Command::RecordCall(wanted), QUEUE));
    bench.reply(done(recorded()));
    let why = Effect::Notice(Tone::Warn, Say::key("calls.why.nothing_to_undo"));
    assert_eq!(bench.press(Key::char('u')), [why]);
}

#[test]
fn all_sixteen_results_have_a_digit_and_no_digit_records_another() {
    use crate::tui::call::results::{ResultRow, result_keys};
    for row in [ResultRow::First, ResultRow::Other] {
        for key in result_keys(Purpose::Offer, row) {
            let Some(disposition) = key.disposition else { continue };
            let mut bench = Bench::calling();
            if row == ResultRow::Other {
                bench.press(Key::char('0'));
            }
            assert_eq!(bench.host.screen.desk.meant(key.cap, true), Some(disposition));
            let named = bench.host.rows(&bench.ctx).into_iter().find(|row| row.keys == [Key::char(key.cap)]);
            assert_eq!(named.map(|row| row.name), Some(crate::tui::call::keys::result_name(disposition)));
        }
    }
}

#[test]
fn an_ending_behind_zero_costs_one_more_key() {
    let mut bench = Bench::calling();
    bench.press(Key::char('0'));
    assert_eq!(bench.press(Key::char('7')), Vec::new(), "a complaint asks what it is about");
    let effects = bench.press(Key::plain(KeyCode::Enter));
    let wanted = RecordCall {
        talk_seconds: Some(83),
        recording_announced: Some(false),
        ..record(Disposition::Complaint)
    };
    assert_eq!(effects, bench.saved(Command::RecordCall(wanted), QUEUE));
}

#[test]
fn an_ending_can_be_taken_back_for_two_minutes_and_keeps_the_ticks() {
    let mut bench = Bench::calling();
    bench.type_text("  5");
    bench.reply(done(recorded()));
    let effects = bench.press(Key::char('u'));
    let undo = Command::UndoCall(MatterRef { matter: MatterId(41) });
    assert_eq!(effects, bench.saved(undo, Query::OpenCall {}));
    let receipt = Receipt::CallUndone { lease_until: at("2026-12-02T09:41:00") };
    let again = CallCard { lease_until: at("2026-12-02T09:41:00"), ..card() };
    let effects = bench.reply(Ok((Some(receipt), Some(Snapshot::OpenCall { call: Some(Box::new(again)) }))));
    let undone = Say::key("calls.undone")
        .with("result", Disposition::NoAnswer.label(Lang::Vi))
        .with("name", "Nguyễn Văn Hùng");
    assert_eq!(effects, [Effect::ok(undone)], "undo names what it takes back");
    let panel = bench.host.screen.desk.panel().unwrap();
    assert_eq!(panel.steps.iter().filter(|step| step.done).count(), 2);

    bench.type_text("5");
    bench.reply(done(recorded()));
    bench.ctx.now = at("2026-12-02T09:32:01");
    bench.host.tick(&bench.ctx);
    let why = Effect::Notice(Tone::Warn, Say::key("calls.why.nothing_to_undo"));
    assert_eq!(bench.press(Key::char('u')), [why]);
}

#[test]
fn nothing_due_says_when_and_what_is_held() {
    let mut bench = Bench::opened();
    bench.enter();
    let receipt = Receipt::NothingDue {
        next_at: Some(at("2026-12-02T13:05:00")),
        held: BTreeMap::from([("outside_calling_hours".to_owned(), 1200)]),
    };
    let effects = bench.reply(Ok((Some(receipt), Some(Snapshot::OpenCall { call: None }))));
    assert_eq!(effects, [Effect::load(Ticket::of(Origin::Calls, bench.n), QUEUE)]);
    bench.reply(Ok((None, Some(Snapshot::Queue(queue())))));
    let text = bench.drawn(80, 20);
    assert!(text.contains("Người kế tiếp lúc 13:05"), "{text}");
    assert!(text.contains("ngoài giờ được gọi"), "{text}");
    bench.ctx.now = at("2026-12-02T13:05:00");
    bench.host.tick(&bench.ctx);
    assert!(!bench.drawn(80, 20).contains("Người kế tiếp"));
}

#[test]
fn a_refused_claim_says_the_rule_and_an_open_call_is_fetched() {
    let mut bench = Bench::opened();
    bench.press(Key::char('h'));
    let refusal = Refusal::NotYetDue { next_at: at("2026-12-02T10:30:00") };
    let effects = bench.reply(refused(refusal.clone()));
    let load = Effect::load(Ticket::of(Origin::Calls, bench.n), QUEUE);
    assert_eq!(effects, [Effect::failed(&Error::Refused(refusal)), load]);
    bench.enter();
    let effects = bench.reply(refused(Refusal::CallOpen));
    let load = Effect::load(Ticket::of(Origin::Calls, bench.n), Query::OpenCall {});
    assert_eq!(effects, [Effect::failed(&Error::Refused(Refusal::CallOpen)), load]);
}

#[test]
fn a_long_note_is_read_whole_in_a_window() {
    let note =
        "khách hẹn gọi lại sau giờ làm, hỏi kỹ chi phí, muốn bác sĩ nữ, mẹ khách nghe máy thay ".repeat(8);
    let mut card = card();
    card.history[0].note = Some(note.trim().to_owned());
    let mut bench = Bench::opened();
    bench.enter();
    bench.reply(Ok((Some(claimed()), Some(Snapshot::OpenCall { call: Some(Box::new(card)) }))));
    assert!(bench.drawn(120, 33).contains("khách hẹn gọi lại sau giờ làm"));
    let effects = bench.press(Key::char('w'));
    let [Effect::Show { title, lines, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(*title, Say::key("call.history"));
    let texts: Vec<String> = lines.iter().map(|line| line.text(bench.ctx.lang)).collect();
    assert_eq!(texts[0], "30/11/2026 10:02 · Minh · Không nghe máy");
    assert_eq!(texts[1], format!("“{}”", note.trim()));
    assert_eq!(texts.len(), 3, "{texts:?}");
}

#[test]
fn the_promise_under_the_cursor_is_called_or_explained() {
    let mut bench = Bench::opened();
    bench.press(Key::plain(KeyCode::Down));
    let effects = bench.press(Key::char('w'));
    let why = Query::WhyNot { matter: Some(MatterId(85)), phone: None, purpose: None };
    assert_eq!(effects, [Effect::load(Ticket::of(Origin::Calls, bench.n), why)]);
    let effects = bench.press(Key::char('h'));
    let claim = Command::Claim(Claim { purpose: Purpose::Offer, matter: Some(MatterId(85)) });
    assert_eq!(effects, bench.saved(claim, Query::OpenCall {}));
}

#[test]
fn a_pause_has_a_reason_and_stops_calls() {
    let mut bench = Bench::opened();
    bench.press(Key::char('p'));
    let effects = bench.press(Key::char('2'));
    let pause = Command::Pause(Pause { reason: PauseCode::Meal });
    assert_eq!(effects, bench.saved(pause, QUEUE));
    bench.reply(done(Receipt::Paused {}));
    let why = Effect::Notice(Tone::Warn, Say::key("calls.why.paused"));
    assert_eq!(bench.press(Key::char('p')), [why]);
    let effects = bench.enter();
    assert_eq!(effects, bench.saved(Command::Resume(Nothing {}), QUEUE));
    bench.reply(done(Receipt::Resumed {}));
    assert_eq!(bench.host.screen.desk.state(), &State::Ready);
}

#[test]
fn a_pause_that_was_on_before_is_shown() {
    let mut bench = Bench { host: ScreenHost::new(Origin::Calls, Outbound::new()), ctx: agent(), n: 1 };
    bench.host.open(None, &bench.ctx);
    let seats = QuotaModel { quota: 500, taken: 312, waitlisted: 0, closed_by: None };
    let status = StatusLine {
        seats,
        days_left: 19,
        due: 1204,
        promised: 3,
        overdue: 1,
        simulated: true,
        store_time: None,
        paused: Some("meeting".to_owned()),
        tasks: crate::usecase::model::task::TaskCount::default(),
    };
    bench.bring(vec![Snapshot::Status(status)]);
    let paused = State::Paused { code: PauseCode::Meeting, since: None };
    assert_eq!(bench.host.screen.desk.state(), &paused);
}

#[test]
fn the_number_is_copied_as_it_is_dialled() {
    let mut bench = Bench::calling();
    let wanted = [Effect::Copy("0904123456".to_owned()), Effect::ok(Say::key("calls.copied"))];
    assert_eq!(bench.press(Key::char('y')), wanted);
}

#[test]
fn a_customer_can_be_given_back_also_when_the_lease_is_gone() {
    let mut bench = Bench::calling();
    let effects = bench.press(Key::char('r'));
    let release = Command::ReleaseLease(MatterRef { matter: MatterId(41) });
    assert_eq!(effects, bench.saved(release, QUEUE));
    bench.reply(refused(Refusal::NotYourLease { holder: None }));
    assert_eq!(bench.host.screen.desk.state(), &State::Ready);
}

#[test]
fn an_ending_that_is_refused_leaves_the_call_open() {
    let mut bench = Bench::calling();
    bench.press(Key::char('5'));
    let refusal = Refusal::LeaseExpired { at: at("2026-12-02T09:38:37") };
    bench.reply(refused(refusal));
    assert_eq!(bench.part(), &Part::Script);
}

#[test]
fn the_lease_is_prolonged_while_the_call_is_open() {
    let mut bench = Bench::calling();
    bench.ctx.now = at("2026-12-02T09:35:00");
    let effects = bench.host.tick(&bench.ctx);
    bench.n += 1;
    let renew = Command::RenewLease(MatterRef { matter: MatterId(41) });
    assert_eq!(effects, [Effect::save(Ticket::of(Origin::Calls, bench.n), renew, None)]);
    let until = at("2026-12-02T09:45:00");
    bench.reply(Ok((Some(Receipt::LeaseRenewed { lease_until: until }), None)));
    assert_eq!(bench.host.screen.desk.panel().unwrap().card.lease_until, until);
}

#[test]
fn keys_do_not_clash_and_have_their_words() {
    let rows = ScreenHost::new(Origin::Calls, Outbound::new()).all_rows();
    assert_eq!(clashes(&rows), Vec::<String>::new());
    for lang in [Lang::Vi, Lang::En] {
        assert_eq!(missing_texts(&rows, lang), Vec::<String>::new());
    }
}
