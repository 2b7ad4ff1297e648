//! Who agrees to a registration: at 9090 and in Vinmec's call.

use crate::domain::consent::ConsentParty;
use crate::domain::id::{BatchId, CaseId, RegistrationId};
use crate::usecase::check::check;
use crate::usecase::command::{
    CaseRef, Channel, Command, CorrectRegistration, GivenRepresentative, Patient, RecordBirthYear,
    RecordConsent, Register,
};
use crate::usecase::door::Door;
use crate::usecase::fixture::{
    CUSTOMERS, ask, at, campaign, form, hotline, hotline_of, number, rule, run, state,
};
use crate::usecase::intake::fixture::hand_over;
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const REGISTERED: &str = "2026-12-01T09:00";
const CALLED: &str = "2026-12-01T10:30";

/// A patient born in that year, with the mother beside a child.
fn patient(birth_year: i32, agrees: Option<bool>) -> Patient {
    let mother = GivenRepresentative::Text("Đỗ Thị Ánh (mẹ)".to_owned());
    let representative = (birth_year > 2007).then_some(mother);
    Patient { name: "Lê Bé Na".to_owned(), birth_year, representative, agrees }
}

fn registered(door: &Door, register: Register) {
    run(door, "lan", at(REGISTERED), Command::Register(register)).unwrap();
}

fn handed_over(register: Register) -> Door {
    let door = hotline();
    registered(&door, register);
    hand_over(&door, BatchId(1));
    door
}

fn answer(party: ConsentParty, given: bool) -> Command {
    Command::RecordConsent(RecordConsent {
        case: CaseId(1),
        party,
        given,
        spoken_by: Some("Đỗ Thị Ánh (mẹ)".to_owned()),
    })
}

fn missing(door: &Door) -> Vec<ConsentParty> {
    run(door, "thu", at(CALLED), Command::OpenCase(CaseRef { case: CaseId(1) })).unwrap();
    let query = Query::CaseFile { case: CaseId(1) };
    let Snapshot::CaseFile(file) = ask(door, "thu", at(CALLED), query).unwrap() else { panic!("no file") };
    file.consents_missing
}

/// Rows of purpose 1 by that party.
fn rows(door: &Door, party: ConsentParty, and: &str) -> i64 {
    let sql = format!(
        "SELECT COUNT(*) FROM consent WHERE purpose = 'register' AND party = '{}' {and}",
        party.code()
    );
    number(door, sql.leak())
}

#[test]
fn who_takes_the_place_of_a_patient_has_not_agreed_yet() {
    for (name, left) in [("Lê Bé Na", vec![]), ("Lê Bé Nam", vec![ConsentParty::Child])] {
        let door = hotline();
        let child = Patient { ..patient(2015, Some(true)) };
        registered(&door, Register { patient: Some(child), ..form(CUSTOMERS[0].0, Channel::Inbound9090) });
        let corrected = Patient { name: name.to_owned(), ..patient(2015, None) };
        let correct = Command::CorrectRegistration(CorrectRegistration {
            registration: RegistrationId(1),
            name: None,
            phone: None,
            patient: Some(corrected),
            note: None,
        });
        run(&door, "lan", at(REGISTERED), correct).unwrap();
        hand_over(&door, BatchId(1));
        assert_eq!(missing(&door), left, "{name}");
        assert_eq!(check(&door).unwrap(), []);
    }
}

