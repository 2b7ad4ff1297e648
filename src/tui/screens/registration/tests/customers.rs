//! Stories of finding, registering and cancelling, by keys and effects.

use super::*;
use crate::domain::registration::RegistrationState;
use crate::usecase::command::{ReactivateRegistration, RegistrationRef};

#[test]
fn every_key_has_its_words_and_none_clashes() {
    let rows: Vec<_> = BINDINGS.iter().map(|row| row.row(&Registration::new())).collect();
    assert_eq!(clashes(&rows), Vec::<String>::new());
    for lang in [Lang::Vi, Lang::En] {
        assert_eq!(missing_texts(&rows, lang), Vec::<String>::new());
    }
}

#[test]
fn the_search_has_the_focus_and_asks_at_each_key() {
    let mut bench = Bench::of(Role::Agent);
    for (key, text) in [('h', "h"), ('u', "hu"), ('n', "hun")] {
        let asked = bench.char(key);
        assert_eq!(queries(&asked), [Query::Search { text: text.to_owned(), limit: 20 }]);
    }
}

#[test]
fn an_answer_to_an_older_search_is_dropped() {
    let mut bench = Bench::of(Role::Agent);
    bench.char('h');
    let old = bench.ticket;
    bench.char('u');
    let outcome = Ok((None, vec![hit_list("h", hits(), false)]));
    bench.host.reply(Reply { ticket: old, outcome }, &bench.ctx.clone());
    assert_eq!(bench.host.screen.finder.hits.items(), []);
    bench.answer(None, Some(hit_list("hu", hits(), false)));
    assert_eq!(bench.host.screen.finder.hits.items().len(), 4);
}

#[test]
fn a_customer_found_by_name_is_opened_through_the_audited_number() {
    let mut bench = Bench::of(Role::Agent);
    bench.write("hùng");
    bench.answer(None, Some(hit_list("hùng", hits(), false)));
    bench.press(Key::plain(KeyCode::Down));
    let opened = bench.enter();
    assert_eq!(commands(&opened), [Command::RevealPhone(RevealPhone { customer: CustomerId(11) })]);
    let asked = bench.answer(Some(Receipt::PhoneRevealed { phone: PHONE.to_owned() }), None);
    assert_eq!(queries(&asked), [Query::Customer { phone: PHONE.to_owned() }]);
    bench.answer(None, Some(Snapshot::Customer(registered())));
    assert!(bench.host.field().is_none());
    assert!(bench.host.screen.opened().is_some_and(|opened| opened.customer == registered()));
}

#[test]
fn a_whole_number_says_its_verdict_before_enter_and_opens_without_a_question() {
    let mut bench = Bench::of(Role::Agent);
    let asked = bench.write("0904 999 888");
    assert_eq!(queries(&asked), [Query::Customer { phone: "0904 999 888".to_owned() }]);
    bench.answer(None, Some(Snapshot::Customer(unlisted())));
    assert!(bench.draw(80, 21).contains("CHỈ QUA FANPAGE"));
    assert_eq!(bench.enter(), Vec::new());
    assert!(bench.host.screen.opened().is_some());
}

#[test]
fn enter_before_the_answer_opens_as_soon_as_it_is_here() {
    let mut bench = Bench::of(Role::Agent);
    bench.write("0904123456");
    assert_eq!(bench.enter(), Vec::new());
    assert!(bench.host.screen.opened().is_none());
    bench.answer(None, Some(Snapshot::Customer(hung())));
    assert!(bench.host.screen.opened().is_some());
}

#[test]
fn a_search_that_fails_is_reported_and_the_text_stays() {
    let mut bench = Bench::of(Role::Agent);
    bench.write("hùng");
    let ticket = bench.ticket;
    let error = Error::Store(StoreError::internal("disk"));
    let effects = bench.host.reply(Reply { ticket, outcome: Err(error.clone()) }, &bench.ctx.clone());
    assert_eq!(effects, [Effect::failed(&error)]);
    assert_eq!(bench.host.field().map(Field::text), Some("hùng"));
}

#[test]
fn an_agent_reads_why_an_unlisted_caller_cannot_register_here() {
    let mut bench = Bench::reading(Role::Agent, unlisted());
    assert_eq!(bench.enter(), [Effect::Notice(Tone::Warn, Say::key("reg.why.fanpage_only"))]);
}

