//! What is spoken to each kind of person, in both languages, and that no text fixes a word where a field belongs.

use super::facility::OfferDetail;
use super::spoken::{SPOKEN_FIELDS, Talk};
use super::*;
use crate::domain::consent::ConsentPurpose;
use crate::domain::contact::Purpose;
use crate::domain::lang::Lang;
use crate::domain::name::Salutation;
use crate::domain::sms;
use rstest::rstest;

fn campaign() -> Campaign {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let built_in = Campaign::default_for(day(11, 20), day(12, 20), day(12, 31), day(12, 31)).unwrap();
    built_in.with_sample_details().unwrap()
}

fn talk(salutation: Option<Salutation>) -> Talk<'static> {
    Talk { salutation, name: "Phạm Thị Hoa", agent: "Lan" }
}

/// Every text that is spoken to a customer, with its place.
fn texts(campaign: &Campaign) -> Vec<(String, &Bilingual)> {
    let notice = &campaign.notice;
    let mut out = vec![("notice".to_owned(), &notice.text)];
    out.extend(ConsentPurpose::ALL.map(|p| (format!("notice.{}", p.code()), notice.question(p))));
    let script = &campaign.script;
    out.extend(script.steps.iter().map(|s| (format!("{} {}", s.purpose.code(), s.code), &s.text)));
    out.extend(script.objections.iter().map(|o| (format!("answer {}", o.code), &o.answer)));
    out.extend(campaign.survey.questions.iter().map(|q| (format!("survey {}", q.code), &q.text)));
    out.push(("survey comment".to_owned(), &campaign.survey.comment));
    out
}

/// The words of a text, the doctor (*bác sĩ*) aside.
fn words(text: &str) -> Vec<String> {
    text.replace("bác sĩ", "")
        .replace("Bác sĩ", "")
        .split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .collect()
}

/// The text without its fields.
fn fixed(text: &str) -> String {
    let parts = text.split('{').enumerate();
    parts
        .map(|(at, part)| if at == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) })
        .collect()
}

#[rstest]
#[case(Some(Salutation::Anh), "Dạ, em chào anh Hoa ạ. Em là Lan", "Anh cho em xin", "Em cảm ơn anh Hoa ạ.")]
#[case(Some(Salutation::Chi), "Dạ, em chào chị Hoa ạ. Em là Lan", "Chị cho em xin", "Em cảm ơn chị Hoa ạ.")]
#[case(
    Some(Salutation::Co),
    "Dạ, cháu chào cô Hoa ạ. Cháu là Lan",
    "Cô cho cháu xin",
    "Cháu cảm ơn cô Hoa ạ."
)]
#[case(
    Some(Salutation::Chu),
    "Dạ, cháu chào chú Hoa ạ. Cháu là Lan",
    "Chú cho cháu xin",
    "Cháu cảm ơn chú Hoa ạ."
)]
#[case(
    Some(Salutation::Bac),
    "Dạ, cháu chào bác Hoa ạ. Cháu là Lan",
    "Bác cho cháu xin",
    "Cháu cảm ơn bác Hoa ạ."
)]
#[case(
    Some(Salutation::Ong),
    "Dạ, cháu chào ông Hoa ạ. Cháu là Lan",
    "Ông cho cháu xin",
    "Cháu cảm ơn ông Hoa ạ."
)]
#[case(
    Some(Salutation::Ba),
    "Dạ, cháu chào bà Hoa ạ. Cháu là Lan",
    "Bà cho cháu xin",
    "Cháu cảm ơn bà Hoa ạ."
)]
#[case(
    Some(Salutation::Em),
    "Dạ, anh/chị chào em Hoa ạ. Anh/chị là Lan",
    "Em cho anh/chị xin",
    "Anh/chị cảm ơn em Hoa ạ."
)]
#[case(None, "Dạ, em chào anh/chị Hoa ạ. Em là Lan", "Anh/chị cho em xin", "Em cảm ơn anh/chị Hoa ạ.")]
fn the_caller_addresses_each_person_by_the_pair_of_words(
    #[case] salutation: Option<Salutation>,
    #[case] first: &str,
    #[case] asks: &str,
    #[case] last: &str,
) {
    let campaign = campaign();
    let say = |code: &str| {
        let step = campaign.script.steps_for(Purpose::Offer).find(|step| step.code == code).unwrap();
        campaign.spoken(&step.text, &talk(salutation), Lang::Vi)
    };
    let introduction = say("introduce");
    assert!(
        introduction.starts_with(&format!("{first}, gọi từ tổng đài 9090 của MobiFone, số 1 ")),
        "{introduction}"
    );
    assert!(introduction.ends_with(&format!("Hải Phòng. {asks} vài phút được không ạ?")), "{introduction}");
    assert!(say("close").starts_with(last), "{}", say("close"));
}

