//! Reads the agents' table of a day: counters by agent, and each one's present state.

use crate::domain::actor::{AgentState, Role};
use crate::store::counter::{self, AgentCount};
use crate::store::{Tx, overview as overview_rows};
use crate::usecase::ctx::Ctx;
use crate::usecase::error::Error;
use crate::usecase::model::count::AgentLine;
use crate::usecase::query::Snapshot;
use chrono::NaiveDate;

/// The table of a day, by default today's.
pub(in crate::usecase) fn agents(
    tx: &mut Tx<'_>,
    ctx: &Ctx<'_>,
    date: Option<NaiveDate>,
) -> Result<Snapshot, Error> {
    let date = date.unwrap_or_else(|| ctx.now.date());
    Ok(Snapshot::Agents { date, agents: table(tx, ctx, date)? })
}

/// Active agents of 9090, and others of its staff with a count on that day, most calls first. Vinmec's staff are none of
/// 9090's agents. Who is ready has the screens open.
pub(super) fn table(tx: &mut Tx<'_>, ctx: &Ctx<'_>, date: NaiveDate) -> Result<Vec<AgentLine>, Error> {
    let counts = counter::sum_prefix(tx, &format!("agent.{date}."))?;
    let mut lines: Vec<AgentLine> = Vec::new();
    for person in overview_rows::staff_now(tx)? {
        let count =
            |what: AgentCount| counts.get(&counter::agent(date, &person.id, what)).copied().unwrap_or(0);
        if person.role.is_vinmec() {
            continue;
        }
        let [calls, reached, registered, offered, agreed, talk, wrap_up, pause] = [
            AgentCount::Calls,
            AgentCount::Reached,
            AgentCount::Registered,
            AgentCount::Offered,
            AgentCount::Agreed,
            AgentCount::Talk,
            AgentCount::WrapUp,
            AgentCount::Pause,
        ]
        .map(count);
        let idle = [calls, reached, registered, talk, wrap_up, pause].iter().all(|value| *value == 0);
        if idle && !(person.active && person.role == Role::Agent) {
            continue;
        }
        let on_call = person.lease_until.is_some_and(|until| ctx.now < until);
        lines.push(AgentLine {
            staff: person.id.0,
            name: person.name,
            state: match person.state {
                _ if on_call => AgentState::OnCall,
                AgentState::Paused => AgentState::Paused,
                // Who sits down has never said so: open screens are what makes them ready.
                AgentState::Off | AgentState::Ready | AgentState::OnCall if person.here => AgentState::Ready,
                AgentState::Off | AgentState::Ready | AgentState::OnCall => AgentState::Off,
            },
            calls,
            reached,
            registered,
            contact_rate: rate(reached, calls),
            conversion: rate(agreed, offered),
            talk_seconds: talk,
            wrap_up_seconds: wrap_up,
            pause_seconds: pause,
        });
    }
    lines.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.staff.cmp(&b.staff)));
    Ok(lines)
}

/// `part ÷ whole`; none for an empty whole.
fn rate(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
