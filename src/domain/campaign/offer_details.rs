//! Which details of an offer a campaign gives, which texts leave one out, and the invented details of a simulated
//! store.

use super::super::contact::{Purpose, SmsPurpose};
use super::super::lang::{Bilingual, Lang};
use super::super::text;
use super::facility::{Facility, OfferDetail};
use super::problems::{Fault, Problem};
use super::script::SmsTemplate;
use super::{Campaign, CampaignError};
use serde::Deserialize;

/// Invented details for simulated stores; the same file shows how a campaign file gives the real ones.
const SAMPLE: &str = include_str!("../../../assets/sample/campaign.toml");

/// The parts of a campaign file that name them.
#[derive(Deserialize)]
struct Details {
    organisation_address: Bilingual,
    facility: Facility,
}

impl Campaign {
    /// A detail in that language; empty when it is not given.
    pub fn offer_detail(&self, detail: OfferDetail, lang: Lang) -> &str {
        match detail {
            OfferDetail::CallerAddress => self.organisation_address.get(lang),
            OfferDetail::FacilityName => self.facility.name.get(lang),
            OfferDetail::FacilityAddress => self.facility.address.get(lang),
            OfferDetail::Licence => &self.facility.licence,
            OfferDetail::Hours => self.facility.hours.get(lang),
            OfferDetail::Scope => self.facility.scope.get(lang),
        }
    }

    /// The details that are not given in both languages. Empty: offers may go out.
    pub fn missing_offer_details(&self) -> Vec<OfferDetail> {
        let is_missing =
            |detail: &OfferDetail| [Lang::Vi, Lang::En].iter().any(|lang| self.lacks(*detail, *lang));
        OfferDetail::ALL.into_iter().filter(is_missing).collect()
    }

    /// Whether a detail is not given in that language.
    pub(super) fn lacks(&self, detail: OfferDetail, lang: Lang) -> bool {
        self.offer_detail(detail, lang).trim().is_empty()
    }

    /// The values of the details in messages: Vietnamese without accents.
    pub fn message_details(&self) -> Vec<(&'static str, String)> {
        let value = |detail: OfferDetail| text::without_accents(self.offer_detail(detail, Lang::Vi));
        OfferDetail::ALL.into_iter().map(|detail| (detail.field(), value(detail))).collect()
    }

    /// Every text of an offer that leaves out a detail, and every detail that is given in one language alone.
    pub(super) fn check_offer_details(&self, found: &mut Vec<Problem>) {
        let script = |lang: Lang| -> String {
            self.script.steps_for(Purpose::Offer).map(|step| step.text.get(lang)).collect()
        };
        for detail in OfferDetail::ALL {
            let (key, field) = (detail.key(), format!("{{{}}}", detail.field()));
            if self.lacks(detail, Lang::Vi) != self.lacks(detail, Lang::En) {
                found.push(Problem::new(key, Fault::NotInBothLanguages));
            }
            for lang in [Lang::Vi, Lang::En] {
                if !script(lang).contains(&field) {
                    found.push(Problem::new("script", Fault::OfferSilent { field: detail.field(), lang }));
                }
            }
            // A message comes under the sender's registered name, which stands for its address.
            let is_offer = |sms: &&SmsTemplate| sms.purpose == SmsPurpose::Offer;
            if detail != OfferDetail::CallerAddress {
                let silent = self.sms.iter().filter(is_offer).filter(|sms| !sms.text.contains(&field));
                let fault = Fault::MessageSilent { field: detail.field() };
                found.extend(silent.map(|sms| Problem::new(format!("sms {}", sms.code), fault.clone())));
            }
        }
    }

    /// The campaign with invented examples in the place of the details that are missing: for simulated stores.
    ///
    /// # Errors
    /// Only when the sample file is broken, which a test excludes.
    pub fn with_sample_details(mut self) -> Result<Self, CampaignError> {
        let sample: Details = toml::from_str(SAMPLE).map_err(|error| CampaignError(error.to_string()))?;
        for detail in self.missing_offer_details() {
            match detail {
                OfferDetail::CallerAddress => {
                    self.organisation_address.clone_from(&sample.organisation_address);
                }
                OfferDetail::FacilityName => self.facility.name.clone_from(&sample.facility.name),
                OfferDetail::FacilityAddress => self.facility.address.clone_from(&sample.facility.address),
                OfferDetail::Licence => self.facility.licence.clone_from(&sample.facility.licence),
                OfferDetail::Hours => self.facility.hours.clone_from(&sample.facility.hours),
                OfferDetail::Scope => self.facility.scope.clone_from(&sample.facility.scope),
            }
        }
        Ok(self)
    }
}
