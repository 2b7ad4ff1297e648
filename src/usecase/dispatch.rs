//! Calls the use case of each command and of each query.
//!
//! Deliberately absent: anything else; each has one arm.

use super::command::Command;
use super::ctx::{Ctx, Done};
use super::error::Error;
use super::overview::visible;
use super::query::{Query, Snapshot};
use super::{
    admin, booking, campaign, draft, fanpage, handover, intake, optout, outbound, overview, people, queue,
    registration, roster, search, session, survey, task,
};
use crate::domain::task::TaskState;
use crate::store::Tx;
use crate::store::task::Wanted;

/// Runs a command whose actor is already authorised.
pub(super) fn run(tx: &mut Tx<'_>, ctx: &Ctx<'_>, command: &Command) -> Result<Done, Error> {
    match command {
        Command::Register(input) => registration::register(tx, ctx, input),
        Command::CancelRegistration(input) => registration::cancel(tx, ctx, input),
        Command::UndoRegistration(input) => registration::undo_registration(tx, ctx, *input),
        Command::UndoCancel(input) => registration::undo_cancel(tx, ctx, *input),
        Command::ReactivateRegistration(input) => registration::reactivate(tx, ctx, input),
        Command::CorrectRegistration(input) => registration::correct(tx, ctx, input),
        Command::WithdrawConsent(input) => registration::withdraw_consent(tx, ctx, input),
        Command::RecordConsent(input) => registration::record_consent(tx, ctx, input),
        Command::RecordBirthYear(input) => registration::record_birth_year(tx, ctx, input),
        Command::SetQuota(input) => registration::set_quota(tx, ctx, input),
        Command::LoadCampaign(input) => campaign::load(tx, ctx, input),
        Command::OptOut(input) => optout::opt_out(tx, ctx, input),
        Command::AddAgreement(input) => optout::add_agreement(tx, ctx, input),
        Command::Claim(input) => outbound::claim(tx, ctx, input),
        Command::RenewLease(input) => outbound::renew_lease(tx, ctx, *input),
        Command::ReleaseLease(input) => outbound::release_lease(tx, ctx, *input),
        Command::LineLost(input) => outbound::line_lost(tx, ctx, input),
        Command::RecordCall(input) => outbound::record_call(tx, ctx, input),
        Command::UndoCall(input) => outbound::undo_call(tx, ctx, *input),
        Command::HandOver(_) => handover::hand_over(tx, ctx),
        Command::Acknowledge(input) => handover::acknowledge(tx, ctx, input),
        Command::Triage(input) => intake::triage(tx, ctx, input),
        Command::UndoTriage(input) => intake::undo_triage(tx, ctx, *input),
        Command::ReviewScreening(input) => intake::review_screening(tx, ctx, input),
        Command::OpenCase(input) => intake::open_case(tx, ctx, *input),
        Command::OpenDay(input) => roster::open_day(tx, ctx, *input),
        Command::AddDoctor(input) => roster::add_doctor(tx, ctx, input),
        Command::AddShift(input) => roster::add_shift(tx, ctx, input),
        Command::HoldSlot(input) => booking::hold_slot(tx, ctx, input),
        Command::ReleaseSlot(input) => booking::release_slot(tx, ctx, *input),
        Command::Book(input) => booking::book(tx, ctx, input),
        Command::MoveAppointment(input) => booking::move_appointment(tx, ctx, input),
        Command::CancelAppointment(input) => booking::cancel_appointment(tx, ctx, input),
        Command::TellCustomer(input) => booking::tell_customer(tx, ctx, input),
        Command::StartConsultation(input) => booking::start_consultation(tx, ctx, *input),
        Command::RecordResult(input) => booking::record_result(tx, ctx, input),
        Command::RecordSurvey(input) => survey::record_survey(tx, ctx, input),
        Command::AddLead(input) => fanpage::add_lead(tx, ctx, input),
        Command::MoveLead(input) => fanpage::move_lead(tx, ctx, input),
        Command::RevealPhone(input) => admin::reveal_phone(tx, ctx, input),
        Command::RevealLead(input) => fanpage::reveal_lead(tx, *input),
        Command::Pause(input) => admin::pause(tx, ctx, input),
        Command::Resume(_) => admin::resume(tx, ctx),
        Command::AddStaff(input) => admin::add_staff(tx, ctx, input),
        Command::DisableStaff(input) => admin::disable_staff(tx, ctx, input),
        Command::AddStaffKey(input) => admin::key::add(tx, ctx, input),
        Command::ClearPin(input) => admin::clear_pin(tx, ctx, input),
        Command::RemoveStaffKey(input) => admin::key::remove(tx, ctx, input),
        Command::EndSession(input) => session::end(tx, ctx, input),
        Command::TakeOver(input) => session::take_over(tx, ctx, input),
        Command::Broadcast(input) => session::broadcast(tx, ctx, input),
        Command::AssignTask(input) => task::assign(tx, ctx, input),
        Command::CloseTask(input) => task::close(tx, ctx, input),
        Command::ReopenTask(input) => task::reopen(tx, ctx, *input),
    }
}

