//! The state of the open case: the need, the checklist, the offered slots, and what is saved. The call desk keeps its
//! call, when there is one.
//!
//! Invariants:
//! * the next command follows from [`Progress`] alone ([`Intake::next_command`]), so that a refusal in the middle of
//!   "route, hold, book, inform, close" leaves the form as it is, and Enter continues from there;
//! * a person answers every flag before a slot can be taken;
//! * a flag answered yes or unsure can only end in 115.

use crate::domain::appointment::AppointmentState;
use crate::domain::case::CaseState;
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::id::{AppointmentId, CaseId};
use crate::domain::time::Timestamp;
use crate::domain::triage::{Suggestion, suggest_department};
use crate::tui::call::desk::{OpenCall, Part};
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::typed::{About, Typed};
use crate::usecase::command::{Book, Command, Method, TellCustomer, ToldBy, Triage};
use crate::usecase::model::case::{AppointmentLine, CaseFile, CaseLine, Slot};
use crate::usecase::receipt::Receipt;

use super::checklist::Checklist;
use super::offer::Offer;
use std::collections::BTreeMap;

const NEED: &str = "need";
const WHY: &str = "method_reason";
const VIDEO: &str = "video";
const DEPARTMENT: &str = "department";

/// What the person typed and chose. It is kept when the call ends without a booking.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The need: what the customer wants advice on.
    pub need: Field,
    /// The reason for video.
    pub why: Field,
    /// Whether the consultation is by video.
    pub video: bool,
    /// The department a person chose; none: the suggested one.
    pub chosen: Option<Department>,
}

impl Draft {
    fn new() -> Self {
        Self {
            need: Field::new(Kind::Note).max(500).placeholder("schedule.need_placeholder"),
            why: Field::new(Kind::Text).max(200).placeholder("schedule.why_placeholder"),
            video: false,
            chosen: None,
        }
    }
}

/// A slot that is held while the customer decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The held appointment.
    pub appointment: AppointmentId,
    /// The doctor and the time.
    pub slot: Slot,
    /// Until when it is held.
    pub until: Timestamp,
}

/// What is already saved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The routing as it was saved last.
    pub routed: Option<Triage>,
    /// The held slot.
    pub held: Option<Held>,
    /// The booked appointment.
    pub booked: Option<AppointmentId>,
    /// Whether the customer is informed.
    pub told: bool,
}

/// The goal of a sequence of commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Send the customer to 115: route with the flags.
    Divert,
    /// Hold the slot while the customer decides.
    Hold(Slot),
    /// Book it, record that the customer on the phone is informed, end the call.
    Book(Slot),
}

/// The open case.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// The case.
    pub case: CaseId,
    /// The name of the patient or the customer.
    pub name: String,
    /// The masked number, shown while there is no call.
    pub phone_masked: String,
    /// The case with its health text, once read.
    pub file: Option<CaseFile>,
    /// What was typed.
    pub draft: Draft,
    /// The departments that the words of the need suggest.
    pub suggestion: Option<Suggestion>,
    /// The red-flag checklist of the department.
    pub checklist: Checklist,
    /// The offered slots of the department.
    pub offer: Offer,
    /// What is already saved.
    pub progress: Progress,
}

impl Intake {
    /// A case whose call was claimed or resumed; none when the card names no case.
    pub fn of_call(call: &CallPanel, ctx: &Ctx) -> Option<Self> {
        Some(Self::empty(call.card.case?, call.card.name.clone(), String::new(), ctx))
    }

    /// A case opened without a call.
    pub fn of_line(line: &CaseLine, ctx: &Ctx) -> Self {
        Self::empty(line.case, line.name.clone(), line.phone_masked.clone(), ctx)
    }

    /// A case of which only the id is known until it is read.
    pub fn of_case(case: CaseId, ctx: &Ctx) -> Self {
        Self::empty(case, String::new(), String::new(), ctx)
    }

    fn empty(case: CaseId, name: String, phone_masked: String, ctx: &Ctx) -> Self {
        Self {
            case,
            name,
            phone_masked,
            file: None,
            draft: Draft::new(),
            suggestion: None,
            checklist: Checklist::new(&ctx.campaign.red_flags, Department::NoiTongHop),
            offer: Offer::default(),
            progress: Progress::default(),
        }
    }

    /// This case with what was typed for it before.
    pub fn take_draft(&mut self, draft: Draft, ctx: &Ctx) {
        self.draft = draft;
        self.retarget(ctx);
    }

    /// What the typed text belongs to: the call, or the case when there is no call.
    pub fn about(&self, call: Option<&OpenCall<()>>) -> About {
        call.map_or(About::Case(self.case), |call| About::Matter(call.panel.card.matter))
    }