#[test]
fn every_text_reads_right_for_every_person_in_both_languages() {
    let campaign = campaign();
    let all = Salutation::ALL.into_iter().map(Some).chain([None]);
    let own = |salutation| Salutation::own_word(salutation, Lang::Vi);
    for salutation in all {
        for (place, text) in texts(&campaign) {
            for lang in [Lang::Vi, Lang::En] {
                let spoken = campaign.spoken(text, &talk(salutation), lang);
                assert!(!spoken.contains(['{', '}']) && !spoken.contains("  "), "{place}: {spoken}");
                let starts = spoken.split_inclusive(['.', '?', '!']).map(str::trim_start);
                let small = starts
                    .clone()
                    .find(|s| s.starts_with(char::is_lowercase) && spoken.contains(&format!(" {s}")));
                assert_eq!(small, None, "{place}: a sentence begins small: {spoken}");
            }
            let vi = campaign.spoken(text, &talk(salutation), Lang::Vi);
            let others = ["anh", "chị", "cô", "chú", "bác", "ông", "bà", "em", "cháu"];
            let mine = format!(
                "{} {}",
                own(salutation),
                salutation.map_or_else(|| "anh/chị".to_owned(), |s| s.label(Lang::Vi))
            );
            let wrong: Vec<_> = words(&vi)
                .into_iter()
                .filter(|w| others.contains(&w.as_str()) && !words(&mine).contains(w))
                .collect();
            assert!(wrong.is_empty(), "{place} to {salutation:?}: {wrong:?} in {vi}");
        }
    }
}

#[test]
fn no_spoken_text_fixes_a_word_where_a_field_belongs() {
    let fixed_words = ["anh", "chị", "cô", "chú", "bác", "ông", "bà", "em", "cháu", "tôi"];
    for (place, text) in texts(&campaign()) {
        let found: Vec<_> =
            words(&fixed(&text.vi)).into_iter().filter(|word| fixed_words.contains(&word.as_str())).collect();
        assert!(found.is_empty(), "{place}: {found:?} in {}", text.vi);
    }
    // The control: the words are found where they stand.
    assert!(words(&fixed("Em là {agent}, {self} cảm ơn anh/chị.")).iter().any(|word| word == "chị"));
}

#[test]
fn english_uses_full_names_and_no_kinship_word() {
    let campaign = campaign();
    for (place, text) in texts(&campaign) {
        assert!(!text.en.contains("{salutation}") && !text.en.to_lowercase().contains("{self}"), "{place}");
        let spoken = campaign.spoken(text, &talk(Some(Salutation::Ba)), Lang::En);
        let kinship = ["bà", "Mr", "Mrs", "Ms", "Lan's"];
        assert!(!kinship.iter().any(|word| spoken.split(' ').any(|w| w == *word)), "{place}: {spoken}");
        assert_eq!(spoken.contains("Hoa"), spoken.contains("Phạm Thị Hoa"), "{place}: {spoken}");
    }
    let older =
        Bilingual { vi: String::new(), en: "Thank you, {salutation} {name}. {salutation}?".to_owned() };
    let spoken = campaign.spoken(&older, &talk(Some(Salutation::Chi)), Lang::En);
    assert_eq!(spoken, "Thank you, Phạm Thị Hoa. Phạm Thị Hoa?");
}

