//! The command line as types. Texts for people are put in by [`super::words`]: the doc comments
//! here are for readers of the code.

use super::campaign_args::CampaignWhat;
use super::import_args::Import;
use crate::domain::actor::Role;
use crate::domain::lang::Lang;
use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "tongdai", version, disable_help_subcommand = true, args_conflicts_with_subcommands = false)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// Minutes without a key after which the screens lock; 0: never.
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=600), value_name = "MINUTES")]
    pub idle_lock: Option<u32>,
    /// What to do; nothing opens the screens.
    #[command(subcommand)]
    pub command: Option<Action>,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// `sqlite:PATH` or `PATH`.
    #[arg(long, global = true, env = "TONGDAI_STORE", value_name = "STORE")]
    pub store: Option<String>,
    /// The staff member who acts.
    #[arg(long = "as", global = true, env = "TONGDAI_AS", value_name = "STAFF")]
    pub staff: Option<String>,
    /// `vi` or `en`.
    #[arg(long, global = true, env = "TONGDAI_LANG", value_name = "LANG", value_parser = lang)]
    pub lang: Option<Lang>,
    /// Machine-readable output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Where the log goes.
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::parse(text).ok_or_else(|| "vi, en".to_owned())
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// A throwaway simulated store with every screen populated.
    Demo(Demo),
    /// Six short lessons on a throwaway simulated store.
    Tutor(Tutor),
    /// Create a store.
    Init(Init),
    /// Load a list or register.
    Import {
        /// What kind.
        #[command(subcommand)]
        what: Import,
    },
    /// Staff members.
    Staff {
        /// What to do.
        #[command(subcommand)]
        what: Staff,
    },
    /// Versions of the campaign.
    Campaign {
        /// What to do.
        #[command(subcommand)]
        what: CampaignWhat,
    },
    /// Open sessions.
    Session {
        /// What to do.
        #[command(subcommand)]
        what: SessionWhat,
    },
    /// One command a line in, one result a line out.
    Exec(Exec),
    /// One read model as JSON.
    Query(Query),
    /// Hand-over batches as files.
    Handover {
        /// What to do.
        #[command(subcommand)]
        what: Handover,
    },
    /// The people behind a figure.
    List(List),
    /// What waits for somebody.
    Task {
        /// What to do.
        #[command(subcommand)]
        what: Task,
    },
    /// The programme in figures.
    Report(Report),
    /// Check every invariant of the store.
    Check,
    /// Whether this machine is fit for a working day.
    Doctor(Doctor),
    /// The audit log.
    Audit {
        /// What to do.
        #[command(subcommand)]
        what: Audit,
    },
    /// A consistent copy of the store.
    Backup(Backup),
    /// A store from a backup.
    Restore(Restore),
    /// Copy the whole store to another engine or file.
    Migrate(Migrate),
    /// SQL for the two roles of a store on a server.
    Grants(Grants),
    /// Measures this machine.
    Bench(Bench),
    /// Many SSH sessions that work like agents.
    Load(Load),
    /// The SSH server.
    Serve(Serve),
    /// The host key.
    HostKey {
        /// What to do.
        #[command(subcommand)]
        what: HostKey,
    },
    /// Shell completions.
    Completions(Completions),
    /// The manual page.
    Man,
    /// The generated pages under `docs/`.
    #[command(hide = true)]
    Docs(Docs),
}

/// `tongdai demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// How many customers, 10–2 000 000.
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(10..=2_000_000), value_name = "N")]
    pub customers: u32,
    /// Build the store, print where it is and do not open the screens.
    #[arg(long, value_name = "FILE")]
    pub keep: Option<PathBuf>,
}

/// `tongdai tutor`.
#[derive(Debug, Args)]
pub struct Tutor {
    /// Whose lessons.
    #[arg(long, value_parser = roles(), default_value = Role::Agent.code(), hide_default_value = true, hide_possible_values = true, value_name = "ROLE")]
    pub role: Role,
}

/// `tongdai init`.
#[derive(Debug, Args)]
pub struct Init {
    /// First day.
    #[arg(long, value_name = "D")]
    pub from: NaiveDate,
    /// Last day of registration.
    #[arg(long, value_name = "D")]
    pub to: NaiveDate,
    /// Last day of consultations.
    #[arg(long, value_name = "D")]
    pub consult_until: NaiveDate,
    /// Last day of the handbook.
    #[arg(long, value_name = "D")]
    pub handbook_until: NaiveDate,
    /// Seats.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    pub quota: Option<i64>,
    /// Least bill in đồng.
    #[arg(long, value_name = "VND", value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    pub min_charge: Option<i64>,
    /// A campaign file.
    #[arg(long, value_name = "FILE.toml")]
    pub campaign: Option<PathBuf>,
    /// Time comes from the commands.
    #[arg(long)]
    pub simulated: bool,
}