#[test]
fn a_known_customer_registers_with_few_keys() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    for digit in ['1', '2'] {
        bench.char(digit);
    }
    let saved = bench.enter();
    let register = Register {
        consents: ConsentAnswers { register: true, handbook: true, survey: false, marketing: false },
        ..Register::new(PHONE, Channel::Inbound9090)
    };
    assert_eq!(commands(&saved), [Command::Register(register)]);
    assert_eq!(queries(&saved), [Query::Customer { phone: PHONE.to_owned() }]);
    let receipt = Receipt::Registered { registration: RegistrationId(7), seat: 214 };
    bench.answer(Some(receipt), Some(Snapshot::Customer(registered())));
    assert_eq!(bench.host.screen.opened().and_then(|opened| opened.done), Some(opened::Done::Seat(214)));
    assert!(bench.host.screen.drafts.is_empty());
    bench.enter();
    assert_eq!(bench.host.field().map(Field::text), Some(""));
}

#[test]
fn no_consent_is_ticked_beforehand_and_without_the_first_nothing_is_sent() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    let form = bench.host.screen.form().unwrap();
    assert!(["register", "handbook", "survey", "marketing"].iter().all(|id| !form.ticked(id)));
    assert_eq!(bench.enter(), Vec::new());
    let blamed = bench.host.screen.form().and_then(Form::focused).map(|item| (item.id, item.error.is_some()));
    assert_eq!(blamed, Some(("register", true)));
}

#[test]
fn digits_are_letters_in_a_text_field_and_consents_outside() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    bench.press(Key::plain(KeyCode::Up));
    bench.char('2');
    let form = bench.host.screen.form().unwrap();
    assert_eq!((form.text("name"), form.ticked("handbook")), ("2", false));
}

#[test]
fn digits_mean_nothing_while_a_customer_is_being_read() {
    let mut bench = Bench::reading(Role::Agent, hung());
    assert_eq!(bench.host.key(Key::char('1'), &bench.ctx), Taken::No);
}

#[test]
fn a_full_quota_keeps_the_form_and_names_the_rule() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    bench.char('1');
    bench.enter();
    assert_eq!(bench.refuse(Refusal::QuotaFull { quota: 500 }), Vec::new());
    let draft = bench.host.screen.draft().unwrap();
    assert_eq!(draft.refused, Some(Error::Refused(Refusal::QuotaFull { quota: 500 })));
    assert!(draft.form.ticked("register"));
    assert!(bench.draw(120, 33).contains("Đã đủ 500 suất"));
}

#[test]
fn the_waitlist_position_is_shown_big() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    bench.char('1');
    bench.enter();
    let receipt = Receipt::Waitlisted { registration: RegistrationId(9), position: 3 };
    bench.answer(Some(receipt), Some(Snapshot::Customer(hung())));
    assert_eq!(bench.host.screen.opened().and_then(|opened| opened.done), Some(opened::Done::Waitlisted(3)));
    insta::assert_snapshot!("waitlisted_80", bench.draw(80, 21));
}

#[test]
fn a_child_needs_a_representative_and_the_command_carries_both() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    bench.char('1');
    for _ in 0..4 {
        bench.tab();
    }
    bench.char(' ');
    let draft = bench.host.screen.draft_mut().unwrap();
    draft.form.set_text("patient", "Nguyễn An");
    draft.form.set_text("birth_year", "2020");
    assert_eq!(bench.enter(), Vec::new());
    let focus = bench.host.screen.form().and_then(Form::focused).map(|item| item.id);
    assert_eq!(focus, Some("representative"));
    let draft = bench.host.screen.draft_mut().unwrap();
    draft.form.set_text("representative", "Nguyễn Văn Hùng");
    draft.form.set_text("relation", "bố");
    let sent = commands(&bench.enter());
    let [Command::Register(Register { patient: Some(Patient { name, birth_year, .. }), .. })] = &sent[..]
    else {
        panic!("{sent:?}")
    };
    assert_eq!((name.as_str(), *birth_year), ("Nguyễn An", 2020));
}

#[test]
fn a_draft_is_kept_when_its_customer_is_left() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    bench.char('3');
    bench.esc();
    bench.esc();
    assert_eq!(bench.host.field().map(Field::text), Some(PHONE));
    bench.answer(None, Some(Snapshot::Customer(hung())));
    bench.enter();
    bench.enter();
    assert!(bench.host.screen.form().is_some_and(|form| form.ticked("survey")));
}

