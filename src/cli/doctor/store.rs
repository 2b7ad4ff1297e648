//! Checks the store: its schema, its invariants, the clock against its rows, and on a server the hosts, the
//! line, durability, standbys and rights.

use super::finding::{Case, Finding};
use crate::cli::clock;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::store::health::{self, ServerState, Standbys, Standing};
use crate::store::{Address, Place, Store, StoreError};
use crate::usecase::{Door, Error, check};

/// Before this day the program was not written: an earlier clock is wrong. 2026-01-01 in Hải Phòng.
const WRITTEN: Timestamp = Timestamp(1_767_200_400_000);
/// After this day the program is not used any more: a later clock is wrong. 2100-01-01.
const FORGOTTEN: Timestamp = Timestamp(4_102_419_600_000);
/// How far two clocks may be apart, in ms.
const APART: i64 = 2_000;

/// All about the store at `place`.
pub fn findings(place: &Place, os_user: &str, lang: Lang) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Place::Server(address) = place {
        found.extend(hosts(address, lang));
    }
    let shown = place.to_string();
    match look(place, &shown, os_user, &mut found) {
        Ok(()) => {}
        Err(error) => found.push(away(&error, &shown, lang)),
    }
    found
}

fn away(error: &Error, place: &str, lang: Lang) -> Finding {
    let facts = [("place", place), ("why", &error.message(lang)), ("hint", &error.hint(lang))];
    Finding::new(Case::StoreAway, &facts)
}

fn look(place: &Place, shown: &str, os_user: &str, found: &mut Vec<Finding>) -> Result<(), Error> {
    let versions = health::versions(place)?;
    let (have, know) = (versions.found.to_string(), versions.known.to_string());
    let facts = [("found", have.as_str()), ("known", know.as_str())];
    found.push(Finding::new(Case::StoreOpens, &[("place", shown)]));
    if versions.found < versions.known {
        // Opening it would upgrade it; that is done by starting the new program, after a backup.
        found.push(Finding::new(Case::SchemaOlder, &facts));
        found.push(rate_clock(clock::now(), None));
        return Ok(());
    }
    found.push(Finding::new(Case::SchemaCurrent, &facts));
    let store = Store::open(place.clone())?;
    let (newest, server) =
        store.read(|tx| Ok::<_, StoreError>((health::newest_row(tx)?, health::server(tx)?)))?;
    let now = clock::now();
    let door = Door::open(store, os_user)?;
    found.push(rate_clock(now, newest.filter(|_| !door.simulated())));
    if let Some(state) = server {
        let inside = door.store().server().is_some_and(Address::is_inside);
        found.extend(rate_server(&state, now, inside));
    }
    let problems = check::check(&door)?;
    found.push(rate_check(problems.iter().map(|problem| problem.invariant.as_str()).collect()));
    Ok(())
}

fn rate_check(broken: Vec<&str>) -> Finding {
    if broken.is_empty() {
        return Finding::new(Case::Sound, &[]);
    }
    Finding::new(Case::Broken, &[("count", &broken.len().to_string()), ("invariants", &broken.join(", "))])
}

/// The machine's clock, against the newest row of a store in real time.
fn rate_clock(now: Timestamp, newest: Option<Timestamp>) -> Finding {
    let shown = now.dmy_hm();
    if !(WRITTEN..FORGOTTEN).contains(&now) {
        return Finding::new(Case::ClockImplausible, &[("now", &shown)]);
    }
    match newest {
        Some(newest) if newest.since(now) > APART => {
            Finding::new(Case::ClockBehind, &[("now", &shown), ("newest", &newest.dmy_hm())])
        }
        _ => Finding::new(Case::ClockPlausible, &[("now", &shown)]),
    }
}

fn hosts(address: &Address, lang: Lang) -> Vec<Finding> {
    // The finding about the store itself reports why no host was asked.
    let Ok(standings) = health::hosts(address) else { return Vec::new() };
    rate_hosts(&standings, lang)
}

fn rate_hosts(standings: &[(String, Standing)], lang: Lang) -> Vec<Finding> {
    let mut found: Vec<Finding> = standings
        .iter()
        .map(|(name, standing)| match standing {
            Standing::Leads => Finding::new(Case::HostLeads, &[("host", name)]),
            Standing::Follows => Finding::new(Case::HostFollows, &[("host", name)]),
            Standing::Away(error) => {
                Finding::new(Case::HostAway, &[("host", name), ("why", &error.message(lang))])
            }
        })
        .collect();
    let leaders: Vec<&str> = standings
        .iter()
        .filter(|(_, standing)| *standing == Standing::Leads)
        .map(|(name, _)| name.as_str())
        .collect();
    match leaders.as_slice() {
        [] => found.push(Finding::new(Case::NobodyLeads, &[])),
        [_] => {}
        several => found.push(Finding::new(Case::SeveralLead, &[("hosts", &several.join(", "))])),
    }
    found
}

