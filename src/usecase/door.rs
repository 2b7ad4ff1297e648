//! Runs every command of every surface ([`Door::execute`], [`Door::submit`]) and every query ([`Door::query`]):
//! authorise → (repeat?) → rule and rows → audit → one commit.
//!
//! Invariants:
//! - every command and query checks its permission through `ctx::permit`;
//! - a command leaves exactly one audit row, in its own transaction, unless it only repeats what one says
//!   ([`super::opening`]);
//! - the first command after a kept seat's time gives it on before it acts ([`super::seat_release`]);
//! - a repeated operation id returns its first receipt;
//! - on a simulated store time never goes back, on a real store no caller brings a time of its own.

use super::command::Command;
use super::ctx::{Ctx, Signer, When, actor, append, authorise, permit, settle_time, time_at};
use super::dispatch::{answer, run};
use super::draft;
use super::error::Error;
use super::holder::name_holder;
use super::programme::{self, Entered, Held, Programme};
use super::query::{Query, Snapshot};
use super::receipt::Receipt;
use super::seat_release::release_due;
use crate::domain::actor::{Actor, OPERATOR, Permission, Role};
use crate::domain::audit::Entry;
use crate::domain::campaign::Campaign;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::refusal::Refusal;
use crate::domain::ssh_key::Fingerprint;
use crate::domain::time::Timestamp;
use crate::store::tally::Counts;
use crate::store::{
    self, Store, StoreError, Tx, audit as audit_rows, campaign_version, meta, operation, sms,
    staff as staff_rows, staff_key,
};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// A command and its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The caller's own id: the same id again returns the first receipt and acts once.
    pub op: Option<String>,
    /// The staff member who gives it.
    pub staff: StaffId,
    /// Its time.
    pub when: When,
    /// The command.
    pub command: Command,
}

/// One open programme. Clones share the store.
#[derive(Debug, Clone)]
pub struct Door {
    store: Store,
    held: Held,
    simulated: bool,
    os_user: Arc<str>,
    outcomes: Arc<Outcomes>,
    /// When patience began, unless it begins with each command.
    asked: Option<Instant>,
}

