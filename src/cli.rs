//! Arguments and subcommands: what `bbtoken` does when it is started.

mod access;
mod check;
mod config;
mod create;
mod credential;
mod doctor;
mod draft;
mod edit;
mod exit;
mod expiring;
mod git_setup;
mod git_undo;
mod interface;
mod interrupt;
mod list;
mod new;
mod output;
mod prompt;
mod revoke;
mod rotate;
#[cfg(feature = "simulator")]
mod simulated;
mod tokens;
mod why;
mod words;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};

use self::exit::{Exit, Failure};
use self::interface::Start;
use self::interrupt::Interrupt;
use crate::config::{self as configuration, Loaded, Options};
use crate::environment::Environment;
use crate::secret::Secret;
use crate::{clipboard, logging};

/// From here on clap takes a word for a mistyped command.
const ALIKE: f64 = 0.7;

/// The arguments of `bbtoken`. No secret is ever among them.
#[derive(Debug, Parser)]
#[command(
    name = "bbtoken",
    version,
    subcommand_precedence_over_arg = true,
    about = "Creates least-privilege HTTP access tokens on a self-hosted Bitbucket (Data Center)",
    long_about = "Signs in to a self-hosted Bitbucket (Data Center), lets you walk to a project or repository with the keyboard, and creates an HTTP access token with no more rights than git needs. The token goes to the clipboard and never appears on the screen unless you ask for it.",
    after_help = "F1 on any screen lists its keys; so does ?, except in text fields. NO_COLOR=1 switches \
                  colours off.\nbbtoken config --sample explains every setting; BBTOKEN_SERVER is the \
                  default address, BBTOKEN_USER the default user name, BBTOKEN_CLIENT_CERTIFICATE and \
                  BBTOKEN_CLIENT_KEY the client certificate (mTLS).\nExit status: 0 done, 1 failed, 2 \
                  wrong arguments, 3 found what was asked about, 4 sign-in needed, 5 not permitted, 6 \
                  outcome unknown."
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Your Bitbucket, or a place there, which is opened at once: git.example.com, any address copied from
    /// the browser, a clone address, PROJECT, PROJECT/repository or the name of a repository
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Common {
    /// Write a log to this file; it contains no passwords and no tokens
    #[arg(long, global = true, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Your own configuration, instead of ~/.config/bbtoken/config.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Start in share mode: secrets and names of people stay hidden (F2 ends it)
    #[arg(long, global = true)]
    share: bool,
    /// Which clipboard the token goes to: auto, native, tmux, osc52 or off [default: auto]
    #[arg(long, global = true, value_name = "WHICH")]
    clipboard: Option<clipboard::Choice>,
    /// Take the token off the clipboard after this many seconds, and when bbtoken ends; 0: never
    /// [default: 60]
    #[arg(long, global = true, value_name = "SECONDS")]
    clear_clipboard: Option<u32>,
}

