use super::compose::{TypingMode, compose, keys_for};
use super::{EDIT_KEYS, Field, Kind, Pressed};
use crate::tui::input::{Key, KeyCode};
use proptest::prelude::*;
use rstest::rstest;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

const TELEX: TypingMode = TypingMode::Telex;
const VNI: TypingMode = TypingMode::Vni;

fn press(field: &mut Field, code: KeyCode) -> Pressed {
    field.press(Key::plain(code), TELEX)
}

/// Types `keys`; `<` is Backspace, `^` is Ctrl-Z.
fn typed(kind: Kind, mode: TypingMode, keys: &str) -> Field {
    let mut field = Field::new(kind);
    for key in keys.chars() {
        match key {
            '<' => field.press(Key::plain(KeyCode::Backspace), mode),
            '^' => field.press(Key::ctrl('z'), mode),
            c => field.press(Key::char(c), mode),
        };
    }
    field
}

fn telex(keys: &str) -> String {
    typed(Kind::Text, TELEX, keys).text().to_owned()
}

fn vni(keys: &str) -> String {
    typed(Kind::Text, VNI, keys).text().to_owned()
}

#[rstest]
#[case("Hari Phongf", "Hải Phòng")]
#[case("HAIR PHONGF", "HẢI PHÒNG")]
#[case("Nguyeenx Vawn Hungf", "Nguyễn Văn Hùng")]
#[case("NGUYEENX THIJ HOAF", "NGUYỄN THỊ HÒA")]
#[case("DDoox Thij Anhs", "Đỗ Thị Ánh")]
#[case("Ddoox", "Đỗ")]
#[case("hoaf thuyr quys giaf gif", "hòa thủy quý già gì")]
#[case("thuowr nghieengs khuyur ngoeor", "thuở nghiếng khuỷu ngoẻo")]
#[case("aaa ass ddd uww", "aa as dd uw")]
#[case("class Windows", "class Ưindows")]
#[case("Lee Chaan, 12/3 Tran Phus", "Lê Chân, 12/3 Tran Phú")]
#[case("A10 B12 covid19", "A10 B12 covid19")]
#[case("H'Hen Nieen", "H'Hen Niên")]
#[case("toansf toansz", "toàn toan")]
#[case("window windows tests", "ưindow ưindows tets")]
#[case("DDawsk Lawsk", "Đắk Lắk")]
#[case("aib aisb", "aib áib")]
#[case("DDawks Lawks", "Đắk Lắk")]
#[case("DDAWKS NOONG", "ĐẮK NÔNG")]
#[case("Mloo Kroong Kpaw Blook Byaw Hmoong", "Mlô Krông Kpă Blôk Byă Hmông")]
#[case("Bkroong Kbuoor Ksowr Hddowk EEnuool", "Bkrông Kbuôr Ksơr Hđơk Ênuôl")]
#[case("Chuw Proong, Kon Ploong, M'Drawks, Adrowng", "Chư Prông, Kon Plông, M'Drắk, Adrơng")]
#[case("truwongwf dduwocwj nguwoiwf", "trường được người")]
#[case("TRUWONGWF DDuwocwj Nguwoiwf", "TRƯỜNG Được Người")]
#[case("truwongww truongww", "trươngw trươngw")]
#[case("Kpaww Krooong Kpawww", "Kpaw Kroong Kpaww")]
fn telex_spells(#[case] keys: &str, #[case] text: &str) {
    assert_eq!(telex(keys), text);
}

#[rstest]
#[case("Ha3i Pho2ng", "Hải Phòng")]
#[case("HA3I PHO2NG", "HẢI PHÒNG")]
#[case("Nguye64n Va8n Hu2ng", "Nguyễn Văn Hùng")]
#[case("D9o64 Thi5 A1nh", "Đỗ Thị Ánh")]
#[case("hoa2 thuy3", "hòa thủy")]
#[case("A10", "A10")]
#[case("B12", "B12")]
#[case("12 thang 3", "12 thang 3")]
#[case("covid19", "covid19")]
#[case("nguoi72", "người")]
#[case("viet659", "việt9")]
#[case("D9a8k1 La8k1", "Đắk Lắk")]
#[case("Mlo6 Kro6ng Kpa8 Blo6k Bya8 Hmo6ng", "Mlô Krông Kpă Blôk Byă Hmông")]
#[case("tru7ong72 d9u7oc75 ngu7oi72", "trường được người")]
fn vni_spells(#[case] keys: &str, #[case] text: &str) {
    assert_eq!(vni(keys), text);
}

