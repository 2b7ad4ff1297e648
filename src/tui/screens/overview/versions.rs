//! The page of versions: every campaign that was in force, who loaded it, when, why and what changed; how one differs
//! from the one before; and a campaign file that is compared, and then loaded with a reason.
//!
//! Invariant: only a file that was compared, and shown, can be loaded, and it is loaded as it was compared.

use super::forms::{Topic, Window};
use crate::domain::campaign::change::part_label;
use crate::tui::ctx::Ctx;
use crate::tui::effect::Effect;
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Rows, Width};
use crate::usecase::command::{LoadCampaign, MOST_REASON};
use crate::usecase::model::campaign::{CampaignDiff, CampaignModel, VersionLine};
use crate::usecase::model::replay::MOST_DAYS;
use crate::usecase::{Command, Query, Snapshot};

/// The field of a file's path.
pub const PATH: &str = "path";
const DAYS: &str = "replay";
const REASON: &str = "reason";
/// Days that are judged again unless another number is typed.
const USUAL_DAYS: i64 = 7;
/// Longest path.
const MOST_PATH: usize = 400;

impl Keyed for VersionLine {
    type Key = i64;

    fn key(&self) -> i64 {
        self.version
    }
}

/// The texts in place of rows.
pub const BLANK: Blank = Blank { loading: "over.loading", empty: "over.versions.empty" };

/// Its columns.
pub const COLUMNS: &[Column<VersionLine>] = &[
    Column::left("over.versions.version", Width::Fixed(7), |line: &VersionLine, ctx| {
        let mark = if line.in_force { "▸" } else { " " };
        let style = if line.in_force { ctx.theme.strong() } else { ctx.theme.text() };
        (format!("{mark} {}", line.version), style)
    })
    .by(|a, b| b.version.cmp(&a.version)),
    Column::left("over.versions.at", Width::Fixed(16), |line: &VersionLine, ctx| {
        (line.loaded_at.dmy_hm(), ctx.theme.muted())
    })
    .by(|a, b| a.loaded_at.cmp(&b.loaded_at)),
    Column::left("over.versions.by", Width::WideNarrow(16, 10), |line: &VersionLine, ctx| {
        (line.loaded_by_name.clone(), ctx.theme.text())
    }),
    Column::left("over.versions.changed", Width::Rest, |line: &VersionLine, ctx| {
        let parts: Vec<String> = line.changed.iter().map(|part| part_label(part, ctx.lang)).collect();
        (parts.join(", "), ctx.theme.text())
    }),
    Column::left("over.versions.reason", Width::Rest, |line: &VersionLine, ctx| {
        (line.reason.clone().unwrap_or_default(), ctx.theme.muted())
    }),
];

/// An act on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionAct {
    /// How the chosen version differs from the one before.
    Compare,
    /// The chosen version, whole.
    Whole,
    /// Compare a file.
    Check,
    /// Load the file that was compared.
    Load,
}

/// A file that was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its path, as typed.
    pub path: String,
    /// How it differs.
    pub diff: CampaignDiff,
}

/// The page.
#[derive(Clone, PartialEq)]
pub struct Versions {
    /// The versions.
    pub rows: Rows<VersionLine>,
    /// The file that was compared last.
    proposal: Option<Proposal>,
}

impl Versions {
    /// Before the versions are read.
    pub const fn new() -> Self {
        Self { rows: Rows::new(COLUMNS), proposal: None }
    }

    /// What shows the difference of the chosen version from the one before, or the first one whole.
    pub fn comparison(&self) -> Option<Query> {
        let version = self.rows.chosen()?.version;
        Some(if version > 1 {
            Query::CampaignDiff { file: None, version: Some(version), base: Some(version - 1), replay: None }
        } else {
            Query::Campaign { version: Some(version) }
        })
    }

    /// What shows the chosen version whole.
    pub fn whole(&self) -> Option<Query> {
        Some(Query::Campaign { version: Some(self.rows.chosen()?.version) })
    }

