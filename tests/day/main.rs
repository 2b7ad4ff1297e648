//! Plays a whole day at the real program through a pseudo-terminal: a call becomes a registration, a hand-over, a
//! booking, a consultation and a survey, by keys alone. Also tests sizes, bursts, pastes and signals.

mod setup;
mod terminal;

use setup::Hospital;
use terminal::{CTRL_Q, ENTER, ESC, F1, F2, F3, F5, FRAME_BEGINS, FRAME_ENDS, Terminal, tab};

const DESIGN: (u16, u16) = (120, 36);

#[test]
fn one_customer_goes_the_whole_way_by_keys_alone() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);

    // The agent: "agreed" waits for the script, and one form later the seat is taken.
    at.sees("lấy khách kế tiếp").press(ENTER).sees("Nguyễn Văn Hùng").sees("☐ Giới thiệu");
    at.press("1").sees("Chưa đủ các bước bắt buộc");
    at.press("   ").sees("☑ Giới thiệu  ☑ Ghi âm  ☑ Thông báo");
    at.press("1").sees("Hết suất thì vào danh sách chờ");
    at.press("123").sees("☑ 3").press(ENTER).sees("Đã đăng ký · suất 1").sees(" 1/5");

    // The supervisor hands it over.
    at.become_person("Hà").press(&tab(2)).press(F5).sees("1 đăng ký chờ bàn giao");
    at.press("h").sees("Bàn giao 1 đăng ký cho Vinmec?").press("\t").press(ENTER).sees("Đã bàn giao đợt 1");

    // Intake takes the batch in, calls, screens, books the next free slot and tells the customer.
    at.become_person("Thu").press(&tab(3)).sees("Chờ liên hệ 0");
    at.press(F3)
        .sees("⚠ 1")
        .press(ENTER)
        .sees("A nhận 1")
        .press("a")
        .sees("Nhận 1 khách của đợt 1?")
        .press("\t")
        .press(ENTER)
        .sees("Đã nhận 1 dòng");
    at.press(F2).sees("Chờ liên hệ 1").press(ENTER).sees("Em là Thu");
    at.press(ENTER).sees("Nhu cầu").press("hay meejt, hoir veef huyeest asp");
    at.sees("hay mệt, hỏi về huyết áp").sees("Nội tổng hợp").sees("ThS.BS Mai");
    at.press(ENTER)
        .sees("0/10")
        .press("a")
        .sees("10 dấu hiệu còn lại")
        .press("\t")
        .press(ENTER)
        .sees("đã hỏi hết, không có dấu hiệu");
    at.press(ENTER).sees("và đã báo khách");

    // The doctor sees it on the day, starts, records.
    at.become_person("Bác sĩ Mai").sees("hay mệt, hỏi về huyết áp").sees("đã báo khách");
    at.press("b").sees("Bắt đầu tư vấn cho").press("\t").press(ENTER).sees("Đã bắt đầu tư vấn");
    at.press("r").sees("Đã khuyên đến khám trực tiếp").press(ENTER).sees("Tóm tắt");
    at.press("nghir ngowi").sees("nghỉ ngơi").press(ENTER).sees("Ghi đã tư vấn").press("\t").press(ENTER);
    at.sees("Đã ghi kết quả tư vấn");

    // The survey is not done by the agent who registered the customer, but by a colleague.
    at.become_person("Lan").press(&tab(4)).sees("Chờ khảo sát").press(ENTER).sees("do anh/chị đăng ký");
    at.become_person("Minh").press(&tab(4)).sees("lấy khách kế tiếp").press(ENTER).sees("Kết thúc…");
    at.press("  ").sees("☑ Giới thiệu  ☑ Ghi âm").press(ENTER).sees("Câu 1/7").press("7").press(ENTER);
    for question in 2..=5 {
        at.sees(&format!("Câu {question}/7")).press("5").press(ENTER);
    }
    at.sees("Câu 6/7").press("10").press(ENTER).sees("Câu 7/7").press("1").press(ENTER);
    at.sees("Có thể để trống").press(ENTER).sees("Đã lưu khảo sát").sees("+100");

    // The overview counts it, and every promise still holds.
    at.press(&tab(5)).sees("Phễu").sees("Đã khảo sát");
    at.until("one at every step", |screen| {
        let counted = |step: &str| {
            screen
                .lines()
                .find_map(|line| line.split(step).nth(1))
                .is_some_and(|rest| rest.split_whitespace().next() == Some("1"))
        };
        ["Đã tư vấn", "Đã khảo sát"].into_iter().all(counted)
    });
    at.press("q");
    assert!(at.ends());
    assert!(hospital.is_sound());
}