/// Words and names of other languages, as they came out before highland names could be typed.
#[rstest]
#[case(
    "bloom blood blow blown bleed brown brook brawl break",
    "bloom blood blow blown bleed brown brook brawl break"
)]
#[case("draw drew drawn dream groom grow green growth", "draw drew drawn dream groom grow green growth")]
#[case(
    "press prawn proof plow pleas pleek glow gloom glee",
    "press prawn proof plow pleas pleek glow gloom glee"
)]
#[case(
    "Kraft Klaus Kremlin Krishna Christ Chrome Srinivas",
    "Kraft Klaus Kremlin Krishna Christ Chrome Srinivas"
)]
#[case("know knee byway bylaw bypass", "know knee byway bylaw bypass")]
fn words_with_foreign_beginnings_stay_as_typed(#[case] keys: &str, #[case] text: &str) {
    assert_eq!(telex(keys), text);
}

#[test]
fn ctrl_z_gives_the_keys_of_a_highland_name_back() {
    assert_eq!(telex("DDawks^"), "DDawks");
    assert_eq!(telex("Kroong^"), "Kroong");
    assert_eq!(telex("Krooong<<<<ng"), "Krng");
    assert_eq!(telex("DDawks<k"), "Đắk", "and typing goes on after a Backspace");
}

#[test]
fn off_and_masked_fields_take_keys_as_they_are() {
    assert_eq!(typed(Kind::Text, TypingMode::Off, "vieejt").text(), "vieejt");
    assert_eq!(typed(Kind::Phone, VNI, "0901 234.567a").text(), "0901 234.567");
    assert_eq!(typed(Kind::Digits, VNI, "a12b3").text(), "123");
}

#[test]
fn backspace_removes_what_is_seen_and_typing_goes_on() {
    assert_eq!(telex("vieejt<"), "việ");
    assert_eq!(telex("vieejt<<"), "vi");
    assert_eq!(telex("vieejt<<<<"), "");
    assert_eq!(telex("vieejt<t"), "việt");
    assert_eq!(telex("hoaf<a"), "hòa".nfc().collect::<String>().as_str());
    assert_eq!(telex("vieet<tj"), "việt");
    assert_eq!(telex("HOAF<AN"), "HÒAN".replace("ÒA", "OÀ"));
    assert_eq!(vni("vie65t<t"), "việt");
}

#[test]
fn ctrl_z_gives_the_keys_back_and_then_takes_words_back() {
    let mut field = typed(Kind::Text, TELEX, "Anh class test");
    assert_eq!(field.text(), "Anh class tét");
    assert!(field.composing());
    assert_eq!(field.press(Key::ctrl('z'), TELEX), Pressed::Edited);
    assert_eq!(field.text(), "Anh class test");
    assert_eq!(telex("windows^s"), "windowss");
    field.press(Key::ctrl('u'), TELEX);
    field.press(Key::ctrl('z'), TELEX);
    assert_eq!(field.text(), "Anh class test");
    for left in ["Anh class ", "Anh class", "Anh ", "Anh", ""] {
        assert_eq!(field.press(Key::ctrl('z'), TELEX), Pressed::Edited, "{left}");
        assert_eq!(field.text(), left);
    }
    assert_eq!(field.press(Key::ctrl('z'), TELEX), Pressed::Taken, "it is the field's key all the same");
}

#[test]
fn esc_is_no_key_of_a_field_and_changes_no_text() {
    let mut field = typed(Kind::Note, TELEX, "khachs henj");
    assert_eq!((field.text(), field.composing()), ("khách hẹn", true));
    assert_eq!(press(&mut field, KeyCode::Esc), Pressed::Ignored);
    assert_eq!(field.text(), "khách hẹn");
}

/// What stands in a field holding `text` after one key.
fn after(kind: Kind, text: &str, key: Key) -> (String, usize, bool) {
    let mut field = Field::new(kind).holding(text);
    field.press(key, TELEX);
    (field.text().to_owned(), field.caret(), field.is_selected())
}

