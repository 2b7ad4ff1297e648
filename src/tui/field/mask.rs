//! Fields with a fixed form: digits, `dd/MM/yyyy`, `HH:mm`. The person types digits; the field inserts the separators
//! itself, and Backspace steps over them.

use super::state::{Field, Kind, Word};

/// Whether a character occurs in a phone number as people write it.
pub(super) const fn phone_char(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | ' ' | '.' | '-' | '(' | ')')
}

/// How many digits come before each separator, and the separator.
const fn form(kind: Kind) -> (&'static [usize], char, usize) {
    match kind {
        Kind::Date => (&[2, 4], '/', 8),
        Kind::Time => (&[2], ':', 4),
        Kind::Digits | Kind::Text | Kind::Note | Kind::Code | Kind::Phone => (&[], ' ', usize::MAX),
    }
}

impl Field {
    /// Types a character into a masked field: a digit is inserted; a separator after one digit inserts a leading zero.
    pub(super) fn mask_char(&mut self, c: char) {
        let (breaks, separator, room) = form(self.kind);
        let mut digits = self.digits();
        let mut at = self.digits_before_caret();
        if c.is_ascii_digit() && digits.len() < room.min(self.max) {
            digits.insert(at, c);
            at += 1;
        } else if !c.is_ascii_digit() && !c.is_alphanumeric() && separator != ' ' {
            let begin = breaks.iter().rev().find(|b| **b <= at).copied().unwrap_or(0);
            if at == digits.len() && at == begin + 1 && breaks.iter().any(|b| *b == begin + 2) {
                digits.insert(begin, '0');
                at += 1;
            }
        }
        self.mask_set(&digits, at);
    }

    /// Removes the digit before the caret.
    pub(super) fn mask_backspace(&mut self) {
        let mut digits = self.digits();
        let at = self.digits_before_caret();
        if at > 0 {
            digits.remove(at - 1);
            self.mask_set(&digits, at - 1);
        }
    }

    /// Restores the separators after a part was removed.
    pub(super) fn mask_again(&mut self) {
        let (digits, at) = (self.digits(), self.digits_before_caret());
        self.mask_set(&digits, at);
    }

    fn digits(&self) -> String {
        self.text.chars().filter(char::is_ascii_digit).collect()
    }

    fn digits_before_caret(&self) -> usize {
        self.text[..self.caret].chars().filter(char::is_ascii_digit).count()
    }

    fn mask_set(&mut self, digits: &str, caret: usize) {
        let (breaks, separator, _) = form(self.kind);
        let mut text = String::new();
        let mut at = 0;
        for (i, digit) in digits.chars().enumerate() {
            if breaks.contains(&i) {
                text.push(separator);
            }
            if i == caret {
                at = text.len();
            }
            text.push(digit);
        }
        if caret >= digits.len() {
            if breaks.contains(&digits.len()) {
                text.push(separator);
            }
            at = text.len();
        }
        self.text = text;
        self.caret = at;
        self.word = Word::None;
    }
}
