//! The report for people: the overview as plain text, 80 columns, without personal data.

use super::session::Session;
use crate::domain::lang::Lang;
use crate::domain::survey::signed;
use crate::domain::time::Timestamp;
use crate::usecase::Door;
use crate::usecase::model::count::{Forecast, Overview, Satisfaction, Score, Share};
use rust_i18n::t;
use std::fmt::Write as _;

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
    let today = door.time_at(Session::now(door)).map_or_else(|_| campaign.registration.to, Timestamp::date);
    let small = campaign.limits_on(today).small_sample;
    satisfaction(&mut page, &overview.satisfaction, small, lang);
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
    let _ = writeln!(page, "\n{:<30}{}", word("unacknowledged"), overview.unacknowledged);
    let _ = writeln!(page, "{:<30}{}", word("over_limit"), overview.over_limit);
    let sms: Vec<String> = overview
        .sms
        .iter()
        .map(|(state, n)| format!("{} {n}", t!(format!("state.{state}"), locale = lang.code())))
        .collect();
    let _ =
        write!(page, "{:<30}{}", word("sms"), if sms.is_empty() { "0".to_owned() } else { sms.join(" · ") });
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

fn satisfaction(page: &mut String, measured: &Satisfaction, small: i64, lang: Lang) {
    let word = |key: &str| t!(format!("report.{key}"), locale = lang.code()).into_owned();
    let _ = writeln!(page, "\n{}", word("satisfaction"));
    let _ = writeln!(page, "  {:<24}{}", "CSAT", share(&measured.csat, small, lang));
    let _ = writeln!(page, "  {:<24}{}", "NPS", score(&measured.nps, |value, _| signed(value), small, lang));
    let _ = writeln!(page, "  {:<24}{}", "CES", score(&measured.ces, decimal, small, lang));
    let _ = writeln!(page, "  {:<24}{}", word("response_rate"), percent(measured.response_rate));
    for (department, value) in &measured.by_department {
        let _ = writeln!(page, "    {:<22}{}", department.label(lang), share(value, small, lang));
    }
}

/// `95,2 % [82,1–98,6] n=31`: a share with its interval, and a remark when there are too few answers.
fn share(share: &Share, small: i64, lang: Lang) -> String {
    let Share { value: Some(value), n, low: Some(low), high: Some(high) } = *share else {
        return "–".to_owned();
    };
    let part = |share: f64| lang.decimal(share * 100.0);
    format!("{} % [{}–{}] n={n}{}", part(value), part(low), part(high), too_few(n, small, lang))
}

/// `6,3 [5,9–6,6] n=31`: a score in its own unit, with the same.
fn score(score: &Score, text: fn(f64, Lang) -> String, small: i64, lang: Lang) -> String {
    let Some(value) = score.value else { return "–".to_owned() };
    let bounds = match (score.low, score.high) {
        (Some(low), Some(high)) => format!(" [{}–{}]", text(low, lang), text(high, lang)),
        (Some(_) | None, _) => String::new(),
    };
    format!("{}{bounds} n={}{}", text(value, lang), score.n, too_few(score.n, small, lang))
}

fn decimal(value: f64, lang: Lang) -> String {
    lang.decimal(value)
}

fn too_few(n: i64, small: i64, lang: Lang) -> String {
    if n < small { format!(" · {}", t!("report.small", locale = lang.code())) } else { String::new() }
}

/// Whole percent.
fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", value * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_the_separator_of_the_language_their_interval_and_a_remark_when_few() {
        let csat = Share { value: Some(0.952), n: 31, low: Some(0.821), high: Some(0.986) };
        assert_eq!(share(&csat, 30, Lang::Vi), "95,2 % [82,1–98,6] n=31");
        assert_eq!(share(&csat, 30, Lang::En), "95.2 % [82.1–98.6] n=31");
        let ces = Score { value: Some(6.25), n: 8, low: Some(5.9), high: Some(6.6) };
        assert_eq!(score(&ces, decimal, 30, Lang::Vi), "6,3 [5,9–6,6] n=8 · n quá nhỏ");
        let nothing = Score { value: None, n: 0, low: None, high: None };
        assert_eq!(score(&nothing, decimal, 30, Lang::Vi), "–");
        let nps = Score { value: Some(69.2), n: 31, low: Some(-0.2), high: Some(83.6) };
        let shown = score(&nps, |value, _| signed(value), 30, Lang::Vi);
        assert_eq!(shown, "+69 [0–+84] n=31", "as on the screen");
    }
}
