//! Finds what a task is about: whom it concerns, and which row the role that works on it may know.

use super::super::error::Error;
use crate::domain::actor::Role;
use crate::domain::contact::Purpose;
use crate::domain::id::{CaseId, CustomerId};
use crate::domain::task::TaskAbout;
use crate::store::{StoreError, Tx, appointment, care_case, registration};

/// The thing as the role may know it: a case or an appointment is the registration that it came from for everybody
/// outside Vinmec.
pub(super) fn for_role(tx: &mut Tx<'_>, about: TaskAbout, role: Role) -> Result<TaskAbout, Error> {
    if role.is_vinmec() {
        return Ok(about);
    }
    let case = match about {
        TaskAbout::Case(case) => Some(case),
        TaskAbout::Appointment(id) => appointment::find(tx, id)?.map(|found| found.case),
        TaskAbout::Customer(_) | TaskAbout::Matter(_) | TaskAbout::Registration(_) | TaskAbout::Register => {
            return Ok(about);
        }
    };
    let found = match case {
        Some(case) => care_case::find(tx, case)?,
        None => None,
    };
    let case = found.ok_or_else(|| StoreError::internal("a task about a row that does not exist"))?;
    Ok(TaskAbout::Registration(case.registration))
}

/// The case it concerns, if there is one.
pub(super) fn case(tx: &mut Tx<'_>, about: TaskAbout) -> Result<Option<CaseId>, Error> {
    let registration = match about {
        TaskAbout::Case(case) => return Ok(Some(case)),
        TaskAbout::Appointment(id) => return Ok(appointment::find(tx, id)?.map(|found| found.case)),
        TaskAbout::Register => None,
        TaskAbout::Registration(id) => Some(id),
        TaskAbout::Customer(_) | TaskAbout::Matter(_) => match customer(tx, about)? {
            Some(customer) => registration::find_by_customer(tx, customer)?.map(|found| found.id),
            None => None,
        },
    };
    Ok(match registration {
        Some(id) => care_case::find_by_registration(tx, id)?.map(|found| found.id),
        None => None,
    })
}

/// The customer it concerns.
pub(super) fn customer(tx: &mut Tx<'_>, about: TaskAbout) -> Result<Option<CustomerId>, Error> {
    Ok(match about {
        TaskAbout::Customer(customer) => Some(customer),
        TaskAbout::Matter(matter) => Purpose::of_matter(matter).map(|(customer, _)| customer),
        TaskAbout::Registration(id) => registration::find(tx, id)?.map(|found| found.customer),
        TaskAbout::Case(id) => care_case::find(tx, id)?.map(|found| found.customer),
        TaskAbout::Appointment(id) => match appointment::find(tx, id)? {
            Some(found) => care_case::find(tx, found.case)?.map(|case| case.customer),
            None => None,
        },
        TaskAbout::Register => None,
    })
}
