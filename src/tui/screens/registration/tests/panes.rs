//! Stories of leads and batches, by keys and effects.

use super::*;

#[test]
fn a_lead_goes_step_by_step_and_registers_by_the_fanpage() {
    let mut bench = Bench::leads();
    bench.enter();
    bench.write("inbox/88");
    let moved = MoveLead {
        lead: LeadId(3),
        to: LeadStep::Messaged,
        conversation: Some("inbox/88".to_owned()),
        phone: None,
        reason: None,
    };
    let sent = bench.enter();
    assert_eq!(commands(&sent), [Command::MoveLead(moved)]);
    assert_eq!(queries(&sent), [Query::Leads {}]);
    let effects = bench.answer(
        Some(Receipt::LeadMoved { state: crate::domain::lead::LeadState::Messaged }),
        Some(Snapshot::Leads { leads: leads() }),
    );
    assert_eq!(effects, [Effect::ok(Say::key("reg.say.lead_moved"))]);
    bench.press(Key::plain(KeyCode::PageDown));
    // The list shows the number masked; opening it is a look that is written down.
    assert_eq!(commands(&bench.enter()), [Command::RevealLead(LeadRef { lead: LeadId(5) })]);
    let asked = bench.answer(Some(Receipt::PhoneRevealed { phone: "+84904999888".to_owned() }), None);
    assert_eq!(queries(&asked), [Query::Customer { phone: "+84904999888".to_owned() }]);
    bench.answer(None, Some(Snapshot::Customer(unlisted())));
    bench.enter();
    bench.write("Trần Thu Hà");
    bench.tab();
    bench.char('1');
    let sent = commands(&bench.enter());
    let [Command::Register(register)] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((register.channel, register.lead), (Channel::Fanpage, Some(LeadId(5))));
    assert_eq!(register.name.as_deref(), Some("Trần Thu Hà"));
    let receipt = Receipt::Registered { registration: RegistrationId(7), seat: 3 };
    let after = bench.answer(Some(receipt), Some(Snapshot::Customer(registered())));
    assert_eq!(queries(&after), [Query::Leads {}]);
}

#[test]
fn a_new_lead_needs_name_and_comment() {
    let mut bench = Bench::leads();
    bench.char('a');
    bench.write("Lan Anh");
    assert_eq!(bench.enter(), Vec::new());
    bench.write("post-1/comment-9");
    let lead = AddLead {
        name: "Lan Anh".to_owned(),
        comment: "post-1/comment-9".to_owned(),
        conversation: None,
        phone: None,
    };
    assert_eq!(commands(&bench.enter()), [Command::AddLead(lead)]);
}

#[test]
fn a_lead_is_dropped_with_a_reason_and_a_yes() {
    let mut bench = Bench::leads();
    bench.char('d');
    bench.write("không trả lời");
    assert_eq!(commands(&bench.enter()), []);
    let question = bench.question.take().unwrap();
    assert_eq!(question.text, Say::key("reg.ask.drop").with("name", "Mai Hoa"));
    let sent = commands(&bench.answered(CONFIRM, true));
    assert!(
        matches!(&sent[..], [Command::MoveLead(to)] if to.to == LeadStep::Dropped && to.reason.is_some())
    );
}

#[test]
fn a_batch_leaves_after_a_yes_and_the_list_is_read_again() {
    let mut bench = Bench::batches();
    assert!(matches!(&bench.char('h')[..], [Effect::Ask(question)] if question.id == CONFIRM));
    let sent = bench.answered(CONFIRM, true);
    assert_eq!(commands(&sent), [Command::HandOver(Nothing {})]);
    assert_eq!(queries(&sent), [Query::Batches {}]);
    let receipt = Receipt::HandedOver { batch: BatchId(4), rows: 22, checksum: "ab".to_owned() };
    let effects = bench.answer(
        Some(receipt),
        Some(Snapshot::Batches {
            batches: batches(),
            waiting: 0,
            returned: crate::usecase::model::batch::ReturnedRows::default(),
        }),
    );
    let wanted = Say::key("reg.say.handed_over").with("batch", BatchId(4)).with("rows", 22);
    assert_eq!(effects, [Effect::ok(wanted)]);
    assert_eq!(bench.char('h'), [Effect::Notice(Tone::Warn, Say::key("reg.why.nothing_waits"))]);
}

#[test]
fn vinmecs_side_sees_batches_and_nothing_of_the_lists() {
    let mut bench = Bench::of(Role::Intake);
    assert_eq!(bench.host.screen.pane, Pane::Batches);
    let effects = bench.press(Key::f(2));
    assert_eq!(
        effects,
        [Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act: May::SeeCustomers }))]
    );
    assert!(!bench.draw(120, 33).contains("Tìm khách"));
}
