//! Every figure of law and contract as a dated row: rule, value, first day, source. [`Limits::on`] reads the rows
//! that are in force on a day into plain numbers.

use super::super::calendar::{DailyWindow, MinuteOfDay};
use super::super::contact::{ContactLimits, ProgrammeSpans};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Which figure a row sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitRule {
    /// T1, clock.
    OfferCallOpens,
    /// T1, clock, not included.
    OfferCallCloses,
    /// T2, clock.
    OfferSmsOpens,
    /// T2, clock, not included.
    OfferSmsCloses,
    /// Own rule, clock.
    ServiceCallOpens,
    /// Own rule, clock, not included.
    ServiceCallCloses,
    /// T3: at most one offer attempt that rang per number in that many hours.
    OfferCallGapHours,
    /// T4.
    OfferSmsPer24h,
    /// Retry plan of offers: attempts.
    OfferMaxAttempts,
    /// Own rule: attempts of a service matter.
    ServiceMaxAttempts,
    /// Retry plan of offers: hours.
    OfferRetryHours,
    /// Retry plan of service calls: hours.
    ServiceRetryHours,
    /// T6.
    DncMaxAgeDays,
    /// How long a promised time lifts the hours.
    PromiseGraceMinutes,
    /// How long a promise is its owner's alone.
    PromiseOwnerMinutes,
    /// Hold on a matter.
    LeaseMinutes,
    /// Undo of the last disposition.
    UndoSeconds,
    /// T13: longest waitlist of a full programme with which offers go on.
    OfferWaitlistMax,
    /// Longest consultation.
    ConsultationMinutes,
    /// Grid of appointments.
    GranuleMinutes,
    /// Hold on a slot.
    SlotHoldMinutes,
    /// T14.
    EvidenceKeepYears,
    /// Age from which a patient needs no representative.
    AdultAge,
    /// Age from which a child agrees beside the representative.
    ChildAgreementAge,
    /// Survey after the consultation.
    SurveyWithinDays,
    /// Answer to a data subject, in working days.
    SubjectAnswerWorkingDays,
    /// View or correct one's data.
    SubjectViewDays,
    /// Delete one's data.
    SubjectDeleteDays,
    /// Withdraw consent.
    SubjectWithdrawDays,
    /// Report of a breach.
    BreachReportHours,
    /// Fewest answers from which a rate means something.
    SmallSample,
    /// Most parts of one message.
    SmsMaxSegments,
}

/// A limit's value: a number in the rule's unit, or a time of the day `"HH:MM"` (24:00 is the end of the day).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitValue {
    /// A plain number.
    Number(i64),
    /// Minutes of the day.
    Clock(u32),
}

impl LimitValue {
    /// The number, or the minutes of the day.
    pub const fn as_i64(self) -> i64 {
        match self {
            Self::Number(number) => number,
            Self::Clock(minute) => minute as i64,
        }
    }
}

impl fmt::Display for LimitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Clock(minute) => MinuteOfDay(*minute).fmt(f),
        }
    }
}

impl Serialize for LimitValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Clock(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for LimitValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Raw {
            Number(i64),
            Clock(String),
        }
        match Raw::deserialize(deserializer)? {
            Raw::Number(number) => Ok(Self::Number(number)),
            Raw::Clock(text) => MinuteOfDay::parse(&text).map(|at| Self::Clock(at.0)).ok_or_else(|| {
                de::Error::custom(format!("{text:?} is not a time of the day such as \"08:00\""))
            }),
        }
    }
}

/// One dated row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Which figure.
    pub rule: LimitRule,
    /// Its value.
    pub value: LimitValue,
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// The text it comes from.
    pub source: String,
}