#[test]
fn what_was_filled_in_is_replaced_by_typing() {
    let mut quota = Field::new(Kind::Digits).holding("500");
    assert!(quota.is_selected());
    for digit in ['3', '0', '1'] {
        quota.press(Key::char(digit), TELEX);
    }
    assert_eq!(quota.text(), "301");
    assert!(!quota.is_selected());
    let mut name = Field::new(Kind::Text).holding("Hùng");
    for key in "Nguyeenx".chars() {
        name.press(Key::char(key), TELEX);
    }
    assert_eq!(name.text(), "Nguyễn");
    name.press(Key::ctrl('z'), TELEX);
    name.press(Key::ctrl('z'), TELEX);
    assert_eq!(name.text(), "Hùng", "what was replaced comes back");
    let mut time = Field::new(Kind::Time).holding("08:00");
    time.press(Key::char('x'), TELEX);
    assert_eq!((time.text(), time.is_selected()), ("08:00", true), "what it does not take replaces nothing");
    time.paste("9:30");
    assert_eq!(time.text(), "09:30");
    let mut phone = Field::new(Kind::Phone).holding("0904 123 456");
    phone.paste("\u{200b}");
    assert_eq!(phone.text(), "0904 123 456");
    phone.paste("0912345678");
    assert_eq!(phone.text(), "0912345678");
}

#[test]
fn moving_drops_the_selection_and_erasing_clears_it() {
    let plain = Key::plain;
    let kept = |caret| ("Hoa".to_owned(), caret, false);
    assert_eq!(after(Kind::Text, "Hoa", plain(KeyCode::Left)), kept(0));
    assert_eq!(after(Kind::Text, "Hoa", plain(KeyCode::Home)), kept(0));
    assert_eq!(after(Kind::Text, "Hoa", plain(KeyCode::Right)), kept(3));
    assert_eq!(after(Kind::Text, "Hoa", plain(KeyCode::End)), kept(3));
    for key in [plain(KeyCode::Backspace), plain(KeyCode::Delete), Key::ctrl('w'), Key::ctrl('k')] {
        assert_eq!(after(Kind::Text, "Hoa", key), (String::new(), 0, false), "{key}");
        assert_eq!(after(Kind::Date, "03/12/2026", key), (String::new(), 0, false), "{key}");
    }
    assert_eq!(after(Kind::Text, "Hoa", plain(KeyCode::Tab)), ("Hoa".to_owned(), 3, true));
    let mut moved = Field::new(Kind::Text).holding("Hoa");
    press(&mut moved, KeyCode::End);
    moved.press(Key::char('n'), TELEX);
    assert_eq!(moved.text(), "Hoan");
}

#[test]
fn a_note_is_gone_on_with() {
    let mut note = Field::new(Kind::Note).holding("Gọi lại");
    assert!(!note.is_selected());
    note.press(Key::char('!'), TELEX);
    assert_eq!(note.text(), "Gọi lại!");
    let mut field = Field::new(Kind::Text);
    field.set("Hùng");
    assert!(!field.is_selected(), "what a person had typed before is not replaced");
}

/// What an input method outside sends to turn `before` into `after`: Backspaces, then the rest.
fn burst(before: &str, after: &str) -> String {
    let common = before.graphemes(true).zip(after.graphemes(true)).take_while(|(a, b)| a == b).count();
    let mut keys = "<".repeat(before.graphemes(true).count() - common);
    keys.extend(after.graphemes(true).skip(common));
    keys
}

/// The key stream of an input method outside while a person types `keys`.
fn unikey(keys: &str, mode: TypingMode) -> String {
    let mut stream = String::new();
    let (mut word, mut shown) = (String::new(), String::new());
    for key in keys.chars() {
        if mode.composes(key) {
            word.push(key);
            let next = compose(&word, mode);
            stream.push_str(&burst(&shown, &next));
            shown = next;
        } else {
            stream.push(key);
            word.clear();
            shown.clear();
        }
    }
    stream
}

#[test]
fn finished_letters_from_outside_stay_finished() {
    for keys in ["Nguyeenx Vawn Hungf", "aaa bbb", "toans ass DDOONGF", "hoaf hoanf", "ddawks lawks"] {
        let wanted: String = keys.split(' ').map(|w| compose(w, TELEX)).collect::<Vec<_>>().join(" ");
        assert_eq!(telex(&unikey(keys, TELEX)), wanted, "{keys}");
    }
    assert_eq!(telex("tiếngs"), "tiếngs");
    assert_eq!(telex("e\u{302}\u{301}"), "ế");
}

