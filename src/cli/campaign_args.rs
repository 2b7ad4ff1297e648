//! The arguments of `tongdai campaign` as types.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `tongdai campaign …`.
#[derive(Debug, Subcommand)]
pub enum CampaignWhat {
    /// All versions.
    List,
    /// One version as a campaign file.
    Show {
        /// Which; the one in force.
        #[arg(id = "campaign_version", long = "version", value_name = "N")]
        version: Option<i64>,
    },
    /// Examine a campaign file.
    Check(CampaignFile),
    /// Compare a campaign file with the version in force.
    Diff(CampaignDiffArgs),
    /// Put a campaign file or an earlier version in force.
    Load(CampaignLoad),
}

/// A campaign file.
#[derive(Debug, Args)]
pub struct CampaignFile {
    /// TOML.
    #[arg(id = "campaign_file", value_name = "FILE.toml")]
    pub file: PathBuf,
}

/// `tongdai campaign diff`.
#[derive(Debug, Args)]
pub struct CampaignDiffArgs {
    /// TOML.
    #[arg(id = "campaign_file", value_name = "FILE.toml")]
    pub file: PathBuf,
    /// Judge the calls and messages of the last days again under it.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    pub replay: Option<i64>,
}

/// `tongdai campaign load`.
#[derive(Debug, Args)]
pub struct CampaignLoad {
    /// TOML.
    #[arg(id = "campaign_file", value_name = "FILE.toml", required_unless_present = "campaign_version")]
    pub file: Option<PathBuf>,
    /// An earlier version instead of a file.
    #[arg(id = "campaign_version", long = "version", value_name = "N", conflicts_with = "campaign_file")]
    pub version: Option<i64>,
    /// Refuse when another version than this is in force.
    #[arg(long, value_name = "N")]
    pub based_on: Option<i64>,
    /// Why, for the list of versions.
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// A window may become shorter.
    #[arg(long, alias = "force")]
    pub yes: bool,
}
