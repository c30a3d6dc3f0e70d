//! Starts the interface on the real terminal.

use std::collections::HashSet;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::app::App;
use crate::app::context::Session;
use crate::clipboard::{self, Clipboard};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::preset;
use crate::runtime::Runtime;
use crate::screen::connect::Connect;
use crate::terminal;
use crate::theme::Theme;

/// How the interface begins, apart from the address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub(super) share: bool,
    pub(super) clipboard: clipboard::Choice,
    /// How long a token stays on the clipboard; `None` for ever.
    pub(super) clear_after: Option<Duration>,
}

/// Runs the interface until the user leaves it.
///
/// # Errors
/// If there is no terminal, or it disappears.
pub(super) async fn start(
    address: Option<&str>,
    demo: bool,
    start: &Start,
) -> Result<ExitCode, Box<dyn Error>> {
    let clock = Clock::system();
    let session = Session {
        demo,
        share: start.share,
        computer: computer_name(),
        zone: TimeZone::system(),
        presets: Arc::new(preset::built_in()?),
        created: HashSet::new(),
        newest: None,
        held: None,
        clear_after: start.clear_after,
        server: None,
        user: None,
    };
    let first = Connect::to(address.unwrap_or_default()).into();
    let app = App::new(session, first, Theme::from_environment(), clock.now());
    let display = terminal::Session::enter()?;
    let mut runtime = Runtime::new(
        app,
        display,
        clock,
        Clipboard::system(start.clipboard),
        Environment::of_process(),
    );
    // The first frame comes before anything else is started.
    runtime.draw()?;
    runtime.run(terminal::inputs()?).await?;
    drop(runtime);
    Ok(if terminal::crashed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The name of this computer without its domain: it goes into names of tokens.
fn computer_name() -> String {
    let name = gethostname::gethostname();
    let name = crate::text::clean(&name.to_string_lossy());
    let short = name.split('.').next().unwrap_or_default();
    if short.is_empty() {
        "this computer"
    } else {
        short
    }
    .to_owned()
}
