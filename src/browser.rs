//! The web browser of whoever sits in front: a page is opened in it, or a reason given why it is not.
//!
//! The crate `open` knows each system's launchers. What is decided here is whether there is a browser
//! to open at all: over SSH it would open at another computer, and without a desktop a launcher may
//! start a browser of the terminal on top of us.

use std::fmt;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;

use crate::environment::Environment;

/// A launcher that has not failed by then has handed the page over. Some run as long as the browser.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why a page was not opened, in words that follow "Not opened: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The user sits at another computer.
    #[error("you are connected over SSH, and the browser is on your own computer")]
    Remote,
    /// Nothing that could show a browser.
    #[error("this computer has no desktop for a browser")]
    NoDesktop,
    /// No launcher, or each of them failed.
    #[error("no browser could be started here")]
    NoBrowser,
}

/// Where pages are opened.
#[derive(Clone, Default)]
pub struct Browser(Option<Arc<Open>>);

/// Does something with the address of a page.
type Open = dyn Fn(&str) + Send + Sync;

impl Browser {
    /// That of the desktop.
    #[must_use]
    pub fn desktop() -> Self {
        Self::default()
    }

    /// Whatever this does with the address of a page.
    pub fn calling(open: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(open)))
    }

    /// Opens a page, without waiting for the browser to end.
    ///
    /// # Errors
    ///
    /// See [`OpenError`].
    pub async fn open(&self, environment: &Environment, address: &str) -> Result<(), OpenError> {
        if environment.is_remote() {
            return Err(OpenError::Remote);
        }
        match &self.0 {
            None if !environment.has_desktop() => Err(OpenError::NoDesktop),
            None => launch(environment, address).await,
            Some(open) => {
                open(address);
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Browser")
    }
}

/// Asks one launcher after the other.
async fn launch(environment: &Environment, address: &str) -> Result<(), OpenError> {
    for launcher in open::commands(address) {
        let mut launcher = environment.prepare(Command::from(launcher));
        // Nothing that it says may come onto our screen.
        let (input, output, errors) = (Stdio::null(), Stdio::null(), Stdio::null());
        launcher.stdin(input).stdout(output).stderr(errors);
        // Nor may Ctrl+C in our terminal end the browser.
        #[cfg(unix)]
        launcher.process_group(0);
        let Ok(mut child) = launcher.spawn() else {
            continue;
        };
        match tokio::time::timeout(PATIENCE, child.wait()).await {
            Ok(Ok(status)) if !status.success() => {}
            _ => return Ok(()),
        }
    }
    Err(OpenError::NoBrowser)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn at_a_desk() -> Environment {
        Environment::of_process()
            .with("SSH_CONNECTION", "")
            .with("SSH_TTY", "")
            .with("DISPLAY", ":0")
    }

    #[tokio::test]
    async fn over_ssh_nothing_is_opened() {
        let visits = Arc::new(std::sync::Mutex::new(Vec::new()));
        let noted = Arc::clone(&visits);
        let browser = Browser::calling(move |page| noted.lock().unwrap().push(page.to_owned()));
        let page = "https://git.example.com/";
        let remote = at_a_desk().with("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
        let opened = browser.open(&remote, page).await;
        assert_eq!(opened, Err(OpenError::Remote));
        assert_eq!(browser.open(&at_a_desk(), page).await, Ok(()));
        assert_eq!(*visits.lock().unwrap(), [page]);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn without_a_desktop_no_launcher_is_started() {
        let bare = at_a_desk()
            .with("DISPLAY", "")
            .with("WAYLAND_DISPLAY", "")
            .with("WSL_DISTRO_NAME", "");
        let opened = Browser::desktop().open(&bare, "https://x/").await;
        assert_eq!(opened, Err(OpenError::NoDesktop));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_launcher_gets_the_page_and_one_that_fails_is_no_success() {
        use std::os::unix::fs::PermissionsExt as _;

        let home = tempfile::tempdir().unwrap();
        let note = home.path().join("note");
        let launcher = home.path().join("xdg-open");
        // The shell is named by its path: on the PATH there is nothing but the launcher.
        let desk = at_a_desk().with("PATH", home.path()).with("NOTE", &note);
        let script = |text: &str| {
            std::fs::write(&launcher, format!("#!/bin/sh\n{text}\n")).unwrap();
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(&launcher, mode).unwrap();
        };
        script("echo \"$1\" > \"$NOTE\"");
        let opened = Browser::desktop().open(&desk, "https://x/?a=b&c").await;
        assert_eq!(opened, Ok(()));
        let noted = std::fs::read_to_string(&note).unwrap();
        assert_eq!(noted, "https://x/?a=b&c\n");
        script("exit 3");
        let opened = Browser::desktop().open(&desk, "https://x/").await;
        assert_eq!(opened, Err(OpenError::NoBrowser));
    }
}
