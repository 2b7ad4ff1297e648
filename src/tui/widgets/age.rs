//! How long something has waited, in the words of a language.

use super::bar::minutes;
use crate::domain::lang::Lang;
use crate::domain::time::DAY_MS;
use crate::tui::say::Say;

/// `52'`, `2 g 10'`, and from two days on `3 ngày`.
pub fn age(ms: i64, lang: Lang) -> String {
    let days = ms.max(0) / DAY_MS;
    if days < 2 { minutes(ms, lang) } else { Say::key("age.days").with("days", days).text(lang) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_waits_are_shown_in_days() {
        assert_eq!(age(DAY_MS, Lang::Vi), "24 g 00'");
        assert_eq!(age(3 * DAY_MS + 5, Lang::Vi), "3 ngày");
        assert_eq!(age(DAY_MS, Lang::En), "24 h 00'");
        assert_eq!(age(-5, Lang::En), "0'");
    }
}
