//! The built-in campaign is complete, files replace parts of it, and mistakes are named.

use super::limits::{LimitRule, LimitValue};
use super::*;
use crate::domain::contact::{Purpose, SmsPurpose};
use crate::domain::department::Department;
use crate::domain::lang::Lang;
use crate::domain::sms::{Encoding, measure, render};
use crate::domain::survey::MeasureKind;
use crate::domain::time::Timestamp;
use crate::domain::triage::suggest_department;
use rstest::rstest;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn dates() -> Dates {
    Dates { from: day(11, 20), to: day(12, 20), consult_until: day(12, 27), handbook_until: day(12, 31) }
}

fn built_in() -> Campaign {
    Campaign::with_file("", dates()).unwrap()
}

fn sentences(campaign: &Campaign) -> Vec<String> {
    campaign.problems().iter().map(|problem| problem.sentence(Lang::En)).collect()
}

/// The codes of what is wrong, with their keys.
fn faults(campaign: &Campaign) -> Vec<(String, &'static str)> {
    campaign.problems().into_iter().map(|problem| (problem.key, problem.fault.code())).collect()
}

#[test]
fn the_built_in_campaign_has_no_problem() {
    assert_eq!(sentences(&built_in()), Vec::<String>::new());
}

#[test]
fn the_stored_form_reads_back_as_it_was() {
    let campaign = built_in();
    assert_eq!(Campaign::from_json(&campaign.to_json().unwrap()), Ok(campaign));
}

#[test]
fn the_defaults_are_those_of_the_programme() {
    let campaign = built_in();
    let limits = campaign.limits_on(day(12, 1));
    assert_eq!((campaign.quota, campaign.min_charge), (500, 300_000));
    assert_eq!(
        (limits.contact.offer_call.opens_minute, limits.contact.offer_call.closes_minute),
        (480, 1020)
    );
    assert_eq!((limits.contact.offer_sms.opens_minute, limits.contact.offer_sms.closes_minute), (420, 1320));
    assert_eq!(
        (limits.contact.service_call.opens_minute, limits.contact.service_call.closes_minute),
        (480, 1200)
    );
    assert_eq!((limits.contact.offer_max_attempts, limits.contact.dnc_max_age_days), (3, 7));
    assert_eq!((limits.consultation_minutes, limits.granule_minutes), (30, 5));
    assert!(campaign.allow_listed_on_fanpage);
    assert_eq!(campaign.degree, DegreePolicy::default());
}

#[test]
fn windows_include_their_last_day() {
    let window = built_in().registration;
    assert!(window.contains(Timestamp::parse("2026-12-20T23:59:59+07:00").unwrap()));
    assert!(!window.contains(Timestamp::parse("2026-12-21T00:00:00+07:00").unwrap()));
    assert!(!window.contains(Timestamp::parse("2026-11-19T23:59:59+07:00").unwrap()));
    assert_eq!(window.days_left(Timestamp::parse("2026-12-20T10:00:00+07:00").unwrap()), 1);
    assert_eq!(window.days_left(Timestamp::parse("2026-12-22T10:00:00+07:00").unwrap()), 0);
}

#[test]
fn a_file_replaces_single_parts_and_dates_win() {
    let file = "quota = 50\n[degree]\naccept_specialist_one = false\naccept_specialist_two = true\n\
                accept_residency = false\n[registration]\nfrom = \"2020-01-01\"\nto = \"2020-01-02\"";
    let campaign = Campaign::with_file(file, dates()).unwrap();
    assert_eq!(campaign.quota, 50);
    assert!(campaign.degree.accept_specialist_two);
    assert_eq!(campaign.registration.to, day(12, 20));
    assert_eq!(campaign.survey, built_in().survey);
}

#[rstest]
#[case("quotta = 50", "quotta")]
#[case("quota = \"many\"", "quota")]
#[case("quota = ", "quota")]
#[case(
    "[[limit]]\nrule = \"offer_call_opens\"\nvalue = \"25:00\"\nvalid_from = \"2026-01-01\"\nsource = \"x\"",
    "25:00"
)]
#[case(
    "[[limit]]\nrule = \"no_such_rule\"\nvalue = 1\nvalid_from = \"2026-01-01\"\nsource = \"x\"",
    "no_such_rule"
)]
fn an_unusable_file_is_named_by_its_key(#[case] file: &str, #[case] word: &str) {
    let error = Campaign::with_file(file, dates()).unwrap_err();
    assert!(error.to_string().contains(word), "{error}");
}

#[test]
fn mistakes_are_reported_in_plain_sentences() {
    let mut campaign = built_in();
    campaign.quota = 0;
    campaign.registration.to = day(11, 1);
    campaign.limits.retain(|row| row.rule != LimitRule::LeaseMinutes);
    campaign.sms[0].text = "Quà tặng!".to_owned();
    campaign.script.steps.remove(0);
    let problems = sentences(&campaign).join("\n");
    for word in ["quota", "registration", "lease_minutes", "sms invite", "{agent}"] {
        assert!(problems.contains(word), "{word} is missing in:\n{problems}");
    }
}

