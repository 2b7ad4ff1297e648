//! Stories of the page of versions: looking at one, comparing a file, loading it.

use super::*;
use crate::domain::campaign::change::Change;
use crate::domain::campaign::problems::{Fault, Problem};
use crate::tui::effect::CompareFile;
use crate::usecase::command::LoadCampaign;
use crate::usecase::model::campaign::{CampaignDiff, CampaignModel, ProblemLine, Touched, VersionLine};

fn line(version: i64, when: &str, changed: &[&str], reason: Option<&str>) -> VersionLine {
    VersionLine {
        version,
        in_force: version == 3,
        loaded_at: at(when),
        loaded_by: StaffId("ha".to_owned()),
        loaded_by_name: if version == 1 { "operator" } else { "Trần Thu Hà" }.to_owned(),
        reason: reason.map(str::to_owned),
        changed: changed.iter().map(|part| (*part).to_owned()).collect(),
        script: Some(version),
        notice: None,
        red_flags: Some(1),
        survey: Some(1),
    }
}

pub fn versions() -> Snapshot {
    Snapshot::CampaignVersions {
        versions: vec![
            line(3, "2026-12-02T08:15:00", &["limit", "quota"], Some("Khách phàn nàn bị gọi sớm")),
            line(2, "2026-11-28T16:40:00", &["script", "notice"], Some("Bản pháp chế duyệt")),
            line(1, "2026-11-20T09:00:00", &[], None),
        ],
    }
}

fn diff(problems: Vec<ProblemLine>, shortened: Option<Touched>) -> CampaignDiff {
    let change = Change {
        part: "quota".to_owned(),
        key: String::new(),
        old: Some("500".to_owned()),
        new: Some("450".to_owned()),
        valid_from: None,
        source: None,
    };
    CampaignDiff {
        missing: Vec::new(),
        base: 3,
        changes: vec![change],
        problems,
        shortened,
        replay: None,
        file: Some("quota = 450\n".to_owned()),
    }
}

fn bench() -> Bench {
    let mut bench = Bench::of(Role::Supervisor);
    assert_eq!(queries(&bench.char('r')), [Query::CampaignVersions {}]);
    bench.answer(None, versions());
    bench
}

impl Bench {
    /// Types a path into the window and sends it; the ticket of the comparison is the newest job.
    fn compare(&mut self, path: &str) -> Vec<Effect> {
        self.char('f');
        self.write(path);
        let effects = self.press(ENTER);
        if let [Effect::Compare(compare)] = &effects[..] {
            self.ticket = compare.ticket;
        }
        effects
    }
}

