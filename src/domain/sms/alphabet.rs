//! GSM 7-bit default alphabet (3GPP TS 23.038) or UCS-2, and the cutting into segments.
//!
//! Invariant: segments put together are the text, each fits its segment, and none begins inside an escape pair
//! or a surrogate pair.

/// How a text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Seven bits a character, two units for the extension table.
    Gsm7,
    /// UTF-16 code units.
    Ucs2,
}

impl Encoding {
    /// Units in a message of one segment.
    pub const fn alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// Units in each segment of a longer message, the rest being its header.
    pub const fn joined(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// Units that one character takes; it never spans two segments.
    fn units(self, c: char) -> usize {
        match self {
            Self::Gsm7 => 1 + usize::from(is_extension(c)),
            Self::Ucs2 => c.len_utf16(),
        }
    }
}

/// What a text costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// How it travels.
    pub encoding: Encoding,
    /// Units of the whole text: septets or UTF-16 code units.
    pub units: usize,
    /// Segments; an empty text takes one.
    pub segments: usize,
    /// Units free in the last segment.
    pub free: usize,
}

/// The alphabet, units and segments of a text.
pub fn measure(text: &str) -> Measure {
    let encoding = encoding_of(text);
    let size = |part: &str| part.chars().map(|c| encoding.units(c)).sum::<usize>();
    let parts = segments(text);
    let room = if parts.len() > 1 { encoding.joined() } else { encoding.alone() };
    let last = parts.last().map_or(0, |part| size(part));
    Measure { encoding, units: size(text), segments: parts.len(), free: room - last }
}

/// The text cut as it will be sent; at least one part.
pub fn segments(text: &str) -> Vec<&str> {
    let encoding = encoding_of(text);
    if text.chars().map(|c| encoding.units(c)).sum::<usize>() <= encoding.alone() {
        return vec![text];
    }
    let mut parts = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (at, c) in text.char_indices() {
        let units = encoding.units(c);
        if used + units > encoding.joined() {
            parts.push(&text[start..at]);
            (start, used) = (at, 0);
        }
        used += units;
    }
    parts.push(&text[start..]);
    parts
}

fn encoding_of(text: &str) -> Encoding {
    if text.chars().all(|c| is_basic(c) || is_extension(c)) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// The default table, without the escape itself.
const fn is_basic(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | ' '..='?' | '@' | '_' | '\n' | '\r'
        | '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å'
        | 'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ'
        | 'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | 'Ä' | 'Ö' | 'Ñ' | 'Ü' | '§' | '¿'
        | 'ä' | 'ö' | 'ñ' | 'ü' | 'à')
}

/// The extension table: these are sent as an escape and a second septet.
const fn is_extension(c: char) -> bool {
    matches!(c, '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€')
}