/// `tongdai staff …`.
#[derive(Debug, Subcommand)]
pub enum Staff {
    /// Add or change.
    Add(StaffAdd),
    /// All staff members.
    List,
    /// Disable a staff member.
    Disable {
        /// Login name.
        id: String,
    },
    /// Remove a forgotten PIN.
    ClearPin {
        /// Login name.
        id: String,
    },
    /// The keys of one staff member.
    Key {
        /// Login name.
        id: String,
        /// What to do.
        #[command(subcommand)]
        what: StaffKey,
    },
}

/// `tongdai session …`.
#[derive(Debug, Subcommand)]
pub enum SessionWhat {
    /// All open sessions.
    List,
    /// End one.
    End {
        /// Its id, as the list shows it.
        #[arg(id = "session", value_name = "SESSION")]
        id: String,
    },
    /// Show a message on every open screen.
    Broadcast {
        /// One line.
        text: String,
    },
}

/// `tongdai staff key ID …`.
#[derive(Debug, Subcommand)]
pub enum StaffKey {
    /// Add one.
    Add {
        /// A public key file; `-` for standard input.
        #[arg(id = "key_file", value_name = "FILE.pub")]
        file: PathBuf,
    },
    /// Remove one.
    Remove {
        /// `SHA256:…`.
        fingerprint: String,
    },
    /// All in use.
    List,
}

/// `tongdai staff add`.
#[derive(Debug, Args)]
pub struct StaffAdd {
    /// Login name.
    pub id: String,
    /// Name on screen.
    #[arg(long)]
    pub name: String,
    /// Role.
    #[arg(long, value_parser = roles(), hide_possible_values = true)]
    pub role: Role,
    /// The doctor that this login belongs to.
    #[arg(long, value_name = "DOCTOR")]
    pub doctor: Option<i64>,
    /// A first public SSH key.
    #[arg(long, value_name = "FILE.pub")]
    pub key: Option<PathBuf>,
}

/// The roles that a person can have.
fn roles() -> impl TypedValueParser<Value = Role> {
    let codes = Role::ALL.into_iter().filter(|role| *role != Role::Operator).map(Role::code);
    PossibleValuesParser::new(codes).try_map(|code| Role::parse(&code).ok_or(code))
}

/// `tongdai exec`.
#[derive(Debug, Args)]
pub struct Exec {
    /// A file of lines, or `-`.
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// Print the JSON Schema of a line.
    #[arg(long)]
    pub schema: bool,
}

/// `tongdai query`.
#[derive(Debug, Args)]
pub struct Query {
    /// Name of the read model.
    pub name: String,
    /// Its fields.
    pub fields: Option<String>,
}

/// `tongdai handover …`.
#[derive(Debug, Subcommand)]
pub enum Handover {
    /// Send what waits, and write it to a file.
    Send {
        /// CSV or XLSX by its ending.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Acknowledge a batch.
    Ack {
        /// Which.
        batch: i64,
        /// CSV of returned rows: registration, reason.
        #[arg(long, value_name = "FILE")]
        returned: Option<PathBuf>,
    },
}

/// `tongdai list`.
#[derive(Debug, Args)]
pub struct List {
    /// Which figure.
    pub figure: String,
    /// By given name.
    #[arg(long)]
    pub by_name: bool,
    /// Which page of 200, from 1.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub page: u32,
    /// Into a new file.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `tongdai task …`.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Those that wait.
    List {
        /// The actor's own only.
        #[arg(long)]
        mine: bool,
        /// Those that are done.
        #[arg(long)]
        closed: bool,
    },
    /// One in full.
    Show {
        /// Which.
        task: i64,
    },
    /// Give one to somebody.
    Assign {
        /// Which.
        task: i64,
        /// Login name.
        #[arg(id = "assignee", value_name = "STAFF")]
        staff: String,
    },
    /// Close one.
    Close {
        /// Which.
        task: i64,
        /// What was done.
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// `tongdai report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Text or JSON.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Into a file.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `tongdai doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The host key, if it is not at its default path.
    #[arg(long, value_name = "FILE")]
    pub host_key: Option<PathBuf>,
    /// The limits of the SSH server, if they come from a file.
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
}

/// `tongdai audit …`.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// The latest rows.
    Show {
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500), value_name = "N")]
        limit: u32,
    },
    /// Whether the chains verify; prints their heads.
    Verify,
}

