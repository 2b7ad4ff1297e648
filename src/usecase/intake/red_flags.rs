//! Reads the checklist that is to be read out.

use crate::domain::department::Department;
use crate::domain::id::CaseId;
use crate::domain::refusal::Refusal;
use crate::store::{Tx, care_case as case_rows};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::case::{FlagModel, RedFlagsModel};

/// The checklist of a department; with a case, of its patient, who may be a child.
///
/// # Errors
/// [`Refusal::NoSuchRow`] for an unknown case.
pub(in crate::usecase) fn red_flags(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    department: Department,
    case: Option<CaseId>,
) -> Result<RedFlagsModel, Error> {
    let born = match case {
        Some(id) => {
            case_rows::find(tx, id)?
                .ok_or_else(|| Refusal::NoSuchRow { what: "case", id: id.to_string() })?;
            case_rows::find_birth_year(tx, id)?
        }
        None => None,
    };
    let flags = &ctx.campaign.red_flags;
    let list = flags.list_of(department, born, ctx.now.date());
    let asked = flags.for_department(list).into_iter();
    let flag = |flag: &crate::domain::triage::RedFlag| FlagModel {
        code: flag.code.clone(),
        text: flag.text.clone(),
    };
    Ok(RedFlagsModel { version: flags.version, list, flags: asked.map(flag).collect() })
}
