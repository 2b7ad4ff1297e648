//! Builds an appointment's line for lists, days and case files.

use crate::store::appointment::ListedAppointment;
use crate::usecase::model::case::AppointmentLine;

/// The plain form of a stored appointment.
pub(in crate::usecase) fn line(listed: ListedAppointment) -> AppointmentLine {
    let ListedAppointment {
        appointment,
        doctor_name,
        patient,
        holder,
        told_at,
        ended_at,
        outcome,
        moved_to,
        need,
        summary,
        over_minutes,
    } = listed;
    AppointmentLine {
        appointment: appointment.id,
        case: appointment.case,
        doctor: appointment.doctor,
        doctor_name,
        patient,
        starts_at: appointment.starts_at,
        minutes: appointment.minutes,
        state: appointment.state,
        held_by: appointment.held_until.is_some().then_some(holder),
        held_until: appointment.held_until,
        method: appointment.method,
        told_at,
        started_at: appointment.started_at,
        ended_at,
        outcome,
        moved_to,
        need,
        summary,
        over_limit_minutes: (over_minutes > 0).then_some(over_minutes),
    }
}
