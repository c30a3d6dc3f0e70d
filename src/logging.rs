//! The log file that `--log` asks for. It goes to a file only: the screen belongs to the program.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{fmt, registry};

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The file cannot be written.
    #[error("The log file {path} cannot be opened: {source}. Choose another place for it.", path = path.display())]
    File {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is a log already.
    #[error("A log has been started already.")]
    Started(#[from] TryInitError),
}

/// Writes a log to the end of `file`, which is created for the user's eyes only.
///
/// Of ourselves it holds everything up to the details, of the libraries only warnings: their
/// details contain headers and bodies, and so secrets. Times are in UTC.
///
/// # Errors
///
/// If the file cannot be opened, or a log was started before.
pub fn start(file: &Path) -> Result<(), LoggingError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let opened = options.open(file).map_err(|source| LoggingError::File {
        path: file.to_owned(),
        source,
    })?;
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target(env!("CARGO_CRATE_NAME"), LevelFilter::DEBUG);
    let lines = fmt::layer()
        .with_ansi(false)
        .with_writer(Mutex::new(opened));
    registry().with(levels).with(lines).try_init()?;
    Ok(())
}
