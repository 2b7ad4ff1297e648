//! What an offer has to name: the caller's address, and of the facility that treats its name, address, licence,
//! opening hours and approved scope (Decree 342/2025 Art. 9). A campaign may be loaded without them; an offer may
//! not go out.

use super::super::lang::{Bilingual, Lang};
use rust_i18n::t;
use serde::{Deserialize, Serialize};

/// The facility whose service is offered. Empty: not given yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facility {
    /// Its name as on the licence.
    pub name: Bilingual,
    /// Where it is.
    pub address: Bilingual,
    /// The number of its operating licence.
    pub licence: String,
    /// When it is open.
    pub hours: Bilingual,
    /// The professional scope that the licence approves.
    pub scope: Bilingual,
}

/// One of the details that an offer has to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferDetail {
    /// The address of the organisation that calls.
    CallerAddress,
    /// The facility's name.
    FacilityName,
    /// The facility's address.
    FacilityAddress,
    /// The number of the facility's licence.
    Licence,
    /// The facility's opening hours.
    Hours,
    /// The approved scope.
    Scope,
}

impl OfferDetail {
    /// Every detail, in the order in which an offer names them.
    pub const ALL: [Self; 6] = [
        Self::CallerAddress,
        Self::FacilityName,
        Self::FacilityAddress,
        Self::Licence,
        Self::Hours,
        Self::Scope,
    ];

    /// Its key in a campaign file.
    pub const fn key(self) -> &'static str {
        match self {
            Self::CallerAddress => "organisation_address",
            Self::FacilityName => "facility.name",
            Self::FacilityAddress => "facility.address",
            Self::Licence => "facility.licence",
            Self::Hours => "facility.hours",
            Self::Scope => "facility.scope",
        }
    }

    /// Its merge field in scripts and messages, without braces.
    pub const fn field(self) -> &'static str {
        match self {
            Self::CallerAddress => "address",
            Self::FacilityName => "facility",
            Self::FacilityAddress => "facility_address",
            Self::Licence => "licence",
            Self::Hours => "hours",
            Self::Scope => "scope",
        }
    }

    /// The name people see.
    pub fn label(self, lang: Lang) -> String {
        t!(format!("offer_detail.{}", self.field()), locale = lang.code()).into_owned()
    }
}