    /// Whether the file that was compared last can be loaded: the reason why not.
    pub fn loadable(&self) -> Result<&Proposal, &'static str> {
        let proposal = self.proposal.as_ref().ok_or("over.why.no_proposal")?;
        if !proposal.diff.problems.is_empty() {
            return Err("over.why.proposal_bad");
        }
        if proposal.diff.changes.is_empty() { Err("over.why.proposal_same") } else { Ok(proposal) }
    }

    /// Keeps the comparison of a file, and shows it.
    pub fn take_proposal(&mut self, path: String, diff: CampaignDiff, ctx: &Ctx) -> Effect {
        let tone = if diff.problems.is_empty() { Tone::Info } else { Tone::Warn };
        let title = Say::key("over.versions.file_title").with("file", &path);
        let mut lines: Vec<Say> = diff.lines(ctx.lang).into_iter().map(Say::Plain).collect();
        let proposal = Proposal { path, diff };
        self.proposal = Some(proposal);
        let next = match self.loadable() {
            Ok(_) => "over.versions.load_next",
            Err(why) => why,
        };
        lines.push(Say::Plain(String::new()));
        lines.push(Say::key(next));
        Effect::Show { title, lines, tone }
    }

    /// Forgets the file, because it is in force.
    pub fn loaded(&mut self) {
        self.proposal = None;
    }

    /// The window before the file is loaded.
    pub fn load_window(&self) -> Option<Window> {
        let proposal = self.loadable().ok()?;
        let field = Field::new(Kind::Text).max(MOST_REASON);
        let form = Form::new().field(REASON, "over.versions.why", field);
        let title = Say::key("over.versions.load_title").with("file", &proposal.path);
        Some(
            Window::new(Topic::LoadVersion, title, form)
                .help(Say::key("over.versions.load_help").with("version", proposal.diff.base + 1)),
        )
    }

    /// The command of that window, its question and its consequence. None when the reason is missing; it is then marked.
    pub fn load(&self, window: &mut Window, ctx: &Ctx) -> Option<(Command, Say, Say)> {
        window.form.clear_errors();
        let reason = window.required(REASON)?;
        let Proposal { path, diff } = self.loadable().ok()?;
        let command = Command::LoadCampaign(LoadCampaign {
            file: diff.file.clone(),
            version: None,
            based_on: Some(diff.base),
            shorten: diff.shortened.is_some(),
            reason: Some(reason),
        });
        let text = Say::key("over.ask.load").with("file", path).with("version", diff.base + 1);
        let consequence = match diff.shortened {
            Some(touched) => Say::key("over.ask.load_shorter").with("touched", touched.sentence(ctx.lang)),
            None => Say::key("over.ask.load_detail").with("changes", diff.changes.len()),
        };
        Some((command, text, consequence))
    }
}

/// The window that asks for a campaign file.
pub fn check_window() -> Window {
    let days = Field::new(Kind::Digits).max(2).holding(&USUAL_DAYS.to_string());
    let path = Field::new(Kind::Code).max(MOST_PATH).placeholder("over.versions.path_hint");
    let form = Form::new().field(PATH, "over.versions.path", path).field(DAYS, "over.versions.days", days);
    Window::new(Topic::CheckFile, Say::key("over.versions.check_title"), form)
        .help(Say::key("over.versions.check_help"))
}

/// The path and the days of that window; no days when the field is empty. None when something is wrong; it is marked.
pub fn asked(window: &mut Window) -> Option<(String, Option<i64>)> {
    window.form.clear_errors();
    let path = window.required(PATH)?;
    let days = match window.form.value(DAYS) {
        Some(_) => Some(window.number(DAYS, 1..=MOST_DAYS)?),
        None => None,
    };
    Some((path, days))
}

/// A version, or how it differs, in a window.
pub fn shown(snapshot: Snapshot, version: i64, ctx: &Ctx) -> Option<Effect> {
    let (title, text) = match snapshot {
        Snapshot::CampaignDiff(diff) => {
            (Say::key("over.versions.diff_title").with("version", version), diff.lines(ctx.lang))
        }
        Snapshot::Campaign(found) => {
            (Say::key("over.versions.whole_title").with("version", version), whole(&found))
        }
        _ => return None,
    };
    Some(Effect::Show { title, lines: text.into_iter().map(Say::Plain).collect(), tone: Tone::Plain })
}

fn whole(found: &CampaignModel) -> Vec<String> {
    let text = found.campaign.to_toml().unwrap_or_default();
    text.trim_end().lines().map(str::to_owned).collect()
}