#[test]
fn cancelling_needs_a_reason_and_a_yes() {
    let mut bench = Bench::reading(Role::Agent, registered());
    bench.char('c');
    assert_eq!(bench.enter(), Vec::new());
    bench.write("khách bận");
    bench.enter();
    let question = bench.question.take().unwrap();
    assert_eq!((question.id, question.tone), (CONFIRM, Tone::Danger));
    let text = question.text.text(Lang::Vi);
    assert!(text.contains("Nguyễn Văn Hùng") && text.contains("214"), "{text}");
    let sent = bench.answered(CONFIRM, true);
    let wanted = CancelRegistration { registration: RegistrationId(7), reason: "khách bận".to_owned() };
    assert_eq!(commands(&sent), [Command::CancelRegistration(wanted)]);
    let receipt = Receipt::Cancelled { seat_freed: true, promoted: Some(RegistrationId(8)) };
    let effects = bench.answer(Some(receipt), Some(Snapshot::Customer(registered())));
    assert_eq!(effects, [Effect::ok(Say::key("reg.say.cancelled_promoted"))]);
    assert!(!bench.host.screen.windows.is_open());
}

#[test]
fn a_refused_cancellation_keeps_its_reason() {
    let mut bench = Bench::reading(Role::Agent, registered());
    bench.char('c');
    bench.write("khách bận");
    bench.enter();
    bench.answered(CONFIRM, true);
    let refusal = Refusal::Conflict { what: "registration", state: "cancelled".to_owned() };
    let effects = bench.refuse(refusal.clone());
    assert_eq!(effects, [Effect::failed(&Error::Refused(refusal))]);
    assert_eq!(bench.host.field().map(Field::text), Some("khách bận"));
}

#[test]
fn what_was_typed_into_a_window_is_not_thrown_away_unasked() {
    let mut bench = Bench::reading(Role::Agent, registered());
    bench.char('c');
    bench.write("khách bận");
    let asked = bench.esc();
    assert!(matches!(&asked[..], [Effect::Ask(question)] if question.id == DISCARD));
    bench.answered(DISCARD, false);
    assert!(bench.host.screen.windows.is_open());
    bench.answered(DISCARD, true);
    assert!(!bench.host.screen.windows.is_open());
}

#[test]
fn an_opt_out_is_confirmed_once_and_says_what_stops() {
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.char('x');
    assert_eq!(bench.enter(), Vec::new());
    bench.char(' ');
    bench.char(' ');
    assert!(matches!(&bench.enter()[..], [Effect::Ask(_)]));
    let sent = bench.answered(CONFIRM, true);
    let wanted = OptOut { phone: PHONE.to_owned(), contact: ContactKind::Voice };
    assert_eq!(commands(&sent), [Command::OptOut(wanted)]);
}

#[test]
fn withdrawing_any_consent_asks_first_and_says_what_ends() {
    let mut bench = Bench::reading(Role::Agent, registered());
    bench.char('w');
    bench.char(' ');
    assert_eq!(commands(&bench.enter()), []);
    let question = bench.question.take().unwrap();
    let wanted = Say::key("reg.ask.withdraw_register").with("name", "Nguyễn Văn Hùng");
    assert_eq!(question.text, wanted);
    assert_eq!(question.detail, Some(Say::key("reg.ask.cancel_seat_detail").with("seat", 214)));
    bench.answered(CONFIRM, false);
    bench.char(' ');
    assert_eq!(commands(&bench.enter()), []);
    let sent = bench.answered(CONFIRM, true);
    let wanted = WithdrawConsent {
        registration: RegistrationId(7),
        purpose: crate::domain::consent::ConsentPurpose::Handbook,
    };
    assert_eq!(commands(&sent), [Command::WithdrawConsent(wanted)]);
}

#[test]
fn an_agreement_is_the_supervisors() {
    let mut agent = Bench::reading(Role::Agent, hung());
    let effects = agent.char('a');
    assert_eq!(
        effects,
        [Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act: May::ManageAgreements }))]
    );
    let mut bench = Bench::reading(Role::Supervisor, hung());
    bench.char('a');
    let form = &mut bench.host.screen.windows.get_mut().unwrap().form;
    form.choose("contact", 1);
    form.set_text("what", "khách hẹn gọi 18:30");
    form.set_text("until", "mai 20:00");
    form.set_text("evidence", "ghi âm 77");
    let sent = commands(&bench.enter());
    assert!(matches!(&sent[..], [Command::AddAgreement(a)] if a.until == at("2026-12-03T20:00:00")));
}