#[test]
fn the_texts_name_known_fields_alone_and_an_unknown_one_stays_as_written() {
    let campaign = campaign();
    for (place, text) in texts(&campaign) {
        for text in [&text.vi, &text.en] {
            let named = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
            let unknown: Vec<_> = named.filter(|field| !SPOKEN_FIELDS.contains(field)).collect();
            assert!(unknown.is_empty(), "{place}: {unknown:?}");
        }
    }
    let every: String = SPOKEN_FIELDS.map(|field| format!("{{{field}}} ")).concat();
    let every = Bilingual { vi: every.clone(), en: every };
    assert!(!campaign.spoken(&every, &talk(None), Lang::Vi).contains('{'));
    let mistake = Bilingual { vi: "dạ {nmae}, {salutation".to_owned(), en: String::new() };
    assert_eq!(campaign.spoken(&mistake, &talk(None), Lang::Vi), "Dạ {nmae}, {salutation");
}

#[test]
fn details_of_an_offer_are_missing_until_a_file_gives_them_in_both_languages() {
    let given = campaign();
    assert_eq!(given.missing_offer_details(), []);
    let bare = Campaign {
        facility: Facility::default(),
        organisation_address: Bilingual::default(),
        ..given.clone()
    };
    assert_eq!(bare.missing_offer_details(), OfferDetail::ALL);
    assert_eq!(bare.problems(), [], "a campaign may be loaded without them");
    let introduce = &bare.script.steps[0].text;
    assert!(bare.spoken(introduce, &talk(None), Lang::Vi).contains("{address}"), "what is missing is seen");

    let mut half = given.clone();
    half.facility.scope.en.clear();
    half.facility.licence = " ".to_owned();
    assert_eq!(half.missing_offer_details(), [OfferDetail::Licence, OfferDetail::Scope]);
    let problems: Vec<String> = half.problems().iter().map(|problem| problem.sentence(Lang::En)).collect();
    assert_eq!(problems, ["facility.scope: needs a text in vi and in en"]);
    let filled = half.with_sample_details().unwrap();
    assert_eq!(filled, given, "what was given stays, what is missing is filled in");
    for detail in OfferDetail::ALL {
        for lang in [Lang::Vi, Lang::En] {
            assert!(!detail.label(lang).starts_with("offer_detail."), "{detail:?}");
        }
    }
}

#[test]
fn an_offer_that_does_not_name_the_facility_is_no_campaign() {
    let mut campaign = campaign();
    campaign.script.steps.retain(|step| step.code != "facility");
    let at = campaign.sms.iter().position(|sms| sms.code == "invite").unwrap();
    campaign.sms[at].text = campaign.sms[at].text.replace("{licence}", "");
    let problems: Vec<String> =
        campaign.problems().iter().map(|problem| problem.sentence(Lang::En)).collect();
    let problems = problems.join("\n");
    for wanted in [
        "no offer step says {scope} (vi)",
        "no offer step says {licence} (en)",
        "sms invite: an advertising message must name {licence}",
    ] {
        assert!(problems.contains(wanted), "{wanted} is missing in:\n{problems}");
    }
    assert!(!problems.contains("must name {scope}"), "{problems}");
}

#[test]
fn the_sample_file_is_a_campaign_file_and_its_invitation_names_everything() {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let dates =
        Dates { from: day(12, 1), to: day(12, 18), consult_until: day(12, 31), handbook_until: day(12, 31) };
    let sample = include_str!("../../../assets/sample/campaign.toml");
    let campaign = Campaign::with_file(sample, dates).unwrap();
    assert_eq!((campaign.problems(), campaign.missing_offer_details()), (vec![], vec![]));
    let details = campaign.message_details();
    let mut values: Vec<_> = details.iter().map(|(field, value)| (*field, value.as_str())).collect();
    values.extend([("hotline", "9090"), ("until", "18/12/2026")]);
    let text = sms::render(&campaign.sms_template("invite").unwrap().text, &values).unwrap();
    assert!(text.is_ascii() && text.starts_with("[QC] MobiFone "), "{text}");
    assert!(text.ends_with("Tu choi: soan TC gui 9090 hoac goi 9090"), "{text}");
    for detail in &details[1..] {
        assert!(text.contains(&detail.1), "{}: {text}", detail.0);
    }
}