#[test]
fn from_a_birth_year_alone_the_younger_age_counts() {
    let door = hotline();
    for year in [2008, 2009] {
        let without = Patient { representative: None, ..patient(year, None) };
        let command = Register { patient: Some(without), ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
        let before = state(&door);
        assert_eq!(
            rule(run(&door, "lan", at(REGISTERED), Command::Register(command))),
            "representative_missing"
        );
        let own = Register { birth_year: Some(year), ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
        assert_eq!(rule(run(&door, "lan", at(REGISTERED), Command::Register(own))), "representative_missing");
        assert_eq!(before, state(&door));
    }
    let grown = Register { birth_year: Some(2007), ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
    registered(&door, grown);
    let own = "SELECT COUNT(*) FROM registration WHERE birth_year = 2007 AND patient IS NULL";
    assert_eq!(number(&door, own), 1);
}

#[test]
fn no_consent_is_written_for_another_adult_who_was_not_asked() {
    let door = handed_over(Register {
        patient: Some(patient(1960, None)),
        ..form(CUSTOMERS[0].0, Channel::Inbound9090)
    });
    assert_eq!(rows(&door, ConsentParty::Customer, "AND given = 1 AND subject = 'customer'"), 1);
    assert_eq!(rows(&door, ConsentParty::Patient, ""), 0, "nobody has asked the patient");
    assert_eq!(missing(&door), [ConsentParty::Patient]);
    let receipt = run(&door, "thu", at(CALLED), answer(ConsentParty::Patient, true)).unwrap();
    assert_eq!(receipt, Receipt::ConsentRecorded { missing: Vec::new(), seat_freed: None });
    let noted =
        "AND given = 1 AND subject = 'Lê Bé Na' AND spoken_by = 'Đỗ Thị Ánh (mẹ)' AND evidence = 'case:1'";
    assert_eq!(rows(&door, ConsentParty::Patient, noted), 1);
    assert_eq!(missing(&door), []);
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn a_child_of_seven_agrees_beside_the_representative_and_a_younger_one_is_not_asked() {
    for (born, agrees, rows_of_child, left) in [
        (2015, None, 0, vec![ConsentParty::Child]),
        (2015, Some(true), 1, Vec::new()),
        // May still be six.
        (2019, Some(true), 0, Vec::new()),
    ] {
        let door = handed_over(Register {
            patient: Some(patient(born, agrees)),
            ..form(CUSTOMERS[0].0, Channel::Inbound9090)
        });
        assert_eq!(rows(&door, ConsentParty::Representative, "AND subject = 'Đỗ Thị Ánh (mẹ)'"), 1);
        assert_eq!(rows(&door, ConsentParty::Child, "AND subject = 'Lê Bé Na'"), rows_of_child, "{born}");
        assert_eq!(missing(&door), left);
    }
    let unwilling =
        Register { patient: Some(patient(2015, Some(false))), ..form(CUSTOMERS[0].0, Channel::Inbound9090) };
    let door = hotline();
    assert_eq!(rule(run(&door, "lan", at(REGISTERED), Command::Register(unwilling))), "consent_missing");
}

#[test]
fn the_campaign_switches_the_childs_agreement_off() {
    let mut campaign = campaign();
    campaign.child_agreement = false;
    let door = hotline_of(campaign);
    registered(
        &door,
        Register { patient: Some(patient(2015, None)), ..form(CUSTOMERS[0].0, Channel::Inbound9090) },
    );
    hand_over(&door, BatchId(1));
    assert_eq!(missing(&door), []);
    assert_eq!(rule(run(&door, "thu", at(CALLED), answer(ConsentParty::Child, true))), "field_invalid");
}

#[test]
fn a_no_of_who_must_agree_ends_the_registration_and_frees_the_seat() {
    let door = handed_over(Register {
        patient: Some(patient(1960, None)),
        ..form(CUSTOMERS[0].0, Channel::Inbound9090)
    });
    let receipt = run(&door, "thu", at(CALLED), answer(ConsentParty::Patient, false)).unwrap();
    assert_eq!(receipt, Receipt::ConsentRecorded { missing: Vec::new(), seat_freed: Some(true) });
    assert_eq!(number(&door, "SELECT COUNT(*) FROM registration WHERE cancel_reason = 'consent_refused'"), 1);
    assert_eq!(number(&door, "SELECT COUNT(*) FROM care_case WHERE state = 'withdrawn'"), 1);
    assert_eq!(rule(run(&door, "thu", at(CALLED), answer(ConsentParty::Patient, true))), "case_not_ready");
    assert_eq!(check(&door).unwrap(), []);
}

#[test]
fn vinmec_records_the_birth_year_that_9090_did_not_ask() {
    let door = handed_over(form(CUSTOMERS[0].0, Channel::Inbound9090));
    let born = |birth_year, representative: Option<&str>| {
        let representative = representative.map(|text| GivenRepresentative::Text(text.to_owned()));
        Command::RecordBirthYear(RecordBirthYear { case: CaseId(1), birth_year, representative })
    };
    let receipt = run(&door, "thu", at(CALLED), born(1980, None)).unwrap();
    assert_eq!(receipt, Receipt::BirthYearRecorded { missing: Vec::new() });
    assert_eq!(rule(run(&door, "thu", at(CALLED), born(2010, None))), "representative_missing");
    assert_eq!(rule(run(&door, "lan", at(CALLED), born(1980, None))), "forbidden");
    let receipt = run(&door, "thu", at(CALLED), born(2010, Some("Đỗ Thị Ánh (mẹ)"))).unwrap();
    let both = vec![ConsentParty::Representative, ConsentParty::Child];
    assert_eq!(receipt, Receipt::BirthYearRecorded { missing: both });
    // The representative is on record now and need not be given again.
    run(&door, "thu", at(CALLED), born(2011, None)).unwrap();
    let receipt = run(&door, "thu", at(CALLED), answer(ConsentParty::Representative, true)).unwrap();
    assert_eq!(receipt, Receipt::ConsentRecorded { missing: vec![ConsentParty::Child], seat_freed: None });
}
