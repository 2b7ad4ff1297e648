//! Versions through the door: what is refused changes nothing, and what is loaded holds with the next command.

use crate::domain::campaign::Campaign;
use crate::domain::campaign::facility::OfferDetail;
use crate::domain::disposition::Disposition;
use crate::domain::refusal::Refusal;
use crate::store::{Place, Store, StoreError};
use crate::usecase::command::{Channel, Command, LoadCampaign, Register, SetQuota};
use crate::usecase::door::Door;
use crate::usecase::error::Error;
use crate::usecase::fixture::{
    CUSTOMERS, ask, at, campaign, claim, ended, form, hotline, hotline_in, hotline_with, number, register,
    rule, run, sql, state,
};
use crate::usecase::model::campaign::{CampaignDiff, CampaignModel, VersionLine};
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const NINE: &str = "2026-12-02T09:00";

fn file(text: &str) -> LoadCampaign {
    LoadCampaign { file: Some(text.to_owned()), ..LoadCampaign::default() }
}

fn load(door: &Door, input: LoadCampaign) -> Result<Receipt, Error> {
    run(door, "ha", at(NINE), Command::LoadCampaign(input))
}

fn versions(door: &Door) -> Vec<VersionLine> {
    match ask(door, "ha", at(NINE), Query::CampaignVersions {}).unwrap() {
        Snapshot::CampaignVersions { versions } => versions,
        other => panic!("{other:?}"),
    }
}

fn shown(door: &Door, version: Option<i64>) -> CampaignModel {
    match ask(door, "ha", at(NINE), Query::Campaign { version }).unwrap() {
        Snapshot::Campaign(found) => *found,
        other => panic!("{other:?}"),
    }
}

fn differs(door: &Door, query: Query) -> CampaignDiff {
    match ask(door, "ha", at(NINE), query).unwrap() {
        Snapshot::CampaignDiff(found) => found,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_becomes_the_next_version_and_the_one_before_stays() {
    let door = hotline();
    let loaded = load(&door, file("min_charge = 400000\nhotline = \"18009090\"")).unwrap();
    let changed = vec!["hotline".to_owned(), "min_charge".to_owned()];
    assert_eq!(loaded, Receipt::CampaignLoaded { version: 2, changed: changed.clone(), promoted: vec![] });
    assert_eq!(door.campaign().min_charge, 300_000, "known with the next command or query");
    assert_eq!((shown(&door, None).version, shown(&door, None).campaign.min_charge), (2, 400_000));
    assert_eq!(door.campaign().min_charge, 400_000);
    assert_eq!(shown(&door, Some(1)).campaign, campaign().with_sample_details().unwrap());
    let listed = versions(&door);
    assert_eq!(
        listed.iter().map(|line| (line.version, line.in_force)).collect::<Vec<_>>(),
        [(2, true), (1, false)]
    );
    assert_eq!((listed[0].changed.clone(), listed[0].loaded_by.0.as_str()), (changed, "ha"));
    assert_eq!(number(&door, "SELECT COUNT(*) FROM audit WHERE action = 'load_campaign'"), 1);
    assert_eq!(crate::usecase::check::check(&door).unwrap(), []);
}

#[test]
fn the_reason_for_a_version_and_the_name_of_who_loaded_it_stand_in_the_list() {
    let door = hotline();
    let why = "  Khách phàn nàn\nbị gọi sớm ";
    load(&door, LoadCampaign { reason: Some(why.to_owned()), ..file("min_charge = 400000") }).unwrap();
    load(&door, LoadCampaign { reason: Some("  ".to_owned()), ..file("min_charge = 500000") }).unwrap();
    let listed = versions(&door);
    let reasons: Vec<Option<&str>> = listed.iter().map(|line| line.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("Khách phàn nàn bị gọi sớm"), None]);
    assert_eq!(listed[0].loaded_by_name, "Hà");
    let long = LoadCampaign { reason: Some("a".repeat(301)), ..file("min_charge = 1") };
    assert_eq!(rule(load(&door, long)), "field_invalid");
    assert_eq!(versions(&door).len(), 3);
}

#[test]
fn another_process_follows_with_its_next_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let ours = hotline_in(Store::create(&path).unwrap(), campaign());
    let theirs = Door::open(Store::open(Place::File(path)).unwrap(), "other").unwrap();
    load(&ours, file("allow_listed_on_fanpage = false")).unwrap();
    let fanpage = Command::Register(form(CUSTOMERS[0].0, Channel::Fanpage));
    assert_eq!(rule(run(&theirs, "nga", at(NINE), fanpage)), "on_sms_list");
    shown(&theirs, None);
    assert_eq!(theirs.programme().version, 2);
}

