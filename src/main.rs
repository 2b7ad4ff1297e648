//! The program `tongdai`: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    tongdai::cli::main()
}
