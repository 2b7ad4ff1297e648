//! The report for people: the overview as plain text, 80 columns, without personal data.

use super::session::Session;
use crate::domain::lang::Lang;
use crate::usecase::Door;
use crate::usecase::model::count::{Forecast, Overview, Satisfaction, Share};
use rust_i18n::t;
use std::fmt::Write as _;

/// Under this many answers a share says little.
const SMALL: i64 = 30;
/// Columns of a bar.
const BAR: usize = 24;

/// The whole report.
pub fn text(session: &Session, door: &Door, overview: &Overview) -> String {
    let lang = session.lang;
    let word = |key: &str| t!(format!("report.{key}"), locale = lang.code()).into_owned();
    let campaign = door.campaign();
    let mut page = String::new();
    let seats = &overview.seats;
    let _ = writeln!(page, "{}", campaign.name.get(lang));
    let _ = writeln!(
        page,
        "{}: {} – {}\n",
        word("registration"),
        campaign.registration.opens().dmy(),
        campaign.registration.closes().dmy()
    );
    let _ = writeln!(page, "{:<26}{}/{}", word("seats"), seats.taken, seats.quota);
    let _ = writeln!(page, "{:<26}{}", word("waitlisted"), seats.waitlisted);
    let closed =
        seats.closed_by.as_deref().map_or_else(|| word("open"), |by| word(&format!("closed_by_{by}")));
    let _ = writeln!(page, "{:<26}{closed}", word("state"));
    if let Some(Forecast { early, at: likely, late }) = overview.full_at {
        let _ = writeln!(page, "{:<26}{} ({} – {})", word("full_at"), likely.dmy(), early.dmy(), late.dmy());
    }
    let _ = writeln!(page, "\n{}", word("funnel"));
    let most = overview.funnel.steps.iter().map(|step| step.count).max().unwrap_or(0).max(1);
    for step in &overview.funnel.steps {
        let width = usize::try_from(step.count.saturating_mul(BAR as i64) / most).unwrap_or(0);
        let leaks: Vec<String> =
            step.leaks.iter().map(|(reason, n)| format!("{} {n}", leak(reason, lang))).collect();
        let _ = writeln!(
            page,
            "  {:<22}{:>9}  {:<BAR$} {}",
            word(&format!("step.{}", step.step)),
            step.count,
            "█".repeat(width),
            leaks.join(" · ")
        );
    }
    for difference in &overview.funnel.differences {
        let _ = writeln!(page, "  ! {difference}");
    }
    satisfaction(&mut page, &overview.satisfaction, lang);
    if !overview.agents.is_empty() {
        let _ = writeln!(page, "\n{}", word("agents"));
        for agent in &overview.agents {
            let _ = writeln!(
                page,
                "  {:<22}{:>5} {:>5} {:>5}  {:>6} {:>6}",
                agent.name,
                agent.calls,
                agent.reached,
                agent.registered,
                percent(agent.contact_rate),
                percent(agent.conversion)
            );
        }
    }
    let _ = writeln!(page, "\n{:<26}{}", word("unacknowledged"), overview.unacknowledged);
    let _ = writeln!(page, "{:<26}{}", word("over_limit"), overview.over_limit);
    let sms: Vec<String> = overview
        .sms
        .iter()
        .map(|(state, n)| format!("{} {n}", t!(format!("state.{state}"), locale = lang.code())))
        .collect();
    let _ =
        write!(page, "{:<26}{}", word("sms"), if sms.is_empty() { "0".to_owned() } else { sms.join(" · ") });
    page
}

/// A leak's reason: the overview's short word, or that of a disposition or a state.
fn leak(reason: &str, lang: Lang) -> String {
    ["over.leak", "disposition", "state"]
        .into_iter()
        .map(|group| format!("{group}.{reason}"))
        .find_map(|key| {
            let text = t!(&key, locale = lang.code()).into_owned();
            (text != key).then_some(text)
        })
        .unwrap_or_else(|| reason.to_owned())
}

fn satisfaction(page: &mut String, measured: &Satisfaction, lang: Lang) {
    let word = |key: &str| t!(format!("report.{key}"), locale = lang.code()).into_owned();
    let _ = writeln!(page, "\n{}", word("satisfaction"));
    let _ = writeln!(page, "  {:<24}{}", "CSAT", share(&measured.csat, lang));
    let score = |value: Option<f64>, n: i64| {
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} (n={n})"))
    };
    let _ = writeln!(page, "  {:<24}{}", "NPS", score(measured.nps.value, measured.nps.n));
    let _ = writeln!(page, "  {:<24}{}", "CES", score(measured.ces.value, measured.ces.n));
    let _ = writeln!(page, "  {:<24}{}", word("response_rate"), percent(measured.response_rate));
    for (department, value) in &measured.by_department {
        let _ = writeln!(page, "    {:<22}{}", department.label(lang), share(value, lang));
    }
}

fn share(share: &Share, lang: Lang) -> String {
    let Share { value: Some(value), n, low: Some(low), high: Some(high) } = *share else {
        return "–".to_owned();
    };
    let small =
        if n < SMALL { format!(" · {}", t!("report.small", locale = lang.code())) } else { String::new() };
    format!("{:.1} % [{:.1}–{:.1}] n={n}{small}", value * 100.0, low * 100.0, high * 100.0)
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", value * 100.0))
}
