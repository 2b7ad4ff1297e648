//! The arguments of `tongdai import`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `tongdai import …`.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// The SMS list.
    Customers(ImportCustomers),
    /// The national Do-Not-Call register.
    DoNotCall(ImportDoNotCall),
    /// Fanpage leads.
    Fanpage(ImportFile),
    /// Doctors and shifts.
    Doctors(ImportFile),
}

/// `tongdai import customers`.
#[derive(Debug, Args)]
pub struct ImportCustomers {
    /// CSV or XLSX.
    pub file: PathBuf,
    /// Where the evidence of prior consent is.
    #[arg(long, value_name = "TEXT")]
    pub opt_in_evidence: Option<String>,
    /// When the programme's SMS went out.
    #[arg(long, value_name = "T")]
    pub sms_sent_at: Option<String>,
    /// Which sheet of a workbook.
    #[arg(long, value_name = "S")]
    pub sheet: Option<String>,
    /// Where rejected rows go.
    #[arg(long, value_name = "FILE.csv")]
    pub rejects: Option<PathBuf>,
    /// Read and check, change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// `tongdai import do-not-call`.
#[derive(Debug, Args)]
pub struct ImportDoNotCall {
    /// CSV or XLSX.
    pub file: PathBuf,
    /// The day the register was taken.
    #[arg(long, value_name = "D")]
    pub as_of: NaiveDate,
    /// Correct a wrong date: take a register that is older than that on file.
    #[arg(long)]
    pub force: bool,
}

/// A file.
#[derive(Debug, Args)]
pub struct ImportFile {
    /// CSV or XLSX.
    pub file: PathBuf,
}
