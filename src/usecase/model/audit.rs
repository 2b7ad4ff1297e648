//! The audit log in the words of the screen's language. Rows are stored in public codes, which the hash chain covers and
//! machines read; people read these words.
//!
//! Invariants:
//! - a code without words is shown as it is stored: a row of a later version still says what it says;
//! - nothing is added that the row does not hold.

use super::staff::AuditLine;
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::figure::Figure;
use crate::domain::id::MatterId;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use rust_i18n::t;

/// Fields whose values are codes, with the locale keys under which the codes have their words.
const VALUES: &[(&str, &[&str])] = &[
    ("role", &["role"]),
    ("department", &["department"]),
    ("method", &["method"]),
    ("state", &["state"]),
    ("kind", &["task.kind"]),
    ("party", &["consent.party"]),
    ("purpose", &["consent"]),
    ("outcome", &["schedule.outcome"]),
    ("by", &["schedule.by"]),
    ("reason", &["calls.pause_code"]),
    ("channel", &["reg.channel", "audit.value.channel"]),
    ("contact", &["audit.value.contact"]),
    ("entrance", &["audit.value.entrance"]),
    ("verdict", &["audit.value.verdict"]),
    ("seat_freed", &["audit.value.bool"]),
    ("given", &["audit.value.bool"]),
    ("changed", &["campaign.part", "field"]),
    ("phones", &["audit.value.phones"]),
];

impl AuditLine {
    /// What was done: `ghi kết quả gọi`.
    pub fn action_words(&self, lang: Lang) -> String {
        find(&format!("audit.action.{}", self.action), lang).unwrap_or_else(|| self.action.clone())
    }

    /// What it was done to: `hồ sơ 12`.
    pub fn subject_words(&self, lang: Lang) -> String {
        subject_words(&self.subject, lang)
    }

    /// How it ended and with what: `kết quả: máy bận; trạng thái: đang chờ`.
    pub fn detail_words(&self, lang: Lang) -> String {
        let parts = self.detail.split_whitespace().map(|part| match part.split_once('=') {
            Some((field, value)) => self.field_words(field, value, lang),
            None => bare_word(part, lang),
        });
        parts.collect::<Vec<_>>().join("; ")
    }

    fn field_words(&self, field: &str, value: &str, lang: Lang) -> String {
        let label = find(&format!("audit.field.{field}"), lang)
            .or_else(|| find(&format!("field.{field}"), lang))
            .unwrap_or_else(|| field.to_owned());
        format!("{label}: {}", self.value_words(field, value, lang))
    }