#[test]
fn telex_bursts_and_pastes_leave_the_field_right() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);
    at.sees("lấy khách kế tiếp").press(&tab(2)).sees("F2");
    at.press("nguyeexn vawn hungf").sees("nguyễn văn hùng").sees("0904 *** 401");
    // Two hundred keys in one write: each letter and its removal, then a word.
    at.press("\x15").sees_no("nguyễn văn hùng").press(&"b\x7f".repeat(98)).press("hoaf").sees("hòa");
    at.sees("Trần Thị Hoa");
    // A paste longer than any field: the field takes what it may and the program goes on.
    at.press("\x15").sees_no("hòa");
    at.press(&format!("\x1b[200~{}\x1b[201~", "x".repeat(10_000))).sees("xxxxxxxxxxxxxxxxxxxx");
    at.press("\x15").sees_no("xxxx").press("vawn").sees("văn").press(F1).sees("Phím bấm");
    at.press(ESC).sees_no("Phím bấm").press(CTRL_Q);
    assert!(at.ends());
}

#[test]
fn esc_keeps_what_was_typed() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);
    at.sees("lấy khách kế tiếp").press(ENTER).sees("Nguyễn Văn Hùng");
    at.press("n").sees("Ghi chú cuộc gọi").press("gojix sau 17h").sees("gõi sau 17h");
    at.press(ESC).sees_no("Ghi chú cuộc gọi");
    at.press("n").sees("Ghi chú cuộc gọi").sees("gõi sau 17h").press(ESC).sees_no("Ghi chú cuộc gọi");
    // Leaving asks, because the call has no result yet.
    at.press(CTRL_Q).sees("Vẫn thoát?").press(ESC).sees_no("Vẫn thoát?");
    // No answer: two keys, and nothing is open any more.
    at.press("5").sees("lấy khách kế tiếp").press(CTRL_Q);
    assert!(at.ends());
}

#[test]
fn a_number_pasted_without_brackets_into_a_call_is_looked_up_and_records_nothing() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);
    at.sees("lấy khách kế tiếp").press(ENTER).sees("Nguyễn Văn Hùng");
    at.press("0901234567").sees("0901 234 567");
    at.press(&tab(1)).sees("☐ Giới thiệu").press("5").sees("lấy khách kế tiếp").press(CTRL_Q);
    assert!(at.ends());
}

#[test]
fn keys_typed_at_one_stroke_record_every_call() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);
    at.sees("lấy khách kế tiếp").press(&"\r5".repeat(3));
    at.until("three calls to make again", |screen| {
        screen.lines().any(|line| line.contains("Gọi sau") && line.contains(" 3 "))
    });
    at.press(CTRL_Q);
    assert!(at.ends() && hospital.is_sound());
}

#[test]
fn nothing_acts_behind_a_window_that_is_too_small() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);
    at.sees("lấy khách kế tiếp").press(ENTER).sees("☐ Giới thiệu");
    at.resize(40, 12).sees("quá nhỏ").press("45q ").press(CTRL_Q).sees("câu hỏi");
    at.resize(120, 36).sees("Vẫn thoát?").press(ESC).sees_no("Vẫn thoát?").sees("☐ Giới thiệu");
    at.press("5").sees("lấy khách kế tiếp").press(CTRL_Q);
    assert!(at.ends());
}

#[test]
fn frames_are_synchronized_output() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "lan", DESIGN);
    at.sees("lấy khách kế tiếp");
    let (begun, ended) = (at.wrote(FRAME_BEGINS), at.wrote(FRAME_ENDS));
    assert!(begun > 0 && begun == ended, "{begun} {ended}");
}

#[test]
fn any_size_is_survived_and_a_signal_gives_the_terminal_back() {
    let hospital = Hospital::open();
    let mut at = Terminal::open(&hospital.store(), "ha", (80, 24));
    at.sees("lấy khách kế tiếp").sees("0/5");
    assert!(at.screen().alternate_screen() && at.screen().bracketed_paste());
    at.resize(20, 5).sees("quá nhỏ").resize(1, 1).resize(200, 60).sees("5 Tổng quan").sees("còn 14 ngày");
    at.resize(80, 24).sees("5 Tổng quan");
    at.terminate();
    assert!(at.ends());
    let screen = at.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
}