#[test]
fn a_later_row_replaces_the_older_one_on_its_day() {
    let mut campaign = built_in();
    let older = campaign.limits.iter().find(|row| row.rule == LimitRule::OfferCallCloses).unwrap();
    let newer = Limit { value: LimitValue::Clock(18 * 60), valid_from: day(12, 5), ..older.clone() };
    campaign.limits.insert(0, newer);
    assert_eq!(campaign.limits_on(day(12, 4)).contact.offer_call.closes_minute, 1020);
    assert_eq!(campaign.limits_on(day(12, 5)).contact.offer_call.closes_minute, 1080);
}

#[test]
fn every_measure_has_its_question_on_its_own_scale() {
    let survey = built_in().survey;
    for (measure, low, high) in
        [(MeasureKind::Ces, 1, 7), (MeasureKind::Csat, 1, 5), (MeasureKind::Nps, 0, 10)]
    {
        let question = survey.question_of(measure).unwrap();
        assert_eq!((question.low, question.high), (low, high));
    }
}

#[test]
fn every_kind_of_call_ticks_off_that_recording_was_announced() {
    let campaign = built_in();
    for purpose in Purpose::ALL {
        assert!(campaign.script.steps_for(purpose).any(|step| step.code == "recording" && step.required));
    }
}

#[rstest]
#[case("bé 3 tuổi ho kéo dài hai tuần, hay sốt về chiều", Department::Nhi)]
#[case("Con tôi biếng ăn", Department::Nhi)]
#[case("mang thai 20 tuần hay đau lưng", Department::San)]
#[case("đọc giúp kết quả chụp cộng hưởng từ", Department::ChanDoanHinhAnh)]
#[case("men gan cao trong kết quả xét nghiệm", Department::XetNghiem)]
#[case("hỏi về mổ sỏi thận", Department::NgoaiTongHop)]
#[case("huyet ap cao, mat ngu", Department::NoiTongHop)]
#[case("mệt mỏi, hay chóng mặt", Department::NoiTongHop)]
fn needs_are_routed_by_their_words(#[case] need: &str, #[case] department: Department) {
    let suggestion = suggest_department(need, &built_in().departments).unwrap();
    assert_eq!(suggestion.department, department, "{suggestion:?}");
}

#[rstest]
#[case("handbook", "So tay: {link}", "sms handbook", "unknown_field")]
#[case("handbook", "So tay: {url", "sms handbook", "braces")]
#[case("handbook", "", "sms handbook", "empty")]
#[case("registered", "Suat {seat}, lich {time}", "sms registered", "unknown_field")]
#[case(
    "invite",
    "[QC] {facility} {facility_address} {licence} {scope} {hours}. Tu choi: goi {hotline}",
    "sms invite",
    "advertising"
)]
fn a_template_that_could_not_be_sent_is_named(
    #[case] code: &str,
    #[case] text: &str,
    #[case] key: &str,
    #[case] fault: &str,
) {
    let mut campaign = built_in();
    campaign.sms.iter_mut().find(|template| template.code == code).unwrap().text = text.to_owned();
    assert_eq!(faults(&campaign), [(key.to_owned(), fault)]);
}

#[test]
fn an_unknown_field_is_named_with_those_that_are_filled() {
    let mut campaign = built_in();
    campaign.sms.iter_mut().find(|template| template.code == "handbook").unwrap().text = "{link}".to_owned();
    for (lang, word) in [(Lang::Vi, "không có trường {link}"), (Lang::En, "{link} is not filled")] {
        let sentence = campaign.problems()[0].sentence(lang);
        assert!(sentence.starts_with("sms handbook: "), "{sentence}");
        assert!(sentence.contains(word) && sentence.contains("{hotline} {url} {until}"), "{sentence}");
    }
}

#[test]
fn the_program_sends_no_message_of_another_code_or_purpose() {
    let mut campaign = built_in();
    campaign.sms.retain(|template| template.code != "promoted");
    campaign.sms[0].purpose = SmsPurpose::Service;
    campaign.sms.push(SmsTemplate { code: "handbok".to_owned(), ..campaign.sms[1].clone() });
    assert_eq!(
        faults(&campaign),
        [
            ("sms promoted".to_owned(), "message_missing"),
            ("sms invite".to_owned(), "wrong_purpose"),
            ("sms handbok".to_owned(), "message_unknown"),
        ]
    );
}

#[test]
fn a_message_is_as_long_as_its_longest_values_make_it() {
    let mut campaign = built_in();
    let text = format!("{} {{url}} {{until}}", "a".repeat(153 * 4 - 30));
    campaign.sms.iter_mut().find(|template| template.code == "handbook").unwrap().text = text;
    assert_eq!(faults(&campaign), [("sms handbook".to_owned(), "too_many_segments")]);
}

