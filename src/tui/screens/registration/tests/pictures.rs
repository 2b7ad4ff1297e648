//! Snapshots of the screen at two sizes.

use super::*;

#[test]
fn pictures_of_the_search() {
    let mut bench = Bench::of(Role::Agent);
    insta::assert_snapshot!("empty_80", bench.draw(80, 21));
    bench.write("hùng");
    bench.answer(None, Some(hit_list("hùng", hits(), false)));
    insta::assert_snapshot!("hits_80", bench.draw(80, 21));
    insta::assert_snapshot!("hits_120", bench.draw(120, 33));
    let mut by_number = hits();
    by_number.truncate(2);
    by_number[1].matched = Matched::Registration;
    bench.write("91");
    bench.answer(None, Some(hit_list("91", by_number, true)));
    insta::assert_snapshot!("hits_by_number_80", bench.draw(80, 21));
    let mut bench = Bench::of(Role::Agent);
    bench.write("O904");
    let why = Refusal::PhoneInvalid(crate::domain::phone::PhoneError::LetterForZero).into();
    let none =
        Snapshot::Search { text: "O904".to_owned(), hits: Vec::new(), more: false, no_number: Some(why) };
    bench.answer(None, Some(none));
    insta::assert_snapshot!("no_number_80", bench.draw(80, 21));
    let mut bench = Bench::of(Role::Agent);
    bench.write("0904999888");
    bench.answer(None, Some(Snapshot::Customer(unlisted())));
    insta::assert_snapshot!("unlisted_80", bench.draw(80, 21));
    insta::assert_snapshot!("unlisted_120", bench.draw(120, 33));
}

#[test]
fn pictures_of_a_customer() {
    let mut bench = Bench::reading(Role::Agent, hung());
    insta::assert_snapshot!("eligible_120", bench.draw(120, 33));
    bench.enter();
    insta::assert_snapshot!("form_120", bench.draw(120, 33));
    insta::assert_snapshot!("form_80", bench.draw(80, 21));
    let mut child = Bench::reading(Role::Agent, hung());
    child.enter();
    for _ in 0..4 {
        child.tab();
    }
    child.char(' ');
    insta::assert_snapshot!("form_of_a_child_80", child.draw(80, 21));
    bench.char('1');
    bench.enter();
    let receipt = Receipt::Registered { registration: RegistrationId(7), seat: 214 };
    bench.answer(Some(receipt), Some(Snapshot::Customer(registered())));
    insta::assert_snapshot!("seat_120", bench.draw(120, 33));
    insta::assert_snapshot!("seat_80", bench.draw(80, 21));
    let mut customer = registered();
    customer.opted_out = Some(OptOutModel { voice: true, sms: true, at: at("2026-12-01T10:00:00") });
    let mut bench = Bench::reading(Role::Supervisor, customer);
    bench.ctx.lang = Lang::En;
    insta::assert_snapshot!("registered_120_en", bench.draw(120, 33));
    bench.char('c');
    insta::assert_snapshot!("cancel_80", bench.draw(80, 21));
}

#[test]
fn the_strip_of_panes() {
    let strip =
        |bench: &Bench| drawn(80, 1, |frame, area| bench.host.screen.view_strip(frame, area, &bench.ctx));
    let (leads, mut batches) = (Bench::leads(), Bench::batches());
    let vietnamese = strip(&leads) + &strip(&batches);
    batches.ctx.lang = Lang::En;
    insta::assert_snapshot!("strip", vietnamese + &strip(&batches));
}

#[test]
fn pictures_of_leads_and_batches() {
    let bench = Bench::leads();
    insta::assert_snapshot!("leads_120", bench.draw(120, 33));
    insta::assert_snapshot!("leads_80", bench.draw(80, 21));
    let mut bench = Bench::batches();
    insta::assert_snapshot!("batches_120", bench.draw(120, 33));
    insta::assert_snapshot!("batches_80", bench.draw(80, 21));
    bench.press(Key::plain(KeyCode::Down));
    let asked = bench.enter();
    assert_eq!(queries(&asked), [Query::Batch { batch: BatchId(2) }]);
    let row = |id, seat, name: &str, state: &str, reason: Option<&str>| BatchRow {
        registration: RegistrationId(id),
        case: None,
        state: crate::domain::registration::BatchRowState::parse(state).unwrap(),
        reason: reason.map(ToOwned::to_owned),
        seat: Some(seat),
        name: name.to_owned(),
        phone_masked: "0904 *** 456".to_owned(),
        patient: None,
        answer: None,
        earlier_reason: None,
    };
    let model = BatchModel {
        batch: BatchId(2),
        sent_at: at("2026-12-01T16:00:00"),
        checksum: "9f86d081884c7d659a2feaa0c55ad015".to_owned(),
        rows: vec![
            row(7, 1, "Nguyễn Văn Hùng", "accepted", None),
            row(8, 2, "Phạm Thuý", "returned", Some("sai năm sinh")),
            row(9, 3, "Lê Hoà", "sent", None),
        ],
    };
    bench.answer(None, Some(Snapshot::Batch(model)));
    insta::assert_snapshot!("batch_80", bench.draw(80, 21));
    bench.esc();
    assert!(bench.host.screen.batches.open.is_none());
}

/// The words on a screen without its frames, in reading order.
fn words(screen: &str) -> String {
    let words = screen.split(|c: char| c.is_whitespace() || "│▸▌".contains(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_notice_and_the_questions_stand_whole_on_the_smallest_screen_with_every_field_open() {
    for (lang, known) in [(Lang::Vi, Some("anh")), (Lang::Vi, None), (Lang::En, Some("anh"))] {
        let mut customer = unlisted();
        customer.name = "Công Tằng Tôn Nữ Nguyễn Thị Hồng Vân".to_owned();
        customer.salutation = known.map(ToOwned::to_owned);
        customer.eligibility.by_phone = true;
        customer.eligibility.would_wait_at = Some(51);
        let mut bench = Bench::reading(Role::Agent, customer);
        bench.ctx.lang = lang;
        bench.enter();
        for _ in 0..4 {
            bench.tab();
        }
        bench.char(' ');
        let campaign = bench.ctx.campaign.clone();
        let opened = bench.host.screen.opened().unwrap().customer.clone();
        let ctx = bench.ctx.clone();
        let to = crate::tui::call::merge::talk_to(&opened.name, opened.salutation.as_deref(), &ctx);
        let spoken = |text| words(&campaign.spoken(text, &to, lang));
        let items = bench.host.screen.draft_of(&opened.phone).unwrap().form.items().len();
        assert!(items > 11, "the patient's and the representative's fields are open: {items}");
        for _ in 0..items {
            let screen = words(&bench.draw(80, 21));
            assert!(screen.contains(&spoken(&campaign.notice.text)), "{lang:?}\n{}", bench.draw(80, 21));
            let draft = bench.host.screen.draft_of(&opened.phone).unwrap();
            let label = draft.form.focused().unwrap().label.text(lang);
            assert!(screen.contains(&words(&label)), "{label}\n{}", bench.draw(80, 21));
            if let Some(purpose) = draft.asked_purpose() {
                let question = spoken(campaign.notice.question(purpose));
                assert!(screen.contains(&question), "{question}\n{}", bench.draw(80, 21));
            }
            bench.tab();
        }
    }
}