/// All figures in force on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Those of the contact rules.
    pub contact: ContactLimits,
    /// Longest consultation, minutes.
    pub consultation_minutes: i64,
    /// Grid of appointments, minutes.
    pub granule_minutes: i64,
    /// Hold on a slot, minutes.
    pub slot_hold_minutes: i64,
    /// Evidence of opt-in and opt-out is kept at least that long.
    pub evidence_keep_years: i64,
    /// Age from which a patient needs no representative.
    pub adult_age: i64,
    /// Age from which a child agrees beside the representative.
    pub child_agreement_age: i64,
    /// The survey call is due within that many days after the consultation.
    pub survey_within_days: i64,
    /// Answer to a data subject, working days.
    pub subject_answer_working_days: i64,
    /// View or correct, days.
    pub subject_view_days: i64,
    /// Delete, days.
    pub subject_delete_days: i64,
    /// Withdraw, days.
    pub subject_withdraw_days: i64,
    /// Report of a breach, hours.
    pub breach_report_hours: i64,
    /// Fewest answers from which a rate means something.
    pub small_sample: i64,
    /// Most parts of one message.
    pub sms_max_segments: i64,
}

impl LimitRule {
    /// Every rule.
    pub const ALL: [Self; 32] = [
        Self::OfferCallOpens,
        Self::OfferCallCloses,
        Self::OfferSmsOpens,
        Self::OfferSmsCloses,
        Self::ServiceCallOpens,
        Self::ServiceCallCloses,
        Self::OfferCallGapHours,
        Self::OfferSmsPer24h,
        Self::OfferMaxAttempts,
        Self::ServiceMaxAttempts,
        Self::OfferRetryHours,
        Self::ServiceRetryHours,
        Self::DncMaxAgeDays,
        Self::PromiseGraceMinutes,
        Self::PromiseOwnerMinutes,
        Self::LeaseMinutes,
        Self::UndoSeconds,
        Self::OfferWaitlistMax,
        Self::ConsultationMinutes,
        Self::GranuleMinutes,
        Self::SlotHoldMinutes,
        Self::EvidenceKeepYears,
        Self::AdultAge,
        Self::ChildAgreementAge,
        Self::SurveyWithinDays,
        Self::SubjectAnswerWorkingDays,
        Self::SubjectViewDays,
        Self::SubjectDeleteDays,
        Self::SubjectWithdrawDays,
        Self::BreachReportHours,
        Self::SmallSample,
        Self::SmsMaxSegments,
    ];

    /// The public code, as in a campaign file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OfferCallOpens => "offer_call_opens",
            Self::OfferCallCloses => "offer_call_closes",
            Self::OfferSmsOpens => "offer_sms_opens",
            Self::OfferSmsCloses => "offer_sms_closes",
            Self::ServiceCallOpens => "service_call_opens",
            Self::ServiceCallCloses => "service_call_closes",
            Self::OfferCallGapHours => "offer_call_gap_hours",
            Self::OfferSmsPer24h => "offer_sms_per24h",
            Self::OfferMaxAttempts => "offer_max_attempts",
            Self::ServiceMaxAttempts => "service_max_attempts",
            Self::OfferRetryHours => "offer_retry_hours",
            Self::ServiceRetryHours => "service_retry_hours",
            Self::DncMaxAgeDays => "dnc_max_age_days",
            Self::PromiseGraceMinutes => "promise_grace_minutes",
            Self::PromiseOwnerMinutes => "promise_owner_minutes",
            Self::LeaseMinutes => "lease_minutes",
            Self::UndoSeconds => "undo_seconds",
            Self::OfferWaitlistMax => "offer_waitlist_max",
            Self::ConsultationMinutes => "consultation_minutes",
            Self::GranuleMinutes => "granule_minutes",
            Self::SlotHoldMinutes => "slot_hold_minutes",
            Self::EvidenceKeepYears => "evidence_keep_years",
            Self::AdultAge => "adult_age",
            Self::ChildAgreementAge => "child_agreement_age",
            Self::SurveyWithinDays => "survey_within_days",
            Self::SubjectAnswerWorkingDays => "subject_answer_working_days",
            Self::SubjectViewDays => "subject_view_days",
            Self::SubjectDeleteDays => "subject_delete_days",
            Self::SubjectWithdrawDays => "subject_withdraw_days",
            Self::BreachReportHours => "breach_report_hours",
            Self::SmallSample => "small_sample",
            Self::SmsMaxSegments => "sms_max_segments",
        }
    }

    /// Whether the value is a time of the day.
    pub const fn is_clock(self) -> bool {
        matches!(
            self,
            Self::OfferCallOpens
                | Self::OfferCallCloses
                | Self::OfferSmsOpens
                | Self::OfferSmsCloses
                | Self::ServiceCallOpens
                | Self::ServiceCallCloses
        )
    }
}

