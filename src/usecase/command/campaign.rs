//! Commands about the versions of the campaign.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest reason, in graphemes.
pub const MOST_REASON: usize = 300;

/// Put another version of the campaign in force: a file's keys in the place of those in force, or an earlier version as
/// it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadCampaign {
    /// The text of a campaign file (TOML), or …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// … the number of an earlier version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The version that the caller compared it with; refused when another is in force by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<i64>,
    /// A window may become shorter: the caller has seen whom that touches.
    #[serde(default)]
    pub shorten: bool,
    /// Why, for the list of versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