fn shown(effects: &[Effect]) -> Vec<String> {
    match effects {
        [Effect::Show { lines, .. }] => lines.iter().map(|line| line.text(Lang::Vi)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn enter_shows_what_a_version_changed_and_w_the_whole_of_it() {
    let mut bench = bench();
    bench.press(DOWN);
    let asked = Query::CampaignDiff { file: None, version: Some(2), base: Some(1), replay: None };
    assert_eq!(queries(&bench.press(ENTER)), [asked]);
    let lines = shown(&bench.answer(None, Snapshot::CampaignDiff(diff(Vec::new(), None))));
    assert!(lines.iter().any(|line| line.contains("500 → 450")), "{lines:?}");
    assert_eq!(queries(&bench.char('w')), [Query::Campaign { version: Some(2) }]);
    let campaign = crate::usecase::fixture::campaign();
    let model = CampaignModel {
        version: 2,
        in_force: false,
        loaded_at: at("2026-11-28T16:40:00"),
        loaded_by: StaffId("ha".to_owned()),
        campaign,
    };
    let lines = shown(&bench.answer(None, Snapshot::Campaign(Box::new(model))));
    assert!(lines.iter().any(|line| line.starts_with("min_charge = 300000")));
    bench.press(DOWN);
    assert_eq!(queries(&bench.press(ENTER)), [Query::Campaign { version: Some(1) }], "nothing was before it");
}

#[test]
fn a_file_is_loaded_only_after_it_was_compared_with_a_reason_and_a_yes() {
    let mut bench = bench();
    let first = [Effect::Notice(Tone::Warn, Say::key("over.why.no_proposal"))];
    assert_eq!(bench.char('u'), first, "nothing was compared");
    let compared = bench.compare("/tmp/next.toml");
    assert!(
        matches!(&compared[..], [Effect::Compare(sent)]
            if matches!(&**sent, CompareFile { path, replay: Some(7), .. } if path == "/tmp/next.toml")),
        "{compared:?}"
    );
    let touched = Touched { registrations: 2, promises: 1, appointments: 0, links: 0 };
    let lines = shown(&bench.answer(None, Snapshot::CampaignDiff(diff(Vec::new(), Some(touched)))));
    assert!(lines.iter().any(|line| line.contains("U để đưa")), "{lines:?}");
    assert_eq!(bench.char('u'), Vec::new());
    assert_eq!(bench.press(ENTER), Vec::new(), "a reason is needed");
    bench.write("Het suat som");
    let asked = bench.press(ENTER);
    assert_eq!(commands(&asked), Vec::<Command>::new());
    let question = bench.question.clone().expect("it asks");
    assert!(!question.starts_with_yes());
    let detail = question.detail.unwrap().text(Lang::Vi);
    assert!(detail.contains("2 đăng ký") || detail.contains('2'), "{detail}");
    assert_eq!(bench.answered(CONFIRM, false), Vec::new(), "no: nothing is sent");
    bench.press(ENTER);
    let sent = commands(&bench.answered(CONFIRM, true));
    let expected = LoadCampaign {
        file: Some("quota = 450\n".to_owned()),
        version: None,
        based_on: Some(3),
        shorten: true,
        reason: Some("Het suat som".to_owned()),
    };
    assert_eq!(sent, [Command::LoadCampaign(expected)]);
    let receipt = Receipt::CampaignLoaded { version: 4, changed: vec!["quota".to_owned()], promoted: vec![] };
    bench.answer(Some(receipt), versions());
    assert!(bench.host.field().is_none(), "the window closed");
    assert_eq!(bench.char('u'), first, "it is in force");
}

#[test]
fn a_file_with_problems_or_none_at_all_cannot_be_loaded_and_the_path_stays() {
    let mut bench = bench();
    bench.compare("next.toml");
    let problem = ProblemLine(Problem::new("hotline", Fault::Empty));
    let lines = shown(&bench.answer(None, Snapshot::CampaignDiff(diff(vec![problem], None))));
    assert!(lines.iter().any(|line| line.contains("còn trống")), "{lines:?}");
    assert_eq!(bench.char('u'), [Effect::Notice(Tone::Warn, Say::key("over.why.proposal_bad"))]);
    bench.compare("nowhere.toml");
    bench.refuse(Refusal::FieldInvalid { field: "path", reason: "unreadable" });
    assert_eq!(bench.host.field().map(Field::text), Some("nowhere.toml"));
    assert!(bench.draw(80, 21).contains("không đọc được"));
}

#[test]
fn days_out_of_range_are_refused_beside_the_field_and_none_judge_nothing_again() {
    let mut bench = bench();
    bench.char('f');
    bench.write("next.toml");
    bench.press(Key::plain(KeyCode::Tab));
    bench.write("93");
    assert_eq!(bench.press(ENTER), Vec::new());
    for _ in 0..2 {
        bench.press(Key::plain(KeyCode::Backspace));
    }
    let sent = bench.press(ENTER);
    assert!(matches!(&sent[..], [Effect::Compare(compare)] if compare.replay.is_none()), "{sent:?}");
}

#[test]
fn only_those_who_may_load_have_the_page() {
    for role in Role::ALL {
        let has = pages::pages(role).contains(&Page::Versions);
        assert_eq!(has, role.may(May::ManageCampaign), "{role:?}");
    }
    let mut bench = Bench::of(Role::Auditor);
    let refused = Say::from(Refusal::Forbidden { act: May::ManageCampaign });
    assert_eq!(bench.char('r'), [Effect::Notice(Tone::Warn, refused)]);
}

#[test]
fn pictures_of_the_versions() {
    let mut bench = bench();
    insta::assert_snapshot!("versions_80", bench.draw(80, 21));
    insta::assert_snapshot!("versions_120", bench.draw(120, 33));
    bench.ctx.lang = Lang::En;
    insta::assert_snapshot!("versions_120_en", bench.draw(120, 33));
    bench.char('f');
    insta::assert_snapshot!("versions_check_80_en", bench.draw(80, 21));
    bench.ctx.lang = Lang::Vi;
    insta::assert_snapshot!("versions_check_80", bench.draw(80, 21));
}