#[test]
fn nothing_with_a_problem_is_loaded_and_all_are_named() {
    let door = hotline();
    let before = state(&door);
    let broken = "hotline = \"\"\nfanpage = \"\"";
    match load(&door, file(broken)) {
        Err(Error::Refused(Refusal::CampaignInvalid { problems })) => assert_eq!(problems.len(), 2),
        other => panic!("{other:?}"),
    }
    for (input, expected) in [
        (file("quotta = 1"), "campaign_invalid"),
        (file("hotline = "), "campaign_invalid"),
        (file(""), "campaign_unchanged"),
        (LoadCampaign { version: Some(1), ..LoadCampaign::default() }, "campaign_unchanged"),
        (LoadCampaign { version: Some(7), ..LoadCampaign::default() }, "no_such_row"),
        (LoadCampaign::default(), "field_invalid"),
        (LoadCampaign { based_on: Some(3), ..file("min_charge = 1") }, "conflict"),
        (file(&" ".repeat(1024 * 1024 + 1)), "field_invalid"),
    ] {
        assert_eq!(rule(load(&door, input)), expected);
    }
    assert_eq!(rule(run(&door, "lan", at(NINE), Command::LoadCampaign(file("min_charge = 1")))), "forbidden");
    assert_eq!(state(&door), before);
    let diff = differs(
        &door,
        Query::CampaignDiff { file: Some(broken.to_owned()), version: None, base: None, replay: None },
    );
    assert_eq!((diff.base, diff.changes.len(), diff.problems.len(), diff.shortened), (1, 2, 2, None));
}

#[test]
fn a_text_needs_a_number_that_no_other_text_ever_had() {
    let door = hotline();
    let script = |version: i64, word: &str| {
        let mut script = campaign().script;
        script.version = version;
        script.objections[0].answer.vi.push_str(word);
        let changed = Campaign { script, ..campaign() };
        let whole = changed.to_toml().unwrap();
        let table: toml::Table = whole.parse().unwrap();
        file(
            &toml::to_string(&toml::Table::from_iter([("script".to_owned(), table["script"].clone())]))
                .unwrap(),
        )
    };
    let first = campaign().script.version;
    assert_eq!(rule(load(&door, script(first, " A"))), "campaign_invalid");
    load(&door, script(first + 1, " A")).unwrap();
    load(&door, script(first + 2, " B")).unwrap();
    assert_eq!(rule(load(&door, script(first + 1, " C"))), "campaign_invalid");
    load(&door, LoadCampaign { version: Some(2), ..LoadCampaign::default() }).unwrap();
    assert_eq!(shown(&door, None).campaign.script, shown(&door, Some(2)).campaign.script);
    assert_eq!(versions(&door).len(), 4);
}

#[test]
fn a_window_is_extended_freely_and_shortened_only_by_who_saw_whom_it_touches() {
    let door = hotline();
    register(&door, at("2026-12-12T09:00"), CUSTOMERS[0].0);
    sql(&door, "UPDATE matter SET state = 'promised', callback_at = 1797300000000 WHERE id = 9");
    let now = at("2026-12-12T10:00");
    let longer = file("registration = { from = \"2026-12-01\", to = \"2026-12-20\" }");
    run(&door, "ha", now, Command::LoadCampaign(longer)).unwrap();
    let shorter = file("registration = { from = \"2026-12-01\", to = \"2026-12-11\" }");
    match run(&door, "ha", now, Command::LoadCampaign(shorter.clone())) {
        Err(Error::Refused(Refusal::WindowShortened { registrations, promises, appointments, links })) => {
            assert_eq!((registrations, promises, appointments, links), (1, 1, 0, 0));
        }
        other => panic!("{other:?}"),
    }
    run(&door, "ha", now, Command::LoadCampaign(LoadCampaign { shorten: true, ..shorter })).unwrap();
    let closed = run(&door, "lan", now, Command::Register(form(CUSTOMERS[2].0, Channel::Inbound9090)));
    assert_eq!(rule(closed), "registration_closed");
}