#[test]
fn a_paste_is_clean_ends_the_word_and_is_cut_to_fit() {
    let mut field = typed(Kind::Text, TELEX, "ho");
    field.paste("a\u{1b}[31m\u{202e}\r\nHa\u{309}i\u{200b}");
    assert_eq!(field.text(), "hoa[31m  Hải");
    field.press(Key::char('s'), TELEX);
    assert_eq!(field.text(), "hoa[31m  Hảis");
    let mut short = Field::new(Kind::Text).max(4);
    short.paste("Nguyễn");
    assert_eq!(short.text(), "Nguy");
    short.press(Key::char('e'), TELEX);
    assert_eq!(short.text(), "Nguy");
    let mut zalgo = Field::new(Kind::Text);
    zalgo.paste(&format!("a{}b", "\u{301}".repeat(50)));
    assert!(zalgo.text().nfd().count() <= 5);
    let mut date = Field::new(Kind::Date);
    date.paste("3/12/2026");
    assert_eq!(date.text(), "03/12/2026");
}

#[test]
fn masks_place_their_separators() {
    assert_eq!(typed(Kind::Date, TELEX, "03122026").text(), "03/12/2026");
    assert_eq!(typed(Kind::Date, TELEX, "3/2/2026").text(), "03/02/2026");
    assert_eq!(typed(Kind::Date, TELEX, "031<<").text(), "0");
    assert_eq!(typed(Kind::Date, TELEX, "0312202699").text(), "03/12/2026");
    assert_eq!(typed(Kind::Time, TELEX, "0930").text(), "09:30");
    assert_eq!(typed(Kind::Time, TELEX, "9:30").text(), "09:30");
    assert!(typed(Kind::Date, TELEX, "31/02/2026").date().is_none());
    assert!(typed(Kind::Date, TELEX, "03122026").date().is_some());
    assert!(typed(Kind::Time, TELEX, "2460").time().is_none());
}

#[test]
fn the_caret_moves_by_letters_and_words() {
    let mut field = Field::new(Kind::Text);
    field.set("Đỗ Thị Ánh");
    press(&mut field, KeyCode::Left);
    press(&mut field, KeyCode::Backspace);
    assert_eq!(field.text(), "Đỗ Thị Áh");
    field.press(Key::plain(KeyCode::Left).with_ctrl(), TELEX);
    field.press(Key::ctrl('w'), TELEX);
    assert_eq!(field.text(), "Đỗ Áh");
    press(&mut field, KeyCode::Home);
    press(&mut field, KeyCode::Delete);
    assert_eq!(field.text(), "ỗ Áh");
    press(&mut field, KeyCode::End);
    field.press(Key::ctrl('u'), TELEX);
    assert!(field.is_empty());
    assert_eq!(press(&mut field, KeyCode::Tab), Pressed::Ignored);
}

#[test]
fn nothing_typed_shows_in_debug() {
    assert!(!format!("{:?}", typed(Kind::Text, TELEX, "Hungf")).contains('H'));
}

#[test]
fn editing_keys_do_not_clash() {
    let field = Field::new(Kind::Text);
    let rows: Vec<_> = EDIT_KEYS.iter().map(|b| b.row(&field)).collect();
    assert_eq!(crate::tui::keys::clashes(&rows), Vec::<String>::new());
}

const INITIALS: &[&str] = &[
    "", "b", "c", "ch", "d", "đ", "g", "gh", "h", "k", "kh", "l", "m", "n", "ng", "ngh", "nh", "p", "ph",
    "q", "r", "s", "t", "th", "tr", "v", "x",
];

