//! The log file that `--log` asks for. It goes to a file only: the screen belongs to the program.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::Subscriber;
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
    subscriber(open(file)?).try_init()?;
    Ok(())
}

fn open(path: &Path) -> Result<File, LoggingError> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map_err(|source| LoggingError::File {
        path: path.to_owned(),
        source,
    })
}

fn subscriber(file: File) -> impl Subscriber + Send + Sync {
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target(env!("CARGO_CRATE_NAME"), LevelFilter::DEBUG);
    let lines = fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    registry().with(levels).with(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_private_and_holds_the_details_of_ours_only() {
        let path = std::env::temp_dir().join(format!("bbtoken-test-{}.log", std::process::id()));
        let log = subscriber(open(&path).unwrap());
        tracing::subscriber::with_default(log, || {
            tracing::debug!("ours, in detail");
            tracing::debug!(target: "reqwest::connect", "theirs, in detail");
            tracing::warn!(target: "reqwest::connect", "theirs, a warning");
        });
        let log = std::fs::read_to_string(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_file(&path).unwrap();

        assert!(log.contains("Z DEBUG bbtoken::logging"), "in UTC: {log}");
        assert!(log.contains("ours, in detail") && log.contains("theirs, a warning"));
        assert!(!log.contains("theirs, in detail"), "{log}");
        assert!(!log.contains('\u{1b}'), "without colours: {log}");
    }

    #[test]
    fn a_place_that_does_not_exist_is_named() {
        let Err(error) = open(Path::new("/nowhere/at/all/bbtoken.log")) else {
            panic!("a log in a directory that does not exist");
        };
        assert!(error.to_string().contains("nowhere"), "{error}");
    }
}