impl Common {
    /// The configuration, in which what is given here comes last.
    fn configuration(&self) -> Result<Loaded, configuration::ConfigError> {
        let clipboard = self.clipboard.map(|choice| choice.to_string());
        let seconds = self.clear_clipboard.map(|seconds| seconds.to_string());
        let given = [
            ("share", "--share", self.share.then(|| "true".to_owned())),
            ("clipboard", "--clipboard", clipboard),
            ("clear_clipboard", "--clear-clipboard", seconds),
        ];
        let given = given.into_iter();
        let options = Options {
            file: self.config.clone(),
            values: given
                .filter_map(|(key, option, value)| Some((key, option, value?)))
                .collect(),
        };
        configuration::load(&Environment::of_process(), &options)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the HTTP access tokens of a repository, a project or your account
    #[command(after_help = list::AFTER_HELP)]
    List(list::List),
    /// Create an HTTP access token from a preset: onto the clipboard, or printed with --print
    #[command(after_help = create::AFTER_HELP)]
    Create(create::Create),
    /// Open the form for a new token, filled in: a line to send to somebody else
    #[command(after_help = new::AFTER_HELP)]
    New(new::New),
    /// Change the name or the permissions of a token
    #[command(after_help = edit::AFTER_HELP)]
    Edit(edit::Edit),
    /// Revoke tokens, after a question that says what stops working
    #[command(after_help = revoke::AFTER_HELP)]
    Revoke(revoke::Revoke),
    /// Check a token that you have found: whose it is, and what it can do
    #[command(after_help = check::AFTER_HELP)]
    Check(check::Check),
    /// Replace a token with an equal one, and revoke the old one once the new one is used
    #[command(after_help = rotate::AFTER_HELP)]
    Rotate(rotate::Rotate),
    /// List the tokens that expire soon: yours and git's, or those of a place; for cron and prompts
    #[command(after_help = expiring::AFTER_HELP)]
    Expiring(expiring::Expiring),
    /// Say why git is refused in the clone you are in, and what to do about it
    #[command(after_help = why::AFTER_HELP)]
    Why(why::Why),
    /// Set git up to use a token, pasted or from standard input; --undo undoes that
    GitSetup(git_setup::GitSetup),
    /// git's credential helper for one address, which git-setup configures
    Credential(credential::Credential),
    /// Check everything from the configuration to the server, for a ticket: ✓ works, ! needs attention,
    /// ✗ a problem
    #[command(
        after_help = "In a clone of that server it says what `bbtoken why` says there. The report contains \
                      no secrets and no user names, nobody's password is sent without --sign-in, and \
                      nothing is changed.\nExit status: 0 no problems, 3 problems (✗), 2 wrong arguments.\n--json: { bbtoken, \
                      system, time, address, summary, ok, checks: [ { check, state, text, details, next } \
                      ] };\nstate is good, attention, bad or unchecked."
    )]
    Doctor(doctor::Doctor),
    /// Print what is configured, and where each value comes from
    Config(config::Print),
    /// Try everything against a simulated Bitbucket inside this program
    #[cfg(feature = "simulator")]
    Demo(simulated::World),
    /// Serve only the simulated Bitbucket, for other clients
    #[cfg(feature = "simulator")]
    Simulator(simulated::Serve),
}

/// Reads the arguments and does what they say. What goes wrong is said on standard error.
#[must_use]
pub fn run() -> ExitCode {
    // Before anything could repeat it.
    let performed = if std::env::args_os().skip(1).any(|word| holds_token(&word)) {
        Err(check::no_argument())
    } else {
        match Arguments::try_parse() {
            Ok(arguments) => perform(arguments),
            Err(error) if error.use_stderr() => error.exit(),
            // What --help and --version ask for.
            Err(asked) => output::show(&asked.render().to_string())
                .map(|()| ExitCode::SUCCESS)
                .map_err(Failure::from),
        }
    };
    performed.unwrap_or_else(|failure| {
        words::hint(&format!("bbtoken: {}", failure.lines.join("\n")));
        failure.exit.into()
    })
}

/// Whether an argument is a token, or the value of an option is one.
fn holds_token(word: &OsStr) -> bool {
    let word = word.to_string_lossy();
    let value = word.split_once('=').map(|(_, value)| value);
    let words = [Some(&*word), value].into_iter().flatten();
    words
        .map(|word| Secret::new(word.to_owned()))
        .any(|word| word.is_token())
}