/// Rimes with the place of the tone marked by a combining dot above after the letter that carries it.
const RIMES: &[&str] = &[
    "a\u{307}",
    "a\u{307}c",
    "a\u{307}ch",
    "a\u{307}i",
    "a\u{307}m",
    "a\u{307}n",
    "a\u{307}ng",
    "a\u{307}nh",
    "a\u{307}o",
    "a\u{307}p",
    "a\u{307}t",
    "a\u{307}u",
    "a\u{307}y",
    "ă\u{307}c",
    "ă\u{307}m",
    "ă\u{307}n",
    "ă\u{307}ng",
    "ă\u{307}p",
    "ă\u{307}t",
    "â\u{307}c",
    "â\u{307}m",
    "â\u{307}n",
    "â\u{307}ng",
    "â\u{307}p",
    "â\u{307}t",
    "â\u{307}u",
    "â\u{307}y",
    "e\u{307}",
    "e\u{307}c",
    "e\u{307}m",
    "e\u{307}n",
    "e\u{307}ng",
    "e\u{307}o",
    "e\u{307}p",
    "e\u{307}t",
    "ê\u{307}",
    "ê\u{307}ch",
    "ê\u{307}m",
    "ê\u{307}n",
    "ê\u{307}nh",
    "ê\u{307}p",
    "ê\u{307}t",
    "ê\u{307}u",
    "i\u{307}",
    "i\u{307}a",
    "i\u{307}ch",
    "iê\u{307}c",
    "iê\u{307}m",
    "iê\u{307}n",
    "iê\u{307}ng",
    "iê\u{307}p",
    "iê\u{307}t",
    "iê\u{307}u",
    "i\u{307}m",
    "i\u{307}n",
    "i\u{307}nh",
    "i\u{307}p",
    "i\u{307}t",
    "i\u{307}u",
    "o\u{307}",
    "o\u{307}a",
    "oa\u{307}c",
    "oa\u{307}ch",
    "oa\u{307}i",
    "oa\u{307}n",
    "oa\u{307}ng",
    "oa\u{307}nh",
    "oa\u{307}t",
    "oa\u{307}y",
    "oă\u{307}c",
    "oă\u{307}n",
    "oă\u{307}ng",
    "oă\u{307}t",
    "o\u{307}c",
    "o\u{307}e",
    "oe\u{307}n",
    "oe\u{307}o",
    "oe\u{307}t",
    "o\u{307}i",
    "o\u{307}m",
    "o\u{307}n",
    "o\u{307}ng",
    "o\u{307}p",
    "o\u{307}t",
    "ô\u{307}",
    "ô\u{307}c",
    "ô\u{307}i",
    "ô\u{307}m",
    "ô\u{307}n",
    "ô\u{307}ng",
    "ô\u{307}p",
    "ô\u{307}t",
    "ơ\u{307}",
    "ơ\u{307}i",
    "ơ\u{307}m",
    "ơ\u{307}n",
    "ơ\u{307}p",
    "ơ\u{307}t",
    "u\u{307}",
    "u\u{307}a",
    "uâ\u{307}n",
    "uâ\u{307}t",
    "uâ\u{307}y",
    "u\u{307}c",
    "uê\u{307}",
    "uê\u{307}ch",
    "u\u{307}i",
    "u\u{307}m",
    "u\u{307}n",
    "u\u{307}ng",
    "uô\u{307}c",
    "uô\u{307}i",
    "uô\u{307}m",
    "uô\u{307}n",
    "uô\u{307}ng",
    "uô\u{307}t",
    "u\u{307}p",
    "u\u{307}t",
    "u\u{307}y",
    "uy\u{307}a",
    "uyê\u{307}n",
    "uyê\u{307}t",
    "uy\u{307}nh",
    "uy\u{307}t",
    "uy\u{307}u",
    "ư\u{307}",
    "ư\u{307}a",
    "ư\u{307}c",
    "ư\u{307}i",
    "ư\u{307}ng",
    "ươ\u{307}c",
    "ươ\u{307}i",
    "ươ\u{307}m",
    "ươ\u{307}n",
    "ươ\u{307}ng",
    "ươ\u{307}p",
    "ươ\u{307}t",
    "ươ\u{307}u",
    "ư\u{307}t",
    "ư\u{307}u",
    "y\u{307}",
    "yê\u{307}m",
    "yê\u{307}n",
    "yê\u{307}t",
    "yê\u{307}u",
];

const TONES: &[&str] = &["", "\u{301}", "\u{300}", "\u{309}", "\u{303}", "\u{323}"];