/// Counts of commands by outcome: name of the command; `ok`, `refused` or `error`; the rule's code or the kind of the
/// error.
pub type Outcomes = Counts<(&'static str, &'static str, &'static str)>;

fn with_sample_details(campaign: Campaign) -> Result<Campaign, StoreError> {
    campaign.with_sample_details().map_err(|error| StoreError::internal(&error.to_string()))
}

impl Door {
    /// Creates the programme in an empty store. A simulated one gets invented details of an offer for those that the
    /// campaign does not give.
    pub fn create(
        store: Store,
        campaign: Campaign,
        simulated: bool,
        now: Timestamp,
        os_user: &str,
    ) -> Result<Self, Error> {
        // Offers of an exercise name invented details where the real ones are missing.
        let campaign = if simulated { with_sample_details(campaign)? } else { campaign };
        let config = campaign.to_json().map_err(|error| StoreError::internal(&error.to_string()))?;
        let quota = campaign.quota;
        let operator = StaffId(OPERATOR.to_owned());
        let first = programme::row(1, &campaign, now, &operator);
        let user = os_user.to_owned();
        let what = store.server().map_or_else(|| "campaign".to_owned(), ToString::to_string);
        store.write(move |tx| -> Result<(), Error> {
            if !meta::insert_campaign(tx, quota)? {
                return Err(StoreError::Exists { what }.into());
            }
            staff_rows::upsert(tx, &operator, OPERATOR, Role::Operator, None, now)?;
            campaign_version::insert(tx, &first, &config)?;
            meta::set_simulated(tx, simulated)?;
            let entry = Entry {
                at: now,
                staff: OPERATOR.to_owned(),
                os_user: user,
                action: "init".to_owned(),
                subject: "campaign:1".to_owned(),
                detail: format!("quota={quota}"),
            };
            Ok(audit_rows::append(tx, entry)?)
        })?;
        let programme = Programme { version: 1, campaign: Arc::new(campaign) };
        Ok(Self::over(store, programme, simulated, os_user))
    }

    /// Opens the programme that a store holds.
    pub fn open(store: Store, os_user: &str) -> Result<Self, Error> {
        let (programme, simulated) = store
            .read(|tx| -> Result<_, Error> { Ok((programme::in_force(tx)?, meta::is_simulated(tx)?)) })?;
        Ok(Self::over(store, programme, simulated, os_user))
    }

    fn over(store: Store, programme: Programme, simulated: bool, os_user: &str) -> Self {
        let held = Held::new(programme);
        Self { store, held, simulated, os_user: Arc::from(os_user), outcomes: Arc::default(), asked: None }
    }

    /// Reads which version is in force, for this door and all its clones. A version that no check let pass is an
    /// error and changes nothing.
    ///
    /// # Errors
    /// Those of the store; internal for a version that cannot be read or has problems.
    pub fn refresh(&self) -> Result<Programme, Error> {
        let held = self.held.now();
        let (now, known) = (self.store.read(programme::in_force)?, held.version);
        if now.version != known {
            if let Some(problem) = now.campaign.problems().first() {
                let what = format!("campaign version {}: {}", now.version, problem.sentence(Lang::En));
                return Err(StoreError::internal(&what).into());
            }
            self.held.adopt(now);
        }
        Ok(self.held.now())
    }

    /// The outcomes of commands in this process.
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// How many messages wait for a sender.
    pub fn outbox_waiting(&self) -> Result<i64, Error> {
        self.store.read(|tx| Ok(sms::count_queued(tx)?))
    }

    /// The programme's configuration, as it is in force as far as this process knows. Commands and queries see that of
    /// their own transaction.
    pub fn campaign(&self) -> Arc<Campaign> {
        self.held.now().campaign
    }

    /// The same with its version.
    pub fn programme(&self) -> Programme {
        self.held.now()
    }

    /// The store, for what is no command: backup, check, subscriptions, bulk loads.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Whether time comes from the commands.
    pub const fn simulated(&self) -> bool {
        self.simulated
    }

    /// The operating-system user behind this process.
    pub fn os_user(&self) -> &str {
        &self.os_user
    }

    /// The store's own time on a simulated store.
    pub fn clock(&self) -> Result<Option<Timestamp>, Error> {
        if !self.simulated {
            return Ok(None);
        }
        self.store.read(|tx| Ok(meta::clock(tx)?))
    }

    /// Returns the staff member of a login name; refuses an unknown or disabled one.
    pub fn actor(&self, staff: &StaffId) -> Result<Actor, Error> {
        self.patiently(|| {
            let staff = staff.clone();
            self.store.read(move |tx| actor(tx, &staff))
        })
    }

    /// Returns the staff member of a login name; refuses one without the permission `act`. For work that is no command
    /// or query: its own transactions check again.
    pub fn authorise(&self, staff: &StaffId, act: Permission) -> Result<Actor, Error> {
        self.patiently(|| {
            let staff = staff.clone();
            self.store.read(move |tx| authorise(tx, &staff, act))
        })
    }

    /// Returns the time that the store would write at the caller's `now`.
    pub fn time_at(&self, now: Timestamp) -> Result<Timestamp, Error> {
        let (campaign, simulated) = (self.campaign(), self.simulated);
        self.store.read(move |tx| time_at(tx, &campaign, simulated, now))
    }

    /// The same door for a remote user: audit rows name `origin` in place of the operating-system user of a local
    /// process.
    #[must_use]
    pub fn for_one_from(&self, origin: &str) -> Self {
        Self { os_user: Arc::from(origin), ..self.clone() }
    }

    /// The same door for a request made at `asked` that waited in a queue: patience counts from then on. Every command
    /// is still tried once.
    #[must_use]
    pub fn asked_at(&self, asked: Instant) -> Self {
        Self { asked: Some(asked), ..self.clone() }
    }

    /// Whether the request ([`Door::asked_at`]) may wait no longer for a store that is away.
    pub fn is_out_of_patience(&self) -> bool {
        let patience = self.store.patience();
        !patience.is_zero() && self.asked.is_some_and(|asked| asked.elapsed() >= patience)
    }

    /// The staff member of an SSH key; none for an unknown or removed key, and for that of a staff member who may not
    /// sign in. The caller must have verified a signature of the key.
    pub fn whose_key(&self, key: &Fingerprint) -> Result<Option<Actor>, Error> {
        Ok(self.whose_keys(std::slice::from_ref(key))?.remove(key))
    }

    /// The same for many keys on one snapshot; an unknown key is absent.
    pub fn whose_keys(&self, keys: &[Fingerprint]) -> Result<HashMap<Fingerprint, Actor>, Error> {
        self.patiently(|| {
            let keys = keys.to_vec();
            self.store.read(move |tx| Ok(staff_key::find_actors(tx, &keys)?))
        })
    }

    /// Runs a command and returns when its outcome is durable. While a server is away it is repeated with the same
    /// operation id until the store's patience ends: a command that committed without a reply is found by its id.
    pub fn execute(&self, mut request: Request) -> Result<Receipt, Error> {
        let patience = self.store.patience();
        if !patience.is_zero() && request.op.is_none() {
            request.op = Some(ulid::Ulid::generate().to_string());
        }
        let name = request.command.name();
        let outcome = self.patiently(|| {
            match self.store.write(self.job(request.clone())) {
                // A constraint failed before the rule: another command was faster. The rule sees its row now.
                Err(Error::Store(StoreError::Constraint { .. })) => {
                    self.store.write(self.job(request.clone()))
                }
                outcome => outcome,
            }
        });
        let outcome = outcome.map(|ran| ran.settle(&self.held));
        count(&self.outcomes, name, &outcome);
        outcome
    }

    /// Tries again while the store may come back, and reports meanwhile that it is away.
    pub(super) fn patiently<T>(&self, mut act: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        let until = self.asked.unwrap_or_else(Instant::now) + self.store.patience();
        let mut away = None;
        for tries in 0.. {
            match act() {
                Err(Error::Store(error)) if error.is_passing() && Instant::now() < until => {
                    if matches!(error, StoreError::Lost { .. } | StoreError::ReadOnly) && away.is_none() {
                        away = Some(self.store.away());
                    }
                    store::pause(tries);
                }
                outcome => return outcome,
            }
        }
        Err(StoreError::Busy.into())
    }

    /// Runs many commands of a simulated store in one transaction: the same path, rule by rule and audit row by
    /// audit row, without a commit for each. `play` gets a function that runs one request; a refused one
    /// changes nothing and the play continues.
    pub fn rehearse<T: Send + 'static>(
        &self,
        play: impl FnOnce(&mut dyn FnMut(Request) -> Result<Receipt, Error>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if !self.simulated {
            return Err(Refusal::ClockNotAllowed { latest: None }.into());
        }
        let (mut held, os_user) = (self.held.now(), Arc::clone(&self.os_user));
        self.store.write(move |tx| {
            play(&mut |request| {
                let ran = tx.attempt(|tx| execute(tx, held.clone(), true, &os_user, request))?;
                held = ran.programme;
                Ok(ran.receipt)
            })
        })
    }

    /// Queues a command; `reply` gets the durable outcome on a thread of the store. Nothing is repeated, and on a
    /// server queued commands run concurrently ([`Store::keeps_order`]).
    pub fn submit(
        &self,
        request: Request,
        reply: impl FnOnce(Result<Receipt, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        let (name, outcomes) = (request.command.name(), Arc::clone(&self.outcomes));
        let held = self.held.clone();
        let counted = move |outcome: Result<Ran, Error>| {
            let outcome = outcome.map(|ran| ran.settle(&held));
            count(&outcomes, name, &outcome);
            reply(outcome);
        };
        Ok(self.store.submit(self.job(request), counted)?)
    }

    fn job(&self, request: Request) -> impl FnOnce(&mut Tx<'_>) -> Result<Ran, Error> + Send + 'static {
        let held = self.held.now();
        let os_user = Arc::clone(&self.os_user);
        let simulated = self.simulated;
        move |tx| execute(tx, held, simulated, &os_user, request)
    }

    /// Answers a query from a snapshot of the committed state.
    pub fn query(&self, staff: &StaffId, now: Timestamp, query: Query) -> Result<Snapshot, Error> {
        self.patiently(|| self.ask(staff, now, query.clone()))
    }

    fn ask(&self, staff: &StaffId, now: Timestamp, query: Query) -> Result<Snapshot, Error> {
        let held = self.held.now();
        let staff = staff.clone();
        let simulated = self.simulated;
        let is_long = query.is_long();
        let read = move |tx: &mut Tx<'_>| -> Result<_, Error> {
            let Entered { actor, programme, .. } = programme::enter(tx, held, &staff)?;
            permit(&actor, query.act())?;
            let campaign = &programme.campaign;
            let now = time_at(tx, campaign, simulated, now)?;
            let ctx = Ctx { actor: &actor, now, campaign };
            let answer = answer(tx, &ctx, query);
            Ok((name_holder(tx, answer)?, programme))
        };
        let (snapshot, programme) =
            if is_long { self.store.read_long(read)? } else { self.store.read(read)? };
        self.held.adopt(programme);
        Ok(snapshot)
    }

    /// Writes the audit row of work on many rows at once (imports, exports, backups).
    pub fn note(
        &self,
        staff: &StaffId,
        now: Timestamp,
        act: Permission,
        action: &'static str,
        detail: String,
    ) -> Result<(), Error> {
        let (staff, os_user) = (staff.clone(), Arc::clone(&self.os_user));
        self.store.write(move |tx| {
            authorise(tx, &staff, act)?;
            append(
                tx,
                Signer { at: now, staff: &staff, os_user: &os_user },
                action,
                "store".to_owned(),
                detail,
            )
        })
    }
}

fn count(outcomes: &Outcomes, command: &'static str, outcome: &Result<Receipt, Error>) {
    outcomes.add(match outcome {
        Ok(_) => (command, "ok", ""),
        Err(Error::Refused(refusal)) => (command, "refused", refusal.rule()),
        Err(Error::Store(error)) => (command, "error", error.kind()),
    });
}

/// A command that ran, and the programme that it ran under.
#[derive(Debug)]
struct Ran {
    receipt: Receipt,
    programme: Programme,
}

impl Ran {
    /// Its receipt, once it is durable: what it ran under is in force.
    fn settle(self, held: &Held) -> Receipt {
        held.adopt(self.programme);
        self.receipt
    }
}

fn execute(
    tx: &mut Tx<'_>,
    held: Programme,
    simulated: bool,
    os_user: &str,
    request: Request,
) -> Result<Ran, Error> {
    let Request { op, staff, when, command } = request;
    if let Some(op) = &op
        && !operation::insert(tx, op, &staff, command.name())?
    {
        let first = operation::find(tx, op)?
            .ok_or_else(|| StoreError::internal("an operation that was and was not"))?;
        if first.staff != staff.0 || first.command != command.name() {
            return Err(Refusal::OperationReused.into());
        }
        // The reply to the first commit may be lost, and its standby may not have it yet: an answer with a commit of
        // its own waits for both.
        operation::confirm(tx, op)?;
        let receipt = serde_json::from_str(&first.receipt)
            .map_err(|error| StoreError::internal(&format!("an unreadable receipt: {error}")))?;
        return Ok(Ran { receipt, programme: held });
    }
    let Entered { actor, programme, release_at } = programme::enter(tx, held, &staff)?;
    let campaign = &programme.campaign;
    let now = settle_time(tx, campaign, simulated, when)?;
    permit(&actor, command.act())?;
    if release_at.is_some_and(|due_at| due_at < now) {
        release_due(tx, campaign, now, os_user)?;
    }
    let done = run(tx, &Ctx { actor: &actor, now, campaign }, &command);
    let done = name_holder(tx, done)?;
    draft::delete_used(tx, &staff, &command)?;
    if !done.quiet {
        append(tx, Signer { at: now, staff: &staff, os_user }, command.name(), done.subject, done.detail)?;
    }
    if let Some(op) = op {
        let receipt =
            serde_json::to_string(&done.receipt).map_err(|error| StoreError::internal(&error.to_string()))?;
        operation::settle(tx, &op, now, &receipt)?;
    }
    Ok(Ran { receipt: done.receipt, programme })
}