#[test]
fn every_reason_against_a_call_is_listed_with_the_time_it_heals() {
    let mut bench = Bench::reading(Role::Agent, hung());
    let asked = bench.char('g');
    assert_eq!(
        queries(&asked),
        [Query::WhyNot { matter: None, phone: Some(PHONE.to_owned()), purpose: Some(Purpose::Offer) }]
    );
    let next_at = at("2026-12-03T08:10:00");
    let why = WhyNot {
        matter: Some(MatterId(41)),
        purpose: Purpose::Offer,
        callable: false,
        reasons: vec![Reason::from(Refusal::CalledWithin24h { next_at })],
        callable_from: Some(next_at),
    };
    let shown = bench.answer(None, Some(Snapshot::WhyNot(why)));
    let lines = vec![
        Say::from(Refusal::CalledWithin24h { next_at }),
        Say::key("reg.why_not.from").with("at", "03/12/2026 08:10"),
    ];
    assert_eq!(shown, [Effect::Show { title: Say::key("reg.why_not.title"), lines, tone: Tone::Warn }]);
}

#[test]
fn the_number_is_copied_as_a_softphone_takes_it() {
    let mut bench = Bench::reading(Role::Agent, hung());
    assert_eq!(
        bench.char('y'),
        [Effect::Copy("0904123456".to_owned()), Effect::ok(Say::key("reg.say.copied"))]
    );
}

#[test]
fn a_change_elsewhere_reads_the_open_customer_again_but_never_under_a_form() {
    let mut bench = Bench::reading(Role::Agent, hung());
    let read = bench.changed(Topics::ALL);
    assert_eq!(queries(&read), [Query::Customer { phone: PHONE.to_owned() }]);
    bench.answer(None, Some(Snapshot::Customer(registered())));
    assert!(bench.host.screen.opened().is_some_and(|opened| opened.live_registration().is_some()));
    let mut bench = Bench::reading(Role::Agent, hung());
    bench.enter();
    assert_eq!(bench.changed(Topics::ALL), Vec::new());
}

#[test]
fn another_tab_hands_a_number_over() {
    let mut bench = Bench::of(Role::Agent);
    let asked = bench.open(Some(Subject::Phone(PHONE.to_owned())));
    assert_eq!(queries(&asked), [Query::Customer { phone: PHONE.to_owned() }]);
    bench.answer(None, Some(Snapshot::Customer(hung())));
    assert!(bench.host.screen.opened().is_some());
    assert!(bench.esc().contains(&Effect::Back), "one step back is the screen that it came from");
}

#[test]
fn back_in_the_search_the_number_is_found_again_and_typing_replaces_it() {
    let mut bench = Bench::of(Role::Agent);
    bench.open(Some(Subject::Phone(PHONE.to_owned())));
    bench.answer(None, Some(Snapshot::Customer(hung())));
    assert!(!queries(&bench.esc()).is_empty(), "its answer is asked for");
    bench.answer(None, Some(Snapshot::Customer(hung())));
    assert!(bench.host.screen.has_something_to_open(), "Enter opens them again");
    assert!(bench.host.field().is_some_and(Field::is_selected));
    bench.char('h');
    assert_eq!(bench.host.field().map(Field::text), Some("h"));
    bench.write("oa");
    bench.answer(None, Some(Snapshot::Customer(hung())));
    bench.enter();
    assert!(!bench.esc().contains(&Effect::Back), "who was found here was not handed over");
}

/// A customer who may be taken back: `state` with what the actor may do.
fn just(state: RegistrationState, undo_until: Option<&str>, restorable: bool) -> Box<CustomerModel> {
    let mut customer = registered();
    let registration = customer.registration.as_mut().unwrap();
    registration.state = state;
    registration.undo_until = undo_until.map(at);
    registration.restorable = restorable;
    if state == RegistrationState::Cancelled {
        registration.seat = None;
        registration.cancelled_at = Some(at("2026-12-02T09:29:00"));
        customer.eligibility.reasons.clear();
        customer.eligibility.verdict = crate::usecase::model::customer::Verdict::Cancelled;
    }
    customer
}