fn rate_server(state: &ServerState, now: Timestamp, inside: bool) -> Vec<Finding> {
    let apart = state.now.since(now).abs();
    let clock = if apart > APART { Case::ServerClockDiffers } else { Case::ServerClockAgrees };
    let tls = match (state.encrypted, inside) {
        (true, _) => Case::TlsOn,
        (false, true) => Case::TlsInside,
        (false, false) => Case::TlsOff,
    };
    let durability = if state.not_durable.is_empty() { Case::Durable } else { Case::NotDurable };
    let audit = if state.may_alter_audit { Case::AuditOwned } else { Case::AuditSafe };
    vec![
        Finding::new(clock, &[("ms", &apart.to_string())]),
        Finding::new(tls, &[]),
        Finding::new(durability, &[("settings", &state.not_durable.join(", "))]),
        rate_standbys(state.standbys),
        Finding::new(audit, &[]),
    ]
}

fn rate_standbys(standbys: Option<Standbys>) -> Finding {
    let Some(Standbys { streaming, synchronous }) = standbys else {
        return Finding::new(Case::ReplicationHidden, &[]);
    };
    let case = match (streaming, synchronous) {
        (0, _) => Case::Alone,
        (_, 0) => Case::Asynchronous,
        _ => Case::Synchronous,
    };
    Finding::new(case, &[("streaming", &streaming.to_string()), ("synchronous", &synchronous.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: &str = "2026-12-02T12:00:00+07:00";

    fn noon() -> Timestamp {
        Timestamp::parse(NOON).unwrap()
    }

    fn cases(found: &[Finding]) -> Vec<Case> {
        found.iter().map(|finding| finding.case).collect()
    }

    #[test]
    fn a_clock_is_held_against_the_calendar_and_the_newest_row() {
        for (now, newest, case) in [
            (noon(), None, Case::ClockPlausible),
            (noon(), Some(noon()), Case::ClockPlausible),
            (noon(), Some(noon().plus_ms(APART)), Case::ClockPlausible),
            (noon(), Some(noon().plus_ms(APART + 1)), Case::ClockBehind),
            (Timestamp::ZERO, None, Case::ClockImplausible),
            (Timestamp::parse("2025-12-31T23:59:59+07:00").unwrap(), None, Case::ClockImplausible),
            (Timestamp::parse("2026-01-01T00:00:00+07:00").unwrap(), None, Case::ClockPlausible),
            (Timestamp::parse("2100-01-01T00:00:00+07:00").unwrap(), None, Case::ClockImplausible),
        ] {
            assert_eq!(rate_clock(now, newest).case, case, "{now:?} {newest:?}");
        }
    }

    #[test]
    fn one_host_leads_and_any_other_number_is_wrong() {
        let named = |standing| ("db:5432".to_owned(), standing);
        let gone = Standing::Away(StoreError::Lost { what: "db".to_owned() });
        for (standings, expected) in [
            (
                vec![named(Standing::Follows), named(Standing::Leads)],
                vec![Case::HostFollows, Case::HostLeads],
            ),
            (vec![named(gone), named(Standing::Leads)], vec![Case::HostAway, Case::HostLeads]),
            (vec![named(Standing::Follows)], vec![Case::HostFollows, Case::NobodyLeads]),
            (
                vec![named(Standing::Leads), named(Standing::Leads)],
                vec![Case::HostLeads, Case::HostLeads, Case::SeveralLead],
            ),
        ] {
            assert_eq!(cases(&rate_hosts(&standings, Lang::En)), expected);
        }
    }

    #[test]
    fn what_a_server_says_is_rated_line_by_line() {
        let standbys = |streaming, synchronous| Some(Standbys { streaming, synchronous });
        let best = ServerState {
            now: noon(),
            encrypted: true,
            not_durable: Vec::new(),
            may_alter_audit: false,
            standbys: standbys(2, 1),
        };
        assert_eq!(
            cases(&rate_server(&best, noon(), false)),
            [Case::ServerClockAgrees, Case::TlsOn, Case::Durable, Case::Synchronous, Case::AuditSafe]
        );
        let worst = ServerState {
            now: noon().plus_ms(-APART - 1),
            encrypted: false,
            not_durable: vec!["fsync"],
            may_alter_audit: true,
            standbys: standbys(0, 0),
        };
        assert_eq!(
            cases(&rate_server(&worst, noon(), false)),
            [Case::ServerClockDiffers, Case::TlsOff, Case::NotDurable, Case::Alone, Case::AuditOwned]
        );
        assert_eq!(rate_server(&worst, noon(), true)[1].case, Case::TlsInside);
        assert_eq!(rate_standbys(standbys(2, 0)).case, Case::Asynchronous);
        assert_eq!(rate_standbys(None).case, Case::ReplicationHidden);
    }
}