/// Every syllable of the two tables that people could write, in the old tone places.
fn syllables() -> Vec<String> {
    let mut all = Vec::new();
    for initial in INITIALS {
        for rime in RIMES {
            let letters: String = rime.chars().filter(|c| *c != '\u{307}').collect();
            if *initial == "q"
                && (["uya", "uyu"].contains(&&*letters)
                    || !(letters.starts_with("uy") || letters.starts_with("uâ") || letters.starts_with("uê")))
            {
                continue;
            }
            // After q the u is no vowel, so the tone of `quy` stands on the y.
            let rime = if *initial == "q" && *rime == "u\u{307}y" { "uy\u{307}" } else { rime };
            // `g` and an i-rime make `gi`, whose i is no vowel before another one.
            if *initial == "g" && letters.starts_with('i') && letters.len() > 1 {
                continue;
            }
            for tone in TONES {
                all.push(format!("{initial}{}", rime.replace('\u{307}', tone)).nfc().collect());
            }
        }
    }
    all
}

/// What goes wrong with one syllable: its own keys, in three cases; a burst from an input method outside; the
/// finished letters; and going on after a Backspace.
fn check(syllable: &str, mode: TypingMode, turn: usize) -> Vec<String> {
    let thorough = turn.is_multiple_of(19);
    let mut wrong = Vec::new();
    let mut expect = |keys: &str, wanted: &str| {
        let text = typed(Kind::Text, mode, keys).text().to_owned();
        if text != wanted {
            wrong.push(format!("{keys} gives {text}, not {wanted}"));
        }
    };
    let mut chars = syllable.chars();
    let title: String = chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default();
    let cases = [syllable.to_owned(), syllable.to_uppercase(), title];
    for (i, wanted) in cases.into_iter().enumerate() {
        // Neighbours differ in their tone alone, so the cases take turns.
        if !thorough && (turn + turn / TONES.len()) % 3 != i {
            continue;
        }
        let keys = keys_for(&wanted, mode).unwrap_or_default();
        expect(&keys, &wanted);
        if thorough {
            expect(&unikey(&keys, mode), &wanted);
            expect(&format!("{keys}b<"), &wanted);
            if !wanted.is_ascii() {
                expect(&wanted, &wanted);
            }
        }
    }
    wrong
}

#[test]
fn every_syllable_can_be_typed_in_telex_and_vni_in_every_case() {
    let all = syllables();
    assert!(all.len() > 20_000, "{}", all.len());
    for mode in [TELEX, VNI] {
        let wrong: Vec<_> = all.iter().enumerate().flat_map(|(i, s)| check(s, mode, i)).collect();
        assert!(
            wrong.is_empty(),
            "{} wrong in {mode:?}, such as {:?}",
            wrong.len(),
            &wrong[..wrong.len().min(30)]
        );
    }
}

proptest! {
    #[test]
    fn any_keys_keep_the_field_sound(keys in "[a-zA-Z0-9<^ ếđ]{0,40}", mode in 0usize..3, max in 1usize..30) {
        let mode = [TELEX, VNI, TypingMode::Off][mode];
        let mut field = Field::new(Kind::Text).max(max);
        for key in keys.chars() {
            match key {
                '<' => field.press(Key::plain(KeyCode::Backspace), mode),
                '^' => field.press(Key::plain(KeyCode::Left), mode),
                c => field.press(Key::char(c), mode),
            };
            prop_assert!(field.text().is_char_boundary(field.caret()));
            prop_assert!(is_nfc(field.text()));
            prop_assert!(field.text().graphemes(true).count() <= max);
        }
    }

    #[test]
    fn composing_loses_no_letter(keys in "[a-z]{1,12}") {
        // Every letter that is no mark key of Telex is still there, in order.
        let plain = |t: &str| t.nfd().map(|c| if c == 'đ' { 'd' } else { c })
            .filter(|c| c.is_ascii_alphabetic() && !"sfrxjzwaeod".contains(*c)).collect::<String>();
        let kept = plain(&compose(&keys, TELEX)).replace('u', "");
        prop_assert_eq!(kept, plain(&keys).replace('u', ""));
    }

    #[test]
    fn a_backspace_removes_one_letter_that_is_seen(keys in "[a-z]{1,10}") {
        let before = telex(&keys);
        let after = telex(&format!("{keys}<"));
        let mut shorter: Vec<_> = before.graphemes(true).collect();
        shorter.pop();
        prop_assert_eq!(after, shorter.concat());
    }
}
