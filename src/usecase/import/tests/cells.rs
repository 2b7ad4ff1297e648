//! What single cells may hold, and how they are read.

use super::super::customers::read_time;
use super::*;

#[test]
fn escape_sequences_never_reach_the_store() {
    let door = hotline();
    load(
        &door,
        &[&[
            "0905000001",
            "\u{1b}[31mNguyễn\u{1b}[0m \u{202e}Văn\u{0} Đỏ",
            "trả sau",
            "412000",
            "\u{1b}]0;x\u{7}Hà Nội",
        ]],
        &evidence(),
    )
    .unwrap();
    let row = door
        .store()
        .read(|tx| -> Result<_, StoreError> {
            tx.one("SELECT name, province FROM customer WHERE phone = 84905000001", &[])
        })
        .unwrap();
    assert_eq!((row.text(0), row.text(1)), (Ok("Nguyễn Văn Đỏ".to_owned()), Ok("Hà Nội".to_owned())));
}

#[test]
fn doubtful_cells_are_warned_about() {
    let door = hotline();
    let report =
        load(&door, &[&["0313821234", "Cũ", "trả sau", "412000", "", "ngài", "hôm qua"]], &evidence())
            .unwrap();
    let codes: Vec<&str> = report.warnings.keys().map(String::as_str).collect();
    assert_eq!(codes, ["phone_old_hai_phong_landline", "salutation_unknown", "sms_sent_at_unreadable"]);
    assert_eq!(report.accepted, 1);
}

#[test]
fn times_are_read_as_lists_write_them() {
    for text in [
        "2026-11-12 09:15",
        "12/11/2026 09:15",
        "12-11-2026 09:15",
        "2026-11-12T09:15:00+07:00",
        "2026-11-12 09:15:00",
    ] {
        assert_eq!(read_time(text), Some(at("2026-11-12T09:15")), "{text}");
    }
    assert_eq!(read_time("12/11/2026"), Some(at("2026-11-12T00:00")));
    for text in ["", "hôm qua", "31/02/2026", "2026-13-01"] {
        assert_eq!(read_time(text), None, "{text}");
    }
}