/// `tongdai backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where to; must not exist.
    pub file: PathBuf,
}

/// `tongdai restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup.
    pub file: PathBuf,
    /// The new store; must not exist.
    #[arg(long, value_name = "STORE")]
    pub into: String,
}

/// `tongdai migrate`.
#[derive(Debug, Args)]
pub struct Migrate {
    /// The store as it is.
    #[arg(long, value_name = "STORE")]
    pub from: String,
    /// The new store; must be empty.
    #[arg(long, value_name = "STORE")]
    pub to: String,
}

/// `tongdai grants`.
#[derive(Debug, Args)]
pub struct Grants {
    /// The role that owns the tables and upgrades them.
    #[arg(long, value_name = "ROLE", default_value = "tongdai_owner")]
    pub owner: String,
    /// The role of the program.
    #[arg(long, value_name = "ROLE", default_value = "tongdai_app")]
    pub app: String,
}

/// `tongdai bench`.
#[derive(Debug, Args)]
pub struct Bench {
    /// Which; none: all.
    pub names: Vec<String>,
    /// How many customers where a benchmark needs a list.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1000..=2_000_000), value_name = "N")]
    pub customers: u32,
}

/// `tongdai load`.
#[derive(Debug, Args)]
pub struct Load {
    /// Sessions.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=4000), value_name = "N")]
    pub sessions: u32,
    /// How long they work.
    #[arg(long, default_value_t = 1.0, value_parser = minutes, value_name = "M")]
    pub minutes: f64,
    /// Sessions that type; none: one in ten.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=4000), value_name = "N")]
    pub typing: Option<u32>,
    /// Keys per second of each that types.
    #[arg(long, default_value_t = 3.5, value_parser = rate, value_name = "K")]
    pub rate: f64,
    /// Rounds of work of each that types, at most.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..), value_name = "N")]
    pub rounds: Option<u32>,
    /// Silent connections.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(0..=10_000), value_name = "N")]
    pub silent: u32,
    /// Megabytes of redraws that a stopped client does not take.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=1000), value_name = "MB")]
    pub redraws: u32,
    /// A host that serves already.
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Its port.
    #[arg(long, default_value_t = 9090, requires = "host", value_name = "PORT")]
    pub port: u16,
    /// Private keys that it accepts.
    #[arg(long, requires = "host", value_name = "FOLDER")]
    pub keys: Option<PathBuf>,
}

fn between(text: &str, least: f64, most: f64) -> Result<f64, String> {
    text.parse().ok().filter(|value| (least..=most).contains(value)).ok_or_else(|| format!("{least}–{most}"))
}

fn minutes(text: &str) -> Result<f64, String> {
    between(text, 0.01, 1440.0)
}

fn rate(text: &str) -> Result<f64, String> {
    between(text, 0.1, 100.0)
}

/// `tongdai serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:9090", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// The host key; created when there is none.
    #[arg(long, value_name = "FILE")]
    pub host_key: Option<PathBuf>,
    /// The limits; what the file leaves out has its default.
    #[arg(long, value_name = "FILE")]
    pub limits: Option<PathBuf>,
    /// Sessions at once; wins over the file.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=5000), value_name = "N")]
    pub sessions: Option<u32>,
    /// The loopback address of the metrics.
    #[arg(long, value_name = "127.0.0.1:PORT")]
    pub metrics: Option<SocketAddr>,
    /// Minutes without a key after which a screen locks, 0: never; wins over the file.
    #[arg(long, value_parser = clap::value_parser!(u32).range(0..=600), value_name = "MINUTES")]
    pub idle_lock: Option<u32>,
    /// Phone numbers as links.
    #[arg(long)]
    pub links: bool,
    /// Copying reaches people's own clipboards.
    #[arg(long)]
    pub clipboard: bool,
}

/// `tongdai host-key …`.
#[derive(Debug, Subcommand)]
pub enum HostKey {
    /// Its fingerprint and its public line.
    Show(HostKeyFile),
    /// A new one; the old one is kept beside it.
    Rotate(HostKeyFile),
}

/// The file of the host key.
#[derive(Debug, Args)]
pub struct HostKeyFile {
    /// The file.
    #[arg(long, value_name = "FILE")]
    pub host_key: Option<PathBuf>,
}

/// `tongdai completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `tongdai docs`.
#[derive(Debug, Args)]
pub struct Docs {
    /// The folder.
    pub folder: PathBuf,
}
