//! Segment arithmetic at its edges, templates as the campaign writes them.

use super::*;
use crate::domain::lang::Lang;
use proptest::prelude::*;

#[test]
fn segments_change_exactly_at_the_limits() {
    for (text, encoding, units, count, free) in [
        (String::new(), Encoding::Gsm7, 0, 1, 160),
        ("a".repeat(160), Encoding::Gsm7, 160, 1, 0),
        ("a".repeat(161), Encoding::Gsm7, 161, 2, 145),
        ("a".repeat(306), Encoding::Gsm7, 306, 2, 0),
        ("a".repeat(307), Encoding::Gsm7, 307, 3, 152),
        ("[".repeat(80), Encoding::Gsm7, 160, 1, 0),
        (format!("{}€", "a".repeat(159)), Encoding::Gsm7, 161, 2, 145),
        ("ế".repeat(70), Encoding::Ucs2, 70, 1, 0),
        ("ế".repeat(71), Encoding::Ucs2, 71, 2, 63),
        ("ế".repeat(134), Encoding::Ucs2, 134, 2, 0),
        ("ế".repeat(135), Encoding::Ucs2, 135, 3, 66),
        ("👍".repeat(35), Encoding::Ucs2, 70, 1, 0),
    ] {
        assert_eq!(
            measure(&text),
            Measure { encoding, units, segments: count, free },
            "{} chars",
            text.chars().count()
        );
    }
}

#[test]
fn a_pair_is_never_split() {
    let text = format!("{}[{}", "a".repeat(152), "b".repeat(20));
    assert_eq!(segments(&text)[0].len(), 152);
    let text = format!("{}👍{}", "ế".repeat(66), "ế".repeat(20));
    assert_eq!(segments(&text)[0].chars().count(), 66);
}

#[test]
fn vietnamese_needs_ucs2_and_plain_text_does_not() {
    for (text, encoding) in [
        ("Kinh moi anh Hung", Encoding::Gsm7),
        ("@£$¥èéùìò Øø Åå ΔΦΓΛΩΠΨΣΘΞ ÆæßÉ ¤ ¡ ÄÖÑÜ§¿äöñüà", Encoding::Gsm7),
        ("a`b", Encoding::Ucs2),
        ("đ", Encoding::Ucs2),
        ("ç", Encoding::Ucs2),
    ] {
        assert_eq!(measure(text).encoding, encoding, "{text}");
    }
}

#[test]
fn a_template_is_filled_once_and_completely() {
    let values = [("name", "Hùng {seat}"), ("seat", "214"), ("link", " ")];
    assert_eq!(render("Chào {name}, suất {seat}.", &values).unwrap(), "Chào Hùng {seat}, suất 214.");
    assert_eq!(render("{nobody}", &values), Err(TemplateError::NoValue("nobody".into())));
    assert_eq!(render("{link}", &values), Err(TemplateError::NoValue("link".into())));
    for broken in ["{name", "name}", "{}", "{Tên}", "{na me}", "{{name}}"] {
        assert_eq!(render(broken, &values), Err(TemplateError::Braces), "{broken}");
    }
    assert_eq!(fields("{name} {seat} {name}").unwrap(), ["name", "seat", "name"]);
    assert_eq!(render("{name}", &[("name", "a\u{1b}[31mb\nc")]).unwrap(), "ab c");
}

#[test]
fn an_advertisement_is_labelled_and_ends_with_how_to_refuse() {
    let good = "[QC] MobiFone mời anh/chị tư vấn sức khỏe miễn phí. Gọi 9090. Từ chối nhận tin: soạn TC gửi 9090 hoặc gọi 9090.";
    assert_eq!(check_ad_template(good), []);
    assert_eq!(check_ad_template(&good[5..]), [AdProblem::NotLabelled]);
    for (text, problems) in [
        ("[QC] Mời anh/chị gọi 9090.", vec![AdProblem::NoOptOutAtTheEnd]),
        ("[QC] Từ chối soạn TC gửi 9090. Mời anh/chị gọi 9090", vec![AdProblem::NoOptOutAtTheEnd]),
        ("[QC] Mời gọi. Từ chối nhận tin", vec![AdProblem::NoOptOutAtTheEnd]),
        ("[QC] Mời gọi. Tu choi soan TC gui {hotline} hoac goi {hotline}", vec![]),
        ("[QC] Mời gọi. Tu choi soan TC gui {hotline}", vec![AdProblem::NoOptOutAtTheEnd]),
        ("[QC] Mời gọi. Tu choi goi {hotline}", vec![AdProblem::NoOptOutAtTheEnd]),
        (" [QC] x", vec![AdProblem::NotLabelled, AdProblem::NoOptOutAtTheEnd]),
    ] {
        assert_eq!(check_ad_template(text), problems, "{text}");
    }
}

#[test]
fn every_problem_has_a_sentence() {
    for lang in [Lang::Vi, Lang::En] {
        let sentences = [
            AdProblem::NotLabelled.sentence(lang),
            AdProblem::NoOptOutAtTheEnd.sentence(lang),
            TemplateError::Braces.sentence(lang),
        ];
        assert!(sentences.iter().all(|s| !s.starts_with("sms.")), "{sentences:?}");
        assert!(TemplateError::NoValue("seat".into()).sentence(lang).contains("{seat}"));
    }
}

proptest! {
    #[test]
    fn segments_join_to_the_text_and_fit(text in "[a-z\\[€]{0,400}|[a-zếđ👍]{0,200}") {
        let parts = segments(&text);
        prop_assert_eq!(parts.concat(), text.clone());
        let whole = measure(&text);
        prop_assert_eq!(whole.segments, parts.len());
        let room = if parts.len() > 1 { whole.encoding.joined() } else { whole.encoding.alone() };
        prop_assert!(whole.free <= room);
        if whole.encoding == Encoding::Ucs2 {
            prop_assert!(parts.iter().all(|part| part.encode_utf16().count() <= room));
        }
    }
}
