//! The whole record of a case in a window: who agreed, the departments it went to and who chose, every reading of the
//! checklist with version, time and nurse, and what doctors said of it.

use super::patient;
use super::review::verdict_key;
use super::state::{Focus, Pane, Save, Schedule};
use crate::domain::id::CaseId;
use crate::domain::triage::FlagAnswer;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::usecase::Query;
use crate::usecase::command::{CaseRef, Command};
use crate::usecase::model::case::{CaseFile, ConsentLine, ScreeningLine};

impl Schedule {
    /// The case under the cursor, or the open one where there is none.
    pub(super) fn case_here(&self) -> Option<CaseId> {
        let open = self.intake.as_ref().map(|intake| intake.case);
        match (self.pane, self.focus) {
            (Pane::Cases, Focus::Cases) => self.cases.chosen().map(|line| line.case),
            (Pane::Day, _) => self.appointment().map(|line| line.case),
            (Pane::Cases, Focus::Grid) => self.appointment().map(|line| line.case).or(open),
            (Pane::Cases, Focus::Call | Focus::Need | Focus::Why | Focus::Flags | Focus::Slots) => open,
            (Pane::Batches | Pane::Doctors, _) => None,
        }
    }

    /// Opens that case, which is written down, to show it whole.
    pub(super) fn read_record(&mut self) -> Vec<Effect> {
        let Some(case) = self.case_here() else { return Vec::new() };
        vec![self.requests.save(
            Save::Record,
            Command::OpenCase(CaseRef { case }),
            [Query::CaseFile { case }],
        )]
    }
}

/// The window with the whole record.
pub(super) fn whole(file: &CaseFile, ctx: &Ctx) -> Effect {
    let mut lines = vec![Say::Plain(who(file))];
    let mut part = |title: &'static str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(Say::Plain(String::new()));
            lines.push(Say::key(title));
            lines.extend(rows.into_iter().map(Say::Plain));
        }
    };
    part("schedule.record.consents", consents(file, ctx));
    part("schedule.record.departments", departments(file, ctx));
    part("schedule.record.screenings", screenings(file, ctx));
    part("schedule.record.reviews", reviews(file, ctx));
    let title = Say::key("schedule.popup.record").with("name", patient::name(file));
    Effect::Show { title, lines, tone: Tone::Plain }
}

fn who(file: &CaseFile) -> String {
    let born = file.birth_year.map_or_else(String::new, |year| format!(" ({year})"));
    let mut parts = vec![format!("{}{born}", patient::name(file))];
    parts.extend(file.representative.clone());
    parts.push(file.phone_masked.clone());
    parts.join(" · ")
}

fn consents(file: &CaseFile, ctx: &Ctx) -> Vec<String> {
    let mut rows: Vec<String> = file.consents.iter().map(|line| consent(line, ctx)).collect();
    if !file.consents_missing.is_empty() {
        let parties = patient::parties(&file.consents_missing, ctx.lang);
        rows.push(Say::key("schedule.record.not_asked").with("parties", parties).text(ctx.lang));
    }
    rows
}

fn consent(line: &ConsentLine, ctx: &Ctx) -> String {
    let key = if line.given { "schedule.record.agrees" } else { "schedule.record.refuses" };
    let answered = Say::key(key)
        .with("party", line.party.label(ctx.lang))
        .with("version", &line.notice_version)
        .with("time", line.at.dm_hm_near(ctx.now))
        .with("by", &line.by)
        .text(ctx.lang);
    match &line.spoken_by {
        Some(name) => {
            format!(
                "{answered} · {}",
                Say::key("schedule.record.spoken_by").with("name", name).text(ctx.lang)
            )
        }
        None => answered,
    }
}

fn departments(file: &CaseFile, ctx: &Ctx) -> Vec<String> {
    let step = |(i, line): (usize, &crate::usecase::model::case::DepartmentLine)| {
        Say::key("schedule.record.department")
            .with("n", i + 1)
            .with("department", line.department.label(ctx.lang))
            .with("time", line.at.dm_hm_near(ctx.now))
            .with("by", &line.by)
            .text(ctx.lang)
    };
    file.departments.iter().enumerate().map(step).collect()
}

/// The readings of the checklist, newest first.
fn screenings(file: &CaseFile, ctx: &Ctx) -> Vec<String> {
    file.screenings.iter().rev().flat_map(|line| screening(line, ctx)).collect()
}

fn screening(line: &ScreeningLine, ctx: &Ctx) -> Vec<String> {
    let head = Say::key("schedule.record.screening")
        .with("version", line.version)
        .with("list", line.list.label(ctx.lang))
        .with("time", line.at.dm_hm_near(ctx.now))
        .with("by", &line.by)
        .text(ctx.lang);
    let undone = line.undone_at.map(|at| {
        format!(
            " · {}",
            Say::key("schedule.record.undone").with("time", at.dm_hm_near(ctx.now)).text(ctx.lang)
        )
    });
    let mut rows = vec![format!("{head}{}", undone.unwrap_or_default())];
    for (answer, key) in [
        (FlagAnswer::Yes, "schedule.answer.yes"),
        (FlagAnswer::Unsure, "schedule.answer.unsure"),
        (FlagAnswer::No, "schedule.answer.no"),
    ] {
        let flags: Vec<&str> = line
            .answers
            .iter()
            .filter(|(_, given)| *given == answer)
            .map(|(code, _)| {
                ctx.campaign.red_flags.find(code).map_or(code.as_str(), |f| f.text.get(ctx.lang))
            })
            .collect();
        if !flags.is_empty() {
            rows.push(format!("{}: {}", word(key, ctx.lang), flags.join("; ")));
        }
    }
    rows
}

fn reviews(file: &CaseFile, ctx: &Ctx) -> Vec<String> {
    let review = |line: &crate::usecase::model::case::ReviewLine| {
        let verdict = word(verdict_key(line.verdict), ctx.lang);
        let note = line.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        format!("{} · {} · {verdict}{note}", line.at.dm_hm_near(ctx.now), line.by)
    };
    file.reviews.iter().map(review).collect()
}