#[test]
fn u_takes_a_registration_back_after_a_question_that_names_the_customer() {
    let mut bench =
        Bench::reading(Role::Agent, just(RegistrationState::Registered, Some("2026-12-02T09:32:00"), false));
    insta::assert_snapshot!("undo_80", bench.draw(80, 21));
    bench.char('u');
    let question = bench.question.clone().unwrap();
    let text = question.text.text(Lang::Vi);
    assert_eq!(question.tone, Tone::Danger);
    assert!(text.contains("Nguyễn Văn Hùng") && text.contains("214"), "{text}");
    assert_eq!(bench.answered(CONFIRM, false), []);
    bench.char('u');
    let sent = bench.answered(CONFIRM, true);
    let named = RegistrationRef { registration: RegistrationId(7) };
    assert_eq!(commands(&sent), [Command::UndoRegistration(named)]);
    let effects = bench.refuse(Refusal::UndoTooLate { within_seconds: 120 });
    assert!(matches!(&effects[..], [Effect::Notice(Tone::Danger, _)]), "{effects:?}");
}

#[test]
fn u_takes_a_cancellation_back_until_its_two_minutes_are_over() {
    let cancelled = || just(RegistrationState::Cancelled, Some("2026-12-02T09:31:00"), false);
    let mut bench = Bench::reading(Role::Agent, cancelled());
    insta::assert_snapshot!("undo_cancel_80", bench.draw(80, 21));
    bench.char('u');
    let text = bench.question.clone().unwrap().text.text(Lang::Vi);
    assert!(text.contains("Nguyễn Văn Hùng"), "{text}");
    let named = RegistrationRef { registration: RegistrationId(7) };
    assert_eq!(commands(&bench.answered(CONFIRM, true)), [Command::UndoCancel(named)]);
    let mut late = Bench::reading(Role::Agent, cancelled());
    late.ctx.now = at("2026-12-02T09:31:01");
    late.host.tick(&late.ctx);
    let effects = late.char('u');
    assert!(matches!(&effects[..], [Effect::Notice(Tone::Warn, _)]), "{effects:?}");
}

#[test]
fn k_restores_a_cancelled_registration_for_a_supervisor_with_a_reason() {
    let cancelled = || just(RegistrationState::Cancelled, None, true);
    let mut agent = Bench::reading(Role::Agent, cancelled());
    let forbidden = agent.char('k');
    assert!(matches!(&forbidden[..], [Effect::Notice(Tone::Warn, _)]), "{forbidden:?}");
    let mut bench = Bench::reading(Role::Supervisor, cancelled());
    bench.char('k');
    insta::assert_snapshot!("restore_80", bench.draw(80, 21));
    assert_eq!(commands(&bench.enter()), [], "a reason is needed");
    bench.write("hủy nhầm");
    let mut sent = commands(&bench.enter());
    if let Some(question) = bench.question.take() {
        assert!(question.text.text(Lang::Vi).contains("Nguyễn Văn Hùng"));
        sent = commands(&bench.answered(question.id, true));
    }
    let wanted =
        ReactivateRegistration { registration: RegistrationId(7), reason: "hủy nhầm".to_owned() };
    assert_eq!(sent, [Command::ReactivateRegistration(wanted)]);
    bench.refuse(Refusal::QuotaFull { quota: 500 });
    assert_eq!(bench.host.field().map(Field::text), Some("hủy nhầm"), "what was typed stays");
    let mut english = Bench::reading(Role::Supervisor, cancelled());
    english.ctx.lang = Lang::En;
    english.char('k');
    insta::assert_snapshot!("restore_80_en", english.draw(80, 21));
}

#[test]
fn the_position_on_the_waitlist_stands_in_verdict_and_form_before_the_customer_agrees() {
    for lang in [Lang::Vi, Lang::En] {
        let mut full = hung();
        full.eligibility.would_wait_at = Some(51);
        let mut bench = Bench::reading(Role::Agent, full);
        bench.ctx.lang = lang;
        insta::assert_snapshot!(format!("would_wait_80_{}", lang.code()), bench.draw(80, 21));
        bench.enter();
        insta::assert_snapshot!(format!("would_wait_form_80_{}", lang.code()), bench.draw(80, 21));
        assert!(bench.draw(80, 21).contains("51"));
    }
}