    fn value_words(&self, field: &str, value: &str, lang: Lang) -> String {
        if field == "disposition"
            && let Some(disposition) = Disposition::parse(value)
        {
            return match self.purpose() {
                Some(purpose) => disposition.label_for(purpose, lang),
                None => disposition.label(lang),
            };
        }
        if field == "owner" && value.is_empty() {
            return t!("audit.value.nobody", locale = lang.code()).into_owned();
        }
        if field == "paused_seconds"
            && let Ok(seconds) = value.parse::<u64>()
        {
            return format!("{}:{:02}", seconds / 60, seconds % 60);
        }
        if field == "figure"
            && let Some(figure) = Figure::parse(value)
        {
            return figure.label(None, lang);
        }
        let Some((_, keys)) = VALUES.iter().find(|(of, _)| *of == field) else { return shown(value) };
        let words = value.split(',').map(|code| {
            let found = keys.iter().find_map(|key| find(&format!("{key}.{code}"), lang));
            found.unwrap_or_else(|| code.to_owned())
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// The purpose of the call that the row is about: "agreed" means another thing in a survey than in an offer.
    fn purpose(&self) -> Option<Purpose> {
        let id = self.subject.strip_prefix("matter:")?.parse().ok()?;
        Purpose::of_matter(MatterId(id)).map(|(_, purpose)| purpose)
    }
}

/// A subject such as `case:12` in words: `hồ sơ 12`.
pub fn subject_words(subject: &str, lang: Lang) -> String {
    let (kind, id) = subject.split_once(':').unwrap_or((subject, ""));
    let own = || find(&format!("audit.subject.{kind}"), lang);
    let Some(kind_words) = own().or_else(|| find(&format!("word.{kind}"), lang)) else {
        return subject.to_owned();
    };
    match (kind, id) {
        (_, "") | ("number" | "register", _) => kind_words,
        ("queue", purpose) => match Purpose::parse(purpose) {
            Some(purpose) => format!("{kind_words} {}", purpose.label(lang)),
            None => format!("{kind_words} {purpose}"),
        },
        ("day", id) => match id.split_once(':') {
            Some((doctor, date)) => format!("{kind_words} {doctor} {}", shown(date)),
            None => format!("{kind_words} {id}"),
        },
        _ => format!("{kind_words} {id}"),
    }
}

fn bare_word(code: &str, lang: Lang) -> String {
    let keys = ["audit.word", "department", "state"];
    let found = keys.iter().find_map(|key| find(&format!("{key}.{code}"), lang));
    found.unwrap_or_else(|| code.to_owned())
}

/// A time or a day as people of the programme write it; anything else as it is.
fn shown(value: &str) -> String {
    if let Some(at) = Timestamp::parse(value) {
        return at.dmy_hm();
    }
    value.parse().map_or_else(|_| value.to_owned(), |date| Timestamp::start_of(date).dmy())
}

/// The words under a key; none when there are no such words.
fn find(key: &str, lang: Lang) -> Option<String> {
    Some(t!(key, locale = lang.code()).into_owned()).filter(|words| words != key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(action: &str, subject: &str, detail: &str) -> AuditLine {
        AuditLine {
            writer: 1,
            seq: 1,
            at: Timestamp::ZERO,
            staff: "lan".to_owned(),
            os_user: String::new(),
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        }
    }

    fn spoken(action: &str, subject: &str, detail: &str, lang: Lang) -> String {
        let line = line(action, subject, detail);
        format!("{} · {} · {}", line.action_words(lang), line.subject_words(lang), line.detail_words(lang))
    }

    #[test]
    fn every_command_has_words_in_both_languages() {
        let source = include_str!("../command/mod.rs");
        let table = source.split("pub const fn name(").nth(1).and_then(|rest| rest.split("\n    }").next());
        let names: Vec<&str> = table
            .into_iter()
            .flat_map(|table| table.split("=> \"").skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(names.len() > 40, "the table was not found: {names:?}");
        for name in names {
            for lang in [Lang::Vi, Lang::En] {
                assert!(find(&format!("audit.action.{name}"), lang).is_some(), "{name} {lang:?}");
            }
        }
    }

    #[test]
    fn a_row_reads_as_a_sentence_of_the_screens_language() {
        let rows = [
            (
                ("record_call", "matter:41", "disposition=busy state=waiting late"),
                "ghi kết quả gọi · đầu việc 41 · kết quả: Máy bận; trạng thái: đang chờ; ghi muộn",
                "recorded a call · matter 41 · result: Busy; state: waiting; late",
            ),
            (
                ("book", "appointment:7", "case=3 doctor=2 starts_at=2026-12-03T08:30:00.000+07:00"),
                "đặt lịch · lịch hẹn 7 · hồ sơ: 3; bác sĩ: 2; giờ bắt đầu: 03/12/2026 08:30",
                "booked · appointment 7 · case: 3; doctor: 2; start: 03/12/2026 08:30",
            ),
            (
                ("open_day", "day:4:2026-12-01", ""),
                "mở lịch ngày · lịch bác sĩ 4 01/12/2026 · ",
                "opened a day · day of doctor 4 01/12/2026 · ",
            ),
            (
                ("load_campaign", "campaign:3", "version=3 changed=quota,limit"),
                "nạp chương trình · chương trình 3 · phiên bản: 3; đã đổi: số suất, giới hạn",
                "loaded a campaign · programme 3 · version: 3; changed: seats, limits",
            ),
            (
                ("assign_task", "task:5", "owner="),
                "giao việc · việc 5 · người làm: chưa ai",
                "assigned a task · task 5 · owner: nobody",
            ),
            (
                ("resume", "staff:lan", "paused_seconds=754"),
                "làm tiếp · nhân viên lan · đã nghỉ: 12:34",
                "went on · staff lan · paused: 12:34",
            ),
            (
                ("export_people", "store", "figure=ended:declined rows=317 phones=whole"),
                "xuất danh sách người · kho · con số: Kết thúc: Từ chối tham gia; số dòng: 317; số điện thoại: đủ số",
                "exported a list of people · store · figure: Ended: Declined; rows: 317; phone numbers: whole",
            ),
        ];
        for ((action, subject, detail), vi, en) in rows {
            assert_eq!(spoken(action, subject, detail, Lang::Vi), vi);
            assert_eq!(spoken(action, subject, detail, Lang::En), en);
        }
    }

    #[test]
    fn agreed_means_what_the_call_was_for() {
        let matter = |purpose: Purpose| format!("matter:{}", 40 + purpose.index());
        let words = |purpose| spoken("record_call", &matter(purpose), "disposition=agreed", Lang::En);
        assert!(words(Purpose::Offer).contains("Agreed to register"), "{}", words(Purpose::Offer));
        assert!(words(Purpose::Survey).contains("Answered the survey"), "{}", words(Purpose::Survey));
    }

    #[test]
    fn a_code_of_a_later_version_is_shown_as_it_is() {
        assert_eq!(spoken("fly", "moon:3", "speed=9 high", Lang::Vi), "fly · moon:3 · speed: 9; high");
    }
}
