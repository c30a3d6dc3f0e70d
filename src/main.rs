//! The program `bbtoken`: everything is in the library, so that tests see what this sees.

use std::process::ExitCode;

fn main() -> ExitCode {
    bbtoken::cli::run()
}