#[test]
fn a_shorter_window_touches_promises_of_every_purpose_by_the_spans_of_the_contact_rules() {
    let door = hotline();
    // A survey promised for 15 February; registration and consultations stay as they are.
    let promised = at("2027-02-15T10:00").ms();
    sql(&door, "INSERT INTO matter (id, customer, purpose, state) VALUES (7, 1, 3, 'waiting')");
    sql(&door, &format!("UPDATE matter SET state = 'promised', callback_at = {promised} WHERE id = 7"));
    let longer = file("handbook = { from = \"2026-12-01\", to = \"2027-02-28\" }");
    load(&door, longer).unwrap();
    let shorter = file("handbook = { from = \"2026-12-01\", to = \"2027-02-14\" }");
    match load(&door, shorter) {
        Err(Error::Refused(Refusal::WindowShortened { registrations, promises, appointments, links })) => {
            assert_eq!((registrations, promises, appointments, links), (0, 1, 0, 0));
        }
        other => panic!("{other:?}"),
    }
    load(&door, file("handbook = { from = \"2026-12-01\", to = \"2027-02-16\" }"))
        .expect_err("shorter, if for nobody");
}

#[test]
fn seats_of_a_file_are_what_set_quota_makes_of_them() {
    let door = hotline_with(2);
    for (phone, _) in &CUSTOMERS[..3] {
        register(&door, at(NINE), phone);
    }
    assert_eq!(rule(load(&door, file("quota = 1"))), "quota_below_taken");
    match load(&door, file("quota = 3")).unwrap() {
        Receipt::CampaignLoaded { promoted, .. } => assert_eq!(promoted.len(), 1),
        other => panic!("{other:?}"),
    }
    run(&door, "ha", at(NINE), Command::SetQuota(SetQuota { quota: 9 })).unwrap();
    assert_eq!(shown(&door, None).campaign.quota, 9, "as it is now");
    load(&door, file("min_charge = 1")).unwrap();
    assert_eq!(number(&door, "SELECT quota FROM campaign"), 9, "a file without it leaves it");
    assert_eq!(crate::usecase::check::check(&door).unwrap(), []);
}

#[test]
fn a_file_that_cannot_work_is_found_before_it_is_loaded() {
    let door = hotline_with(2);
    for (phone, _) in &CUSTOMERS[..2] {
        register(&door, at(NINE), phone);
    }
    let diff = |text: &str| {
        let query =
            Query::CampaignDiff { file: Some(text.to_owned()), version: None, base: None, replay: None };
        differs(&door, query)
    };
    assert_eq!(diff("quota = 1").problems.len(), 1, "two seats are taken");
    let silent = diff("[facility]\nlicence = \"\"");
    assert!(silent.missing.contains(&OfferDetail::Licence), "offers would be held: {:?}", silent.missing);
    assert_eq!(silent.problems.len(), 0, "and it may be loaded");
    let fine = diff("quota = 2\nmin_charge = 1");
    assert_eq!((fine.missing.len(), fine.problems.len()), (0, 0));
}

#[test]
fn what_has_begun_keeps_the_texts_that_it_began_with() {
    let door = hotline();
    let texts = campaign();
    let (script, notice) = (texts.script.version, texts.notice.version.clone());
    let open = claim(&door, "lan", at("2026-12-01T09:00"));
    let mut next = texts.with_sample_details().unwrap();
    next.script.version += 1;
    next.script.objections[0].answer.vi.push('!');
    next.notice.version = "2027-01".to_owned();
    next.notice.text.vi.push('!');
    let later = at("2026-12-01T09:01");
    run(&door, "ha", later, Command::LoadCampaign(file(&next.to_toml().unwrap()))).unwrap();
    let agreed = Register { matter: Some(open), ..form(CUSTOMERS[0].0, Channel::Outbound9090) };
    run(&door, "lan", at("2026-12-01T09:02"), Command::Register(agreed)).unwrap();
    let fresh = claim(&door, "lan", at("2026-12-01T09:03"));
    run(&door, "lan", at("2026-12-01T09:04"), ended(fresh, Disposition::NoAnswer)).unwrap();
    register(&door, at("2026-12-01T09:05"), CUSTOMERS[2].0);
    let kept = door
        .store()
        .read(|tx| -> Result<_, StoreError> {
            let calls = tx.many("SELECT script_version FROM call ORDER BY id", &[])?;
            let consents = tx.many("SELECT DISTINCT notice_version FROM consent ORDER BY 1", &[])?;
            Ok((
                calls.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?,
                consents.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?,
            ))
        })
        .unwrap();
    assert_eq!(kept, (vec![script, script + 1], vec![notice, "2027-01".to_owned()]));
}
