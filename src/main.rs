//! The program `bbtoken`: everything is in the library, so that tests see what this sees.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    bbtoken::cli::run().unwrap_or_else(|error| {
        // If standard error is closed too, there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "bbtoken: {error}");
        ExitCode::FAILURE
    })
}
