//! One case in hand: the need, the checklist, the slots on offer, and how far saving has come. Its call, when there
//! is one, stands beside it.
//!
//! Invariants: what is sent next follows from [`Progress`] alone ([`Intake::next_command`]), so that a refusal in
//! the middle of "route, hold, book, tell, close" leaves the form as it is and Enter goes on from there; every
//! flag is answered by a person before a slot can be taken; a flag answered yes or unsure can only end in 115.

use crate::domain::appointment::AppointmentState;
use crate::domain::campaign::Campaign;
use crate::domain::case::CaseState;
use crate::domain::department::Department;
use crate::domain::disposition::Disposition;
use crate::domain::id::{AppointmentId, CaseId};
use crate::domain::time::Timestamp;
use crate::domain::triage::{Suggestion, suggest_department};
use crate::tui::call::desk::{OpenCall, Part};
use crate::tui::call::panel::CallPanel;
use crate::tui::field::{Field, Kind};
use crate::tui::typed::{About, Typed};
use crate::usecase::command::{Book, Command, Method, TellCustomer, ToldBy, Triage};
use crate::usecase::model::case::{AppointmentLine, CaseFile, CaseLine, Slot};
use crate::usecase::receipt::Receipt;

use super::checklist::Checklist;
use super::offer::Offer;

const NEED: &str = "need";
const WHY: &str = "method_reason";
const VIDEO: &str = "video";
const DEPARTMENT: &str = "department";

/// What the person typed and chose, kept when the call ends without a booking.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What the customer wants advice on.
    pub need: Field,
    /// Why video.
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
    /// Doctor and time.
    pub slot: Slot,
    /// Until when.
    pub until: Timestamp,
}

/// What is saved already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The routing as it was saved last.
    pub routed: Option<Triage>,
    /// The held slot.
    pub held: Option<Held>,
    /// The booked appointment.
    pub booked: Option<AppointmentId>,
    /// Whether the customer knows.
    pub told: bool,
}

/// Where a row of commands is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// 115: route with the flags.
    Divert,
    /// Hold the slot while the customer decides.
    Hold(Slot),
    /// Book it, tell the customer who is on the phone, end the call.
    Book(Slot),
}

/// One case in hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// Which.
    pub case: CaseId,
    /// Patient's or customer's name.
    pub name: String,
    /// Masked number, for when there is no call.
    pub phone_masked: String,
    /// The case with its health text, once read.
    pub file: Option<CaseFile>,
    /// What was typed.
    pub draft: Draft,
    /// What the words of the need point to.
    pub suggestion: Option<Suggestion>,
    /// The red-flag checklist of the department.
    pub checklist: Checklist,
    /// Free slots of the department, under digits.
    pub offer: Offer,
    /// What is saved.
    pub progress: Progress,
}

impl Intake {
    /// A case whose call was just claimed or taken up again; none when the card names no case.
    pub fn of_call(call: &CallPanel, campaign: &Campaign) -> Option<Self> {
        Some(Self::empty(call.card.case?, call.card.name.clone(), String::new(), campaign))
    }

    /// A case opened without a call.
    pub fn of_line(line: &CaseLine, campaign: &Campaign) -> Self {
        Self::empty(line.case, line.name.clone(), line.phone_masked.clone(), campaign)
    }

    /// A case known by its id only, until its file is read.
    pub fn of_case(case: CaseId, campaign: &Campaign) -> Self {
        Self::empty(case, String::new(), String::new(), campaign)
    }

    fn empty(case: CaseId, name: String, phone_masked: String, campaign: &Campaign) -> Self {
        Self {
            case,
            name,
            phone_masked,
            file: None,
            draft: Draft::new(),
            suggestion: None,
            checklist: Checklist::new(&campaign.red_flags, Department::NoiTongHop),
            offer: Offer::default(),
            progress: Progress::default(),
        }
    }

    /// Goes on with what was typed before.
    pub fn take_draft(&mut self, draft: Draft, campaign: &Campaign) {
        self.draft = draft;
        self.retarget(campaign);
    }

    /// What typed text belongs to: the call, or the case when there is none.
    pub fn about(&self, call: Option<&OpenCall<()>>) -> About {
        call.map_or(About::Case(self.case), |call| About::Matter(call.panel.card.matter))
    }