/// Answers a query whose actor is already authorised.
pub(super) fn answer(tx: &mut Tx<'_>, ctx: &Ctx<'_>, query: Query) -> Result<Snapshot, Error> {
    match query {
        Query::Quota {} => Ok(Snapshot::Quota(overview::quota(tx, ctx)?)),
        Query::Status {} => Ok(Snapshot::Status(overview::status(tx, ctx)?)),
        Query::Customer { phone } => Ok(Snapshot::Customer(Box::new(search::customer(tx, ctx, &phone)?))),
        Query::Search { text, limit } => {
            let search::Page { hits, more, no_number } = search::search(tx, ctx, &text, limit)?;
            Ok(Snapshot::Search { text, hits, more, no_number })
        }
        Query::FindCases { text, limit } => {
            let search::CasePage { cases, more, no_number } = search::find_cases(tx, ctx, &text, limit)?;
            Ok(Snapshot::FoundCases { text, cases, more, no_number })
        }
        Query::WhyNot { matter, phone, purpose } => {
            Ok(Snapshot::WhyNot(queue::why_not(tx, ctx, matter, phone.as_deref(), purpose)?))
        }
        Query::Queue { purpose } => Ok(Snapshot::Queue(queue::queue(tx, ctx, purpose)?)),
        Query::CallCard { matter } => Ok(Snapshot::CallCard(Box::new(queue::call_card(tx, ctx, matter)?))),
        Query::OpenCall {} => Ok(Snapshot::OpenCall { call: queue::open_call(tx, ctx)?.map(Box::new) }),
        Query::Drafts {} => Ok(Snapshot::Drafts(draft::drafts(tx, ctx)?)),
        Query::FreeSlots { department, from, count } => {
            Ok(Snapshot::FreeSlots(roster::free_slots(tx, ctx, department, from, count)?))
        }
        Query::Day { doctor, date } => Ok(Snapshot::Day(roster::day(tx, ctx, doctor, date)?)),
        Query::Roster { department, date } => {
            Ok(Snapshot::Roster(roster::roster(tx, ctx, department, date)?))
        }
        Query::Doctors {} => Ok(Snapshot::Doctors { doctors: roster::doctors(tx)? }),
        Query::Batch { batch } => Ok(Snapshot::Batch(handover::batch(tx, batch)?)),
        Query::Batches {} => handover::batches(tx),
        Query::Cases {} => Ok(Snapshot::Cases { cases: intake::cases(tx, ctx)? }),
        Query::CaseFile { case } => Ok(Snapshot::CaseFile(Box::new(intake::case_file(tx, ctx, case)?))),
        Query::RedFlags { department, case } => {
            Ok(Snapshot::RedFlags(intake::red_flags(tx, ctx, department, case)?))
        }
        Query::Leads {} => Ok(Snapshot::Leads { leads: fanpage::leads(tx)? }),
        Query::Satisfaction {} => {
            Ok(Snapshot::Satisfaction(visible::satisfaction(ctx, survey::satisfaction(tx)?)))
        }
        Query::Funnel {} => Ok(Snapshot::Funnel(visible::funnel(ctx, overview::funnel(tx)?))),
        Query::Agents { date } => overview::agents(tx, ctx, date),
        Query::Overview {} => {
            Ok(Snapshot::Overview(Box::new(visible::overview(ctx, overview::overview(tx, ctx)?))))
        }
        Query::Staff {} => Ok(Snapshot::Staff { staff: admin::staff(tx, ctx)? }),
        Query::StaffKeys { staff } => {
            Ok(Snapshot::StaffKeys { keys: admin::key::list(tx, ctx, staff.as_ref())? })
        }
        Query::Sessions {} => Ok(Snapshot::Sessions { sessions: session::list(tx, ctx)? }),
        Query::OwnSessions {} => Ok(Snapshot::Sessions { sessions: session::own(tx, ctx)? }),
        Query::CampaignVersions {} => Ok(Snapshot::CampaignVersions { versions: campaign::versions(tx)? }),
        Query::Campaign { version } => Ok(Snapshot::Campaign(Box::new(campaign::show(tx, version)?))),
        Query::CampaignDiff { file, version, base, replay } => {
            let compared = campaign::Compared { file: file.as_deref(), version, base, replay };
            Ok(Snapshot::CampaignDiff(campaign::diff(tx, ctx, &compared)?))
        }
        Query::Audit { limit } => Ok(Snapshot::Audit { rows: admin::audit(tx, ctx, limit)? }),
        Query::Tasks { mine, state, kind, offset, limit } => {
            let wanted = Wanted { state: state.unwrap_or(TaskState::Open), kind, mine };
            Ok(Snapshot::Tasks(task::tasks(tx, ctx, wanted, offset, limit)?))
        }
        Query::People { behind, order, offset, limit } => {
            Ok(Snapshot::People(people::page(tx, ctx, behind, order, offset, limit)?))
        }
        Query::Task { task } => Ok(Snapshot::Task(Box::new(task::one(tx, ctx, task)?))),
    }
}
