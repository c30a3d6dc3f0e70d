//! Starts the interface on the real terminal.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::output;
use crate::app::App;
use crate::bitbucket::Destination;
use crate::clipboard::Clipboard;
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::{self, Environment};
use crate::git;
use crate::operation::custody::Custody;
use crate::operation::draft::Proposal;
use crate::operation::journal::Journal;
use crate::operation::rights::Rights;
use crate::runtime::Runtime;
use crate::state::State;
use crate::terminal;
use crate::text;
use crate::theme::Theme;
use crate::ui::activity::Activity;
use crate::ui::known::Known;
use crate::ui::notice::Notice;
use crate::ui::progress::Progress;
use crate::ui::route::Route;
use crate::ui::session::Session;

/// Where it begins.
#[derive(Debug, Default)]
pub(super) struct Start {
    /// The address that is opened, if one was given.
    pub(super) address: Option<String>,
    /// The built-in simulated Bitbucket is the server.
    pub(super) demo: bool,
    /// The place to go to, where the address does not name one.
    pub(super) place: Option<Destination>,
    /// What the form for a new token is filled in with there.
    pub(super) proposal: Option<Proposal>,
}

/// Runs the interface until the user leaves it.
///
/// # Errors
/// If there is no terminal, or it disappears.
pub(super) async fn start(start: Start, config: Config) -> Result<ExitCode, Box<dyn Error>> {
    let Start {
        address,
        demo,
        place,
        proposal,
    } = start;
    let clock = Clock::system();
    let environment = Environment::of_process();
    if let Some(reason) = terminal::draws_nothing(&environment) {
        return Err(reason.into());
    }
    let (share, clipboard) = (config.share, config.clipboard);
    let theme = Theme::choose(config.colour, &environment);
    let presets = config.presets()?;
    // A few lines at most: this takes no time before the first frame.
    let (state, notice) = if demo {
        (State::default(), None)
    } else {
        State::load(&environment)
    };
    let half_done = if demo {
        Vec::new()
    } else {
        git::bring_to_end(&environment).await
    };
    let here = environment.clone();
    let journal = if demo {
        Journal::none()
    } else {
        Journal::of(&environment)
    };
    let session = Session {
        config: Arc::new(config),
        demo,
        share,
        state,
        computer: environment::computer_name(),
        zone: TimeZone::system(),
        presets: Arc::new(presets),
        custody: Custody::default(),
        journal,
        clock: clock.clone(),
        newest: None,
        came_from: None,
        server: None,
        user: None,
        way: None,
        rights: Rights::default(),
        unfinished: None,
        progress: Progress::default(),
        known: known_here(&environment),
        activity: Activity::default(),
        destination: place,
        proposal,
        wish: None,
        tool: None,
        no_http: None,
        clone: None,
        runs_out: Vec::new(),
    };
    let first = Route::Connect(address.unwrap_or_default());
    let mut app = App::new(session, first, theme, clock.now());
    if let Some(notice) = notice {
        app.show(Notice::hint(notice));
    }
    if !half_done.is_empty() {
        app.show(Notice::bad(half_done.join(" ")));
    }
    let display = terminal::FullScreen::enter()?;
    let mut runtime = Runtime::new(
        app,
        display,
        clock,
        Clipboard::system(clipboard),
        environment,
    );
    let ended = runtime.run(terminal::inputs()?).await;
    drop(runtime);
    // What could still be undone on the last screen is final now.
    if !demo {
        for told in git::bring_to_end(&here).await {
            output::hint(&format!("! {told}"));
        }
    }
    ended?;
    Ok(if terminal::crashed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Whoever uses this computer: names of files hold it.
fn known_here(environment: &Environment) -> Known {
    let mut known = Known::default();
    let home = environment.home().ok();
    let home = home.as_deref().and_then(Path::file_name);
    let home = home.map(|name| name.to_string_lossy().into_owned());
    let variables = ["USER", "LOGNAME", "USERNAME"].map(|name| environment.text(name));
    for name in variables.into_iter().chain([home]).flatten() {
        known.add_person(&text::clean(&name));
    }
    known
}
