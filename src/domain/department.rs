//! The six specialties of the offer. Other departments are outside the programme.

use super::lang::Lang;
use rust_i18n::t;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A specialty of Vinmec Hải Phòng that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Department {
    /// Internal medicine.
    NoiTongHop,
    /// Diagnostic imaging.
    ChanDoanHinhAnh,
    /// Laboratory.
    XetNghiem,
    /// General surgery.
    NgoaiTongHop,
    /// Obstetrics.
    San,
    /// Paediatrics.
    Nhi,
}

impl Department {
    /// All departments, in the programme's order.
    pub const ALL: [Self; 6] =
        [Self::NoiTongHop, Self::ChanDoanHinhAnh, Self::XetNghiem, Self::NgoaiTongHop, Self::San, Self::Nhi];

    /// The public code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoiTongHop => "noi_tong_hop",
            Self::ChanDoanHinhAnh => "chan_doan_hinh_anh",
            Self::XetNghiem => "xet_nghiem",
            Self::NgoaiTongHop => "ngoai_tong_hop",
            Self::San => "san",
            Self::Nhi => "nhi",
        }
    }

    /// Reads a public code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.code() == code)
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("department.{}", self.code()), locale = lang.code()).into_owned()
    }
}