    /// The unsent text to save as a draft; none when there is neither a call nor text.
    pub fn typed(&self, call: Option<&OpenCall<()>>) -> Option<(About, Typed)> {
        let Draft { need, why, video, chosen } = &self.draft;
        let department = chosen.map(|department| (DEPARTMENT.to_owned(), department.code().to_owned()));
        let video = video.then(|| (VIDEO.to_owned(), "1".to_owned()));
        let texts = [(NEED, need), (WHY, why)].map(|(id, field)| {
            Some((id.to_owned(), field.text().to_owned())).filter(|(_, text)| !text.is_empty())
        });
        let fields = texts.into_iter().flatten().chain(department).chain(video);
        let typed = match call {
            Some(OpenCall { panel, part: Part::Detail(detail), .. }) => {
                panel.typed(detail.part(), fields.chain(detail.form.typed()).collect())
            }
            Some(OpenCall { panel, .. }) => panel.typed(String::new(), fields.collect()),
            // A saved routing has the need, so the draft leaves it out.
            None if need.is_empty() || self.is_routed() || self.progress.booked.is_some() => return None,
            None => Typed { who: self.name.clone(), fields: fields.collect(), ..Typed::default() },
        };
        Some((self.about(call), typed))
    }

    /// Fills in a draft after a lost connection. The flags have to be answered anew.
    pub fn retype(&mut self, typed: &Typed, ctx: &Ctx) {
        let text = |id: &str| typed.fields.iter().find(|(name, _)| name == id).map(|(_, text)| text.as_str());
        let mut draft = Draft::new();
        draft.need.set(text(NEED).unwrap_or_default());
        draft.why.set(text(WHY).unwrap_or_default());
        draft.video = text(VIDEO).is_some();
        draft.chosen = text(DEPARTMENT).and_then(Department::parse);
        self.take_draft(draft, ctx);
    }

    /// Fills in the data of the store without overwriting what was typed.
    pub fn take_file(&mut self, file: CaseFile, ctx: &Ctx) {
        if self.name.is_empty() {
            self.name = file.patient.clone().unwrap_or_else(|| file.name.clone());
        }
        self.phone_masked.clone_from(&file.phone_masked);
        if self.draft.need.is_empty() {
            self.draft.need.set(file.need.as_deref().unwrap_or_default());
        }
        if self.draft.chosen.is_none() {
            self.draft.chosen = file.department;
        }
        if file.method.as_deref().and_then(Method::parse) == Some(Method::Video) {
            self.draft.video = true;
            if self.draft.why.is_empty() {
                self.draft.why.set(file.method_reason.as_deref().unwrap_or_default());
            }
        }
        if self.progress.held.is_none() {
            self.progress.held = file.appointments.iter().find_map(held);
        }
        let missing = file.screening_missing;
        let routed = file.state == CaseState::Triaged && file.red_flags.is_empty() && !missing;
        self.file = Some(file);
        self.retarget(ctx);
        if missing {
            self.progress.routed = None;
        } else if routed && self.progress.routed.is_none() {
            self.progress.routed = Some(self.routing());
        }
    }

    /// The department of the case: the one that a person chose, or else the one that the need suggests.
    pub fn department(&self) -> Option<Department> {
        self.draft.chosen.or_else(|| self.suggestion.as_ref().map(|s| s.department))
    }

    /// Offers free slots.
    pub fn renew_offer(&mut self, free: Vec<Slot>) {
        self.offer.renew(free, self.progress.held.as_ref().map(|held| &held.slot));
    }

    /// Marks the offered slots that are no longer free.
    pub fn compare_offer(&mut self, free: Vec<Slot>) {
        self.offer.compare(free, self.progress.held.as_ref().map(|held| &held.slot));
    }

    /// Takes a change of the need; true when it changes the department.
    pub fn retarget(&mut self, ctx: &Ctx) -> bool {
        let before = self.department();
        self.suggestion = suggest_department(self.draft.need.text(), &ctx.campaign.departments);
        self.follow_department(before, ctx)
    }

    /// Chooses the next department by hand.
    pub fn next_department(&mut self, ctx: &Ctx) -> bool {
        let before = self.department();
        let at = before.and_then(|d| Department::ALL.iter().position(|x| *x == d));
        let next = at.map_or(0, |at| (at + 1) % Department::ALL.len());
        self.draft.chosen = Some(Department::ALL[next]);
        self.follow_department(before, ctx)
    }

    fn follow_department(&mut self, before: Option<Department>, ctx: &Ctx) -> bool {
        let now = self.department();
        let born = self.file.as_ref().and_then(|file| file.birth_year);
        let flags = &ctx.campaign.red_flags;
        let asked = flags.list_of(now.unwrap_or(Department::NoiTongHop), born, ctx.now.date());
        if self.checklist.department != asked {
            self.checklist.change(flags, asked);
        }
        if before != now {
            self.offer.clear();
            // A hold with a doctor of the former department is useless; the next hold or its expiry ends it.
            self.progress.held = None;
        }
        before != now
    }

    /// Whether a flag is answered yes or unsure.
    pub fn acute(&self) -> bool {
        self.checklist.acute().next().is_some()
    }

