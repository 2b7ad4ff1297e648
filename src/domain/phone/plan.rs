//! The numbering plan as tables: which two digits begin a mobile number, who was given them, and how the
//! eleven-digit numbers were renumbered in 2018. Source: the numbering plan of Circular
//! 22/2014/TT-BTTTT with its amendments (055 Wintel and 087 iTel came later and give no hint).

use super::super::lang::Lang;
use rust_i18n::t;

/// The carrier of a prefix before numbers became portable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// MobiFone.
    MobiFone,
    /// Viettel.
    Viettel,
    /// VinaPhone.
    VinaPhone,
    /// Vietnamobile.
    Vietnamobile,
    /// Gmobile.
    Gmobile,
}

impl Carrier {
    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MobiFone => "mobifone",
            Self::Viettel => "viettel",
            Self::VinaPhone => "vinaphone",
            Self::Vietnamobile => "vietnamobile",
            Self::Gmobile => "gmobile",
        }
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("carrier.{}", self.code()), locale = lang.code()).into_owned()
    }
}

/// True when national numbers (without the leading zero) that begin with these two digits, 0–99, are mobile.
///
/// 30 and 31 were not assigned; they stay acceptable, and 31 carries a warning.
pub(super) const fn is_mobile_prefix(two: u8) -> bool {
    matches!(two, 30..=39 | 51 | 52 | 55 | 56 | 58 | 59 | 70 | 76..=79 | 81..=99)
}

/// The carrier of the prefix, 0–99.
pub(super) const fn carrier(two: u8) -> Option<Carrier> {
    match two {
        70 | 76..=79 | 89 | 90 | 93 => Some(Carrier::MobiFone),
        32..=39 | 86 | 96..=98 => Some(Carrier::Viettel),
        81..=85 | 88 | 91 | 94 => Some(Carrier::VinaPhone),
        52 | 56 | 58 | 92 => Some(Carrier::Vietnamobile),
        59 | 99 => Some(Carrier::Gmobile),
        _ => None,
    }
}

/// The two digits that replaced a three-digit prefix of eleven-digit numbers (120 → 70).
pub(super) const fn renumbered(three: u16) -> Option<u8> {
    Some(match three {
        120 => 70,
        121 => 79,
        122 => 77,
        126 => 76,
        128 => 78,
        123 => 83,
        124 => 84,
        125 => 85,
        127 => 81,
        129 => 82,
        162..=169 => (three - 162) as u8 + 32,
        186 => 56,
        188 => 58,
        199 => 59,
        _ => return None,
    })
}