fn perform(arguments: Arguments) -> Result<ExitCode, Failure> {
    if let (Some(address), Some(_)) = (&arguments.address, &arguments.command) {
        let message = format!("{address}: an address cannot be combined with a command");
        Arguments::command()
            .error(ErrorKind::ArgumentConflict, message)
            .exit();
    }
    if let Some(word) = &arguments.address
        && let Some(command) = command_like(word)
    {
        let message = format!(
            "there is no command '{word}'; did you mean '{command}'?\n\nIf it is an address: bbtoken https://{word}"
        );
        Arguments::command()
            .error(ErrorKind::InvalidSubcommand, message)
            .exit();
    }
    if let Some(file) = &arguments.common.log {
        logging::start(file)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let common = &arguments.common;
    let failed = |error: Box<dyn std::error::Error>| Failure::new(Exit::Failed, error.to_string());
    let result = match arguments.command {
        None => {
            let config = common.configuration()?.config;
            let start = Start {
                address: arguments.address,
                ..Start::default()
            };
            runtime
                .block_on(interface::start(start, config))
                .map_err(failed)
        }
        Some(Command::List(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(until_told(list::run(arguments, &config)))
        }
        Some(Command::Create(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(create::run(arguments, &config))
        }
        Some(Command::Check(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(check::run(arguments, &config))
        }
        Some(Command::Why(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(until_told(why::run(arguments, &config)))
        }
        Some(Command::New(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(new::run(arguments, config))
        }
        Some(Command::Edit(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(edit::run(arguments, &config))
        }
        Some(Command::Revoke(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(revoke::run(arguments, &config))
        }
        Some(Command::Expiring(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(until_told(expiring::run(arguments, &config)))
        }
        Some(Command::Rotate(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(rotate::run(arguments, &config))
        }
        Some(Command::Config(arguments)) => {
            config::print(&arguments, || common.configuration()).map_err(failed)
        }
        Some(Command::Doctor(arguments)) => runtime.block_on(until_told(async {
            let examined = doctor::run(arguments, common.configuration()).await;
            examined.map_err(failed)
        })),
        Some(Command::GitSetup(arguments)) => {
            let config = common.configuration()?.config;
            runtime.block_on(until_told(async {
                git_setup::run(arguments, config).await.map_err(failed)
            }))
        }
        Some(Command::Credential(arguments)) => runtime
            .block_on(credential::answer_git(arguments))
            .map_err(failed),
        #[cfg(feature = "simulator")]
        Some(Command::Demo(world)) => {
            let config = common.configuration()?.config;
            runtime
                .block_on(simulated::demo(world, config))
                .map_err(failed)
        }
        #[cfg(feature = "simulator")]
        Some(Command::Simulator(serve)) => {
            runtime.block_on(simulated::serve(serve)).map_err(failed)
        }
    };
    // Nothing that is still under way may keep the program from ending.
    runtime.shutdown_background();
    result
}

/// The command that somebody may have meant with a lone word. What can only be an address or a project
/// stays one: it has a dot, a colon, a slash or a capital.
fn command_like(word: &str) -> Option<String> {
    let is_address =
        |letter: char| matches!(letter, '.' | ':' | '/' | '~') || letter.is_uppercase();
    if word.contains(is_address) {
        return None;
    }
    let commands = Arguments::command();
    let names = commands.get_subcommands().map(clap::Command::get_name);
    let alike = names.map(|name| (strsim::jaro(word, name), name));
    let alike = alike.filter(|(alike, _)| *alike > ALIKE);
    let nearest = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.map(|(_, name)| name.to_owned())
}

/// What a command comes to, unless the process is told to end before.
async fn until_told(
    command: impl Future<Output = Result<ExitCode, Failure>>,
) -> Result<ExitCode, Failure> {
    Interrupt::listen()?.until_told(command, "").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn an_address_and_a_subcommand_are_told_apart() {
        let arguments = Arguments::try_parse_from(["bbtoken", "git.example.com"]).unwrap();
        assert_eq!(arguments.address.as_deref(), Some("git.example.com"));
        assert!(arguments.command.is_none());
        let arguments = Arguments::try_parse_from(["bbtoken", "simulator", "--log", "x"]).unwrap();
        assert!(arguments.command.is_some() && arguments.common.log.is_some());
        let arguments = Arguments::try_parse_from(["bbtoken", "--share", "demo"]).unwrap();
        assert!(arguments.command.is_some() && arguments.common.share);
        assert!(Arguments::try_parse_from(["bbtoken", "a", "b"]).is_err());
    }
}