    /// What would be lost with the line; nothing when there is neither a call nor text.
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
            // What is routed is in the store.
            None if need.is_empty() || self.is_routed() || self.progress.booked.is_some() => return None,
            None => Typed { who: self.name.clone(), fields: fields.collect(), ..Typed::default() },
        };
        Some((self.about(call), typed))
    }

    /// Goes on with what was typed before the line was lost. The flags are answered anew.
    pub fn retype(&mut self, typed: &Typed, campaign: &Campaign) {
        let text = |id: &str| typed.fields.iter().find(|(name, _)| name == id).map(|(_, text)| text.as_str());
        let mut draft = Draft::new();
        draft.need.set(text(NEED).unwrap_or_default());
        draft.why.set(text(WHY).unwrap_or_default());
        draft.video = text(VIDEO).is_some();
        draft.chosen = text(DEPARTMENT).and_then(Department::parse);
        self.take_draft(draft, campaign);
    }

    /// Fills in what the store knows; nothing typed is overwritten.
    pub fn take_file(&mut self, file: CaseFile, campaign: &Campaign) {
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
        let routed = file.state == CaseState::Triaged && file.red_flags.is_empty();
        self.file = Some(file);
        self.retarget(campaign);
        if routed && self.progress.routed.is_none() {
            self.progress.routed = Some(self.wanted());
        }
    }

    /// The department that counts: chosen by a person, or suggested by the need.
    pub fn department(&self) -> Option<Department> {
        self.draft.chosen.or_else(|| self.suggestion.as_ref().map(|s| s.department))
    }

    /// Offers the free slots that were read.
    pub fn renew_offer(&mut self, free: Vec<Slot>) {
        self.offer.renew(free, self.progress.held.as_ref().map(|held| &held.slot));
    }

    /// Compares the offered slots with those that are free now.
    pub fn compare_offer(&mut self, free: Vec<Slot>) {
        self.offer.compare(free, self.progress.held.as_ref().map(|held| &held.slot));
    }

    /// Reads the need again; true when the department is another one now.
    pub fn retarget(&mut self, campaign: &Campaign) -> bool {
        let before = self.department();
        self.suggestion = suggest_department(self.draft.need.text(), &campaign.departments);
        self.follow_department(before, campaign)
    }

    /// Chooses the next department by hand.
    pub fn next_department(&mut self, campaign: &Campaign) -> bool {
        let before = self.department();
        let at = before.and_then(|d| Department::ALL.iter().position(|x| *x == d));
        let next = at.map_or(0, |at| (at + 1) % Department::ALL.len());
        self.draft.chosen = Some(Department::ALL[next]);
        self.follow_department(before, campaign)
    }

    fn follow_department(&mut self, before: Option<Department>, campaign: &Campaign) -> bool {
        let now = self.department();
        let asked = now.unwrap_or(Department::NoiTongHop);
        if self.checklist.department != asked {
            self.checklist.change(&campaign.red_flags, asked);
        }
        if before != now {
            self.offer.clear();
            // A hold with a doctor of the other department is of no use; the next one or its time ends it.
            self.progress.held = None;
        }
        before != now
    }

    /// Whether a flag is answered yes or unsure.
    pub fn acute(&self) -> bool {
        self.checklist.acute().next().is_some()
    }

    /// Whether the checklist lets a slot be taken: everything answered no, or routed before and unchanged.
    pub fn cleared(&self) -> bool {
        !self.acute() && (self.checklist.unanswered() == 0 || self.is_routed())
    }

    /// Whether the routing as it stands on screen is saved.
    pub fn is_routed(&self) -> bool {
        self.progress.routed.as_ref() == Some(&self.wanted())
    }

    /// What the first thing missing before a slot can be taken is, as a locale key.
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

    /// The routing as it stands on screen. An emergency needs no typing: without a need the flags are the need.
    pub fn wanted(&self) -> Triage {
        let need = self.draft.need.value().map_or_else(|| self.checklist.acute_words(), ToOwned::to_owned);
        Triage {
            case: self.case,
            department: self.department().unwrap_or(Department::NoiTongHop),
            need,
            red_flags: self.checklist.acute().map(|flag| flag.code.clone()).collect(),
            method: if self.draft.video { Method::Video } else { Method::Phone },
            method_reason: self.draft.why.value().filter(|_| self.draft.video).map(ToOwned::to_owned),
        }
    }

    /// The next command on the way to `goal`; none when it is reached.
    pub fn next_command(&self, goal: &Goal, call: Option<&CallPanel>, now: Timestamp) -> Option<Command> {
        let slot = match goal {
            Goal::Divert => return Some(Command::Triage(self.wanted())),
            Goal::Hold(slot) | Goal::Book(slot) => slot,
        };
        if self.progress.booked.is_none() && !self.is_routed() {
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

    /// The customer on the phone has heard the time, and the call is over.
    fn after_booking(&self, appointment: AppointmentId, call: &CallPanel, now: Timestamp) -> Command {
        if self.progress.told {
            return Command::RecordCall(call.result(Disposition::Agreed, now));
        }
        Command::TellCustomer(TellCustomer { appointment, by: ToldBy::Phone })
    }

    /// Notes what a command of the row did.
    pub fn take_receipt(&mut self, receipt: &Receipt, goal: &Goal) {
        match (receipt, goal) {
            (Receipt::Triaged {}, _) => self.progress.routed = Some(self.wanted()),
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

    /// Forgets a hold whose time is over; true when there was one.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let over = self.progress.held.as_ref().is_some_and(|held| held.until <= now);
        if over {
            self.progress.held = None;
        }
        over
    }
}

/// The hold that an appointment is, when it is one.
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