impl Limit {
    /// Whether this row, rather than `kept`, is the one in force on `date`: the latest that has begun, or else the
    /// first that will.
    fn wins_over(&self, kept: &Self, date: NaiveDate) -> bool {
        match (self.valid_from <= date, kept.valid_from <= date) {
            (true, true) => self.valid_from >= kept.valid_from,
            (false, false) => self.valid_from < kept.valid_from,
            (begun, _) => begun,
        }
    }
}

impl Limits {
    /// The figures in force on `date`. A rule without any row reads as 0; no store takes such a
    /// campaign, because [`super::Campaign::problems`] names the rule.
    pub fn on(rows: &[Limit], programme: ProgrammeSpans, date: NaiveDate) -> Self {
        // One pass: this is asked on every claim.
        let mut in_force: [Option<&Limit>; LimitRule::ALL.len()] = [None; LimitRule::ALL.len()];
        for row in rows {
            if let Some(kept) = in_force.get_mut(row.rule as usize)
                && kept.is_none_or(|kept| row.wins_over(kept, date))
            {
                *kept = Some(row);
            }
        }
        let value = |rule: LimitRule| {
            in_force.get(rule as usize).copied().flatten().map_or(0, |row| row.value.as_i64())
        };
        let window = |opens: LimitRule, closes: LimitRule| DailyWindow {
            opens_minute: value(opens) as u32,
            closes_minute: value(closes) as u32,
        };
        Self {
            contact: ContactLimits {
                offer_call: window(LimitRule::OfferCallOpens, LimitRule::OfferCallCloses),
                offer_sms: window(LimitRule::OfferSmsOpens, LimitRule::OfferSmsCloses),
                service_call: window(LimitRule::ServiceCallOpens, LimitRule::ServiceCallCloses),
                offer_call_gap_hours: value(LimitRule::OfferCallGapHours),
                offer_sms_per_24h: value(LimitRule::OfferSmsPer24h),
                offer_max_attempts: value(LimitRule::OfferMaxAttempts),
                service_max_attempts: value(LimitRule::ServiceMaxAttempts),
                offer_retry_hours: value(LimitRule::OfferRetryHours),
                service_retry_hours: value(LimitRule::ServiceRetryHours),
                dnc_max_age_days: value(LimitRule::DncMaxAgeDays),
                promise_grace_minutes: value(LimitRule::PromiseGraceMinutes),
                promise_owner_minutes: value(LimitRule::PromiseOwnerMinutes),
                lease_minutes: value(LimitRule::LeaseMinutes),
                undo_seconds: value(LimitRule::UndoSeconds),
                offer_waitlist_max: value(LimitRule::OfferWaitlistMax),
                programme,
            },
            consultation_minutes: value(LimitRule::ConsultationMinutes),
            granule_minutes: value(LimitRule::GranuleMinutes),
            slot_hold_minutes: value(LimitRule::SlotHoldMinutes),
            evidence_keep_years: value(LimitRule::EvidenceKeepYears),
            adult_age: value(LimitRule::AdultAge),
            child_agreement_age: value(LimitRule::ChildAgreementAge),
            survey_within_days: value(LimitRule::SurveyWithinDays),
            subject_answer_working_days: value(LimitRule::SubjectAnswerWorkingDays),
            subject_view_days: value(LimitRule::SubjectViewDays),
            subject_delete_days: value(LimitRule::SubjectDeleteDays),
            subject_withdraw_days: value(LimitRule::SubjectWithdrawDays),
            breach_report_hours: value(LimitRule::BreachReportHours),
            small_sample: value(LimitRule::SmallSample),
            sms_max_segments: value(LimitRule::SmsMaxSegments),
        }
    }
}