#[test]
fn the_first_step_names_caller_and_organisation_in_both_languages() {
    let mut campaign = built_in();
    campaign.script.steps[0].text.en = "Hello, this is {agent} of {address}.".to_owned();
    assert_eq!(faults(&campaign), [("script.step offer/introduce".to_owned(), "caller_not_named")]);
    campaign.script.steps[0].text.en = "{agent} {organisation} {address} {seat}".to_owned();
    assert_eq!(faults(&campaign), [("script.step offer/introduce en".to_owned(), "unknown_field")]);
}

#[test]
fn a_number_names_one_text_for_ever() {
    let before = built_in();
    let keys = |now: &Campaign| -> Vec<String> {
        now.problems_beside(&before).into_iter().map(|problem| problem.key).collect()
    };
    assert_eq!(keys(&before), [""; 0]);
    let mut now = built_in();
    now.script.steps[0].text.vi.push('!');
    now.notice.marketing.vi.push('!');
    now.survey.comment.vi.push('!');
    now.red_flags.flags[0].text.vi.push('!');
    now.red_flags.signed_by = "BS".to_owned();
    assert_eq!(keys(&now), ["script.version", "notice.version", "red_flags.version", "survey.version"]);
    (now.script.version, now.red_flags.version, now.survey.version) = (90, 90, 90);
    now.notice.version = "2027-01".to_owned();
    assert_eq!(keys(&now), [""; 0]);
}

#[test]
fn a_file_changes_the_campaign_in_force_key_by_key() {
    let before = Campaign { quota: 77, ..built_in() };
    let after = before.changed_by("[handbook]\nfrom = \"2026-11-20\"\nto = \"2027-01-31\"").unwrap();
    assert_eq!((after.quota, after.handbook.to), (77, NaiveDate::from_ymd_opt(2027, 1, 31).unwrap()));
    assert_eq!(Campaign { handbook: before.handbook, ..after }, before);
    assert!(before.changed_by("quotta = 1").is_err());
}

#[test]
fn the_file_form_reads_back_as_it_was() {
    let campaign = built_in();
    let file = campaign.to_toml().unwrap();
    assert_eq!(Campaign { quota: 9, ..built_in() }.changed_by(&file), Ok(campaign));
}

#[test]
fn a_limit_that_an_older_program_did_not_know_holds_as_it_is_built_in() {
    let mut older = built_in();
    older.limits.retain(|row| row.rule != LimitRule::SmsMaxSegments);
    let read = Campaign::from_json(&older.to_json().unwrap()).unwrap();
    assert_eq!(read.limits_on(day(12, 1)).sms_max_segments, 4);
    assert_eq!(read.limits.len(), built_in().limits.len());
}

#[test]
fn every_limit_has_its_public_code() {
    for rule in LimitRule::ALL {
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.code());
    }
}

#[test]
fn messages_need_no_accents_and_fit_few_parts() {
    let campaign = built_in().with_sample_details().unwrap();
    let details = campaign.message_details();
    for template in &campaign.sms {
        assert!(template.text.is_ascii(), "{}", template.code);
        let mut values: Vec<_> = details.iter().map(|(field, value)| (*field, value.as_str())).collect();
        values.push(("hotline", &campaign.hotline));
        values.extend([("until", "20/12/2026"), ("seat", "500"), ("position", "12"), ("time", "14:30")]);
        values.extend([("date", "02/12"), ("method", "dien thoai"), ("doctor", "Nguyen Thi Tuyet Mai")]);
        values.extend([("received", "09:30 02/12/2026"), ("stopped", "09:30 02/12/2026")]);
        values.push(("url", &campaign.handbook_url));
        let size = measure(&render(&template.text, &values).unwrap());
        let most = if template.purpose == SmsPurpose::Offer { 3 } else { 1 };
        assert_eq!(size.encoding, Encoding::Gsm7, "{}", template.code);
        assert!(size.segments <= most, "{}: {size:?}", template.code);
    }
}

#[test]
fn the_sample_doctors_qualify_and_cover_every_department_on_the_grid() {
    let campaign = built_in();
    let granule = campaign.limits_on(day(12, 1)).granule_minutes;
    let mut covered = std::collections::BTreeSet::new();
    let mut reader = csv::Reader::from_reader(include_str!("../../../assets/doctors.csv").as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["name", "titles", "licence", "departments", "shifts"]);
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(campaign.degree.check(&row[1]), Ok(()), "{}", &row[0]);
        covered.extend(row[3].split(';').map(|code| Department::parse(code).unwrap()));
        for shift in row[4].split(';') {
            let (date, hours) = shift.trim().split_once(' ').unwrap();
            let (from, to) = hours.split_once('-').unwrap();
            let at = |time| Timestamp::parse(&format!("{date}T{time}:00+07:00")).unwrap();
            let hours = crate::domain::roster::Hours { from: at(from), to: at(to) };
            assert_eq!(crate::domain::roster::check_shift(&hours, granule), Ok(()), "{shift}");
        }
    }
    assert_eq!(covered.into_iter().collect::<Vec<_>>(), Department::ALL);
}