    /// Whether the checklist allows a slot to be taken: every flag is answered no, or the case was routed and is
    /// unchanged.
    pub fn cleared(&self) -> bool {
        !self.acute() && (self.checklist.unanswered() == 0 || self.is_routed())
    }

    /// Whether the routing on the screen is saved.
    pub fn is_routed(&self) -> bool {
        self.progress.routed.as_ref() == Some(&self.routing())
    }

    /// The locale key of the first thing that is missing before a slot can be taken.
    pub fn missing(&self) -> Option<&'static str> {
        if self.draft.need.value().is_none() {
            Some("schedule.why.no_need")
        } else if self.department().is_none() {
            Some("schedule.why.no_department")
        } else if self.draft.video && self.draft.why.value().is_none() {
            Some("schedule.why.no_video_reason")
        } else if self.acute() {
            Some("schedule.why.acute")
        } else if !self.cleared() {
            Some("schedule.why.unanswered")
        } else {
            None
        }
    }

    /// The routing on the screen. An emergency needs no typing: without a need the names of the flags are the need.
    pub fn wanted(&self) -> Triage {
        let need = self.draft.need.value().map_or_else(|| self.checklist.acute_words(), ToOwned::to_owned);
        Triage {
            case: self.case,
            department: self.department().unwrap_or(Department::NoiTongHop),
            need,
            screened: Some(self.checklist.version),
            answers: self.checklist.answers(),
            red_flags: self.checklist.acute().map(|flag| flag.code.clone()).collect(),
            method: if self.draft.video { Method::Video } else { Method::Phone },
            method_reason: self.draft.why.value().filter(|_| self.draft.video).map(ToOwned::to_owned),
        }
    }

    /// The same without the single answers: the part that decides whether it is saved.
    fn routing(&self) -> Triage {
        Triage { screened: None, answers: BTreeMap::new(), ..self.wanted() }
    }

    /// The next command on the way to `goal`; none when it is reached.
    pub fn next_command(&self, goal: &Goal, call: Option<&CallPanel>, now: Timestamp) -> Option<Command> {
        let slot = match goal {
            Goal::Divert => return Some(Command::Triage(self.wanted())),
            Goal::Hold(slot) | Goal::Book(slot) => slot,
        };
        // What is booked is not routed again, but for a patient whom the screening does not cover.
        let is_covered =
            if self.progress.booked.is_some() { self.progress.routed.is_some() } else { self.is_routed() };
        if !is_covered {
            return Some(Command::Triage(self.wanted()));
        }
        match goal {
            Goal::Divert => None,
            Goal::Hold(slot) if self.progress.held.as_ref().is_some_and(|held| held.slot == *slot) => None,
            Goal::Hold(_) => Some(Command::HoldSlot(self.booking(slot))),
            Goal::Book(_) => match self.progress.booked {
                None => Some(Command::Book(self.booking(slot))),
                Some(appointment) => Some(self.after_booking(appointment, call?, now)),
            },
        }
    }

    fn booking(&self, slot: &Slot) -> Book {
        Book { case: self.case, doctor: slot.doctor, starts_at: slot.starts_at, minutes: slot.minutes }
    }

    /// The next command after a booking: records that the customer on the phone is informed, then the end of the call.
    fn after_booking(&self, appointment: AppointmentId, call: &CallPanel, now: Timestamp) -> Command {
        if self.progress.told {
            return Command::RecordCall(call.result(Disposition::Agreed, now));
        }
        Command::TellCustomer(TellCustomer { appointment, by: ToldBy::Phone })
    }

    /// Records the effect of a command of the sequence.
    pub fn take_receipt(&mut self, receipt: &Receipt, goal: &Goal) {
        match (receipt, goal) {
            (Receipt::Triaged {}, _) => self.progress.routed = Some(self.routing()),
            (Receipt::SlotHeld { appointment, until }, Goal::Hold(slot)) => {
                self.progress.held =
                    Some(Held { appointment: *appointment, slot: slot.clone(), until: *until });
            }
            (Receipt::Booked { appointment }, _) => {
                self.progress.held = None;
                self.progress.booked = Some(*appointment);
            }
            (Receipt::Told {}, _) => self.progress.told = true,
            _ => {}
        }
    }

    /// Forgets an expired hold; true when there was one.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let over = self.progress.held.as_ref().is_some_and(|held| held.until <= now);
        if over {
            self.progress.held = None;
        }
        over
    }
}

/// The hold of an appointment that is only held; none for any other.
fn held(line: &AppointmentLine) -> Option<Held> {
    let until = line.held_until.filter(|_| line.state == AppointmentState::Held)?;
    let slot = Slot {
        doctor: line.doctor,
        doctor_name: line.doctor_name.clone(),
        starts_at: line.starts_at,
        minutes: line.minutes,
    };
    Some(Held { appointment: line.appointment, slot, until })
}
