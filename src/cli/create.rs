//! `bbtoken create`: an HTTP access token from a preset, handed over without a screen.
//!
//! Everything that can be refused is refused before anything is created. From then on nothing is lost:
//! what nobody can be given is revoked again, and what nobody knows is said and stands in the journal.

pub(super) mod hand_over;
pub(super) mod settling;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use self::hand_over::HandOver;
use self::settling::Why;
use super::access::{Access, Visit};
use super::draft as options;
use super::exit::{Exit, Failure};
use super::interrupt::{Finished, Interrupt, stopped};
use super::words;
use crate::bitbucket::{CreatedToken, TokenSpec};
use crate::config::Config;
use crate::environment::{self, Environment};
use crate::operation::Desk;
use crate::operation::create::{Created, create};
use crate::operation::draft::{self, Lifetime, UsedBy};
use crate::operation::journal::{Asked, Entry, Journal, OldToken, Step};
use crate::preset::Preset;

/// What is created.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    access: Access,
    /// What the token is for: git (read and write), git-read, git-pull-requests, administration, or a
    /// preset of your organisation (bbtoken config lists them)
    #[arg(long, value_name = "git|git-read|git-pull-requests|administration|…")]
    preset: String,
    /// The tool that will use the token, such as Jenkins: its name becomes that of the token. Without it,
    /// the token is for git on this computer
    #[arg(long, conflicts_with = "name")]
    tool: Option<String>,
    /// The name of the token; without it, one is made of who will use it and where
    #[arg(long)]
    name: Option<String>,
    /// Days until the token expires; without it, as the preset says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=9999))]
    days: Option<u32>,
    /// Print the secret on standard output, and leave the clipboard alone
    #[arg(long)]
    print: bool,
    /// Print JSON, for programs; it includes the secret only with --print
    #[arg(long)]
    json: bool,
}

/// Said where it ends before anything is sent.
const NOTHING: &str = "Nothing was created.";

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "The secret goes to the clipboard. On X11 and Wayland the clipboard \
                                     lasts only as long as the program that set it, so bbtoken keeps \
                                     running until --clear-clipboard seconds have passed or something else \
                                     is copied. tmux and a terminal's own clipboard (OSC 52) keep the \
                                     token after the command has ended: copy something else once you have \
                                     pasted it. If there is no clipboard and no --print, nothing is \
                                     created.\nIn a pipe it prints one line, like bbtoken list; with \
                                     --print only the secret.\n--json: { server, place, token: { id, name, \
                                     permissions, created, last_used, expires }, differs, clipboard, \
                                     secret }; differs names what the server has not confirmed as it was \
                                     asked for: name, permissions, expires; clipboard is native, tmux, \
                                     terminal or null.";

/// Creates the token and hands it over.
///
/// # Errors
/// What went wrong, with the options that help, and what became of the token.
pub(super) async fn run(arguments: Create, config: &Config) -> Result<ExitCode, Failure> {
    let mut interrupt = Interrupt::listen()?;
    let environment = Environment::of_process();
    let presets = config.presets()?;
    let wanted = Wanted::read(&arguments, config, &presets)?;
    let hand_over = HandOver::prepare(arguments.print, arguments.json, config).await?;
    let visiting = arguments.access.visit(config, &environment);
    let visit = interrupt.until_told(visiting, NOTHING).await?;
    let desk = visit.desk(Journal::of(&environment));
    let prepared = async {
        settling::tell_left_open(&desk, &visit, &environment).await;
        wanted.spec(&visit, config).await
    };
    let made = match interrupt.until_told(prepared, NOTHING).await {
        Ok(spec) => make(desk, &visit, spec, hand_over, &mut interrupt).await,
        Err(failure) => Err(failure),
    };
    visit.leave().await;
    made?.end(&mut interrupt).await.close().await;
    Ok(Exit::Done.into())
}

/// What was asked for, as far as this computer can judge it.
struct Wanted<'a> {
    preset: &'a Preset,
    used_by: UsedBy,
    name: Option<&'a str>,
    lifetime: Lifetime,
}

impl<'a> Wanted<'a> {
    fn read(
        arguments: &'a Create,
        config: &Config,
        presets: &'a [Preset],
    ) -> Result<Self, Failure> {
        let preset = options::preset(presets, &arguments.preset)?;
        let name = arguments
            .name
            .as_deref()
            .map(words::token_name)
            .transpose()?;
        let used_by = options::used_by(arguments.tool.as_deref())?;
        let lifetime = options::lifetime(arguments.days, config, Some(preset))?;
        Ok(Self {
            preset,
            used_by,
            name,
            lifetime,
        })
    }

    /// What Bitbucket is asked for. A proposed name is told apart from those that are there.
    async fn spec(&self, visit: &Visit, config: &Config) -> Result<TokenSpec, Failure> {
        visit.needs_person("create")?;
        let name = match self.name {
            Some(name) => name.to_owned(),
            None => {
                // Without them the name is the usual one.
                let listed = visit.client.tokens(&visit.place.scope()).all().await;
                let taken: Vec<_> = listed.into_iter().flatten().map(|it| it.name).collect();
                let maker = draft::Maker {
                    user: &visit.user.name,
                    computer: &environment::computer_name(),
                    place: visit.place.token_suffix(),
                };
                draft::name(config, Some(self.preset), &self.used_by, maker, &taken)
            }
        };
        let days = self.lifetime.valid_days();
        Ok(TokenSpec {
            name,
            permissions: self.preset.permissions(visit.place.kind()),
            expiry_days: days.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?,
        })
    }
}

/// Creates the token and puts its secret where it belongs.
async fn make(
    mut desk: Desk,
    visit: &Visit,
    spec: TokenSpec,
    hand_over: HandOver,
    interrupt: &mut Interrupt,
) -> Result<hand_over::Handed, Failure> {
    let (created, entry) = ask_for(&mut desk, visit, &spec, None, interrupt).await?;
    hand_over.give(&desk, visit, created, spec, entry).await
}

/// Creates the token, perhaps in the place of another one. What is not made as it should be is settled,
/// and said. Where the journal cannot be written, the desk has none after it.
pub(super) async fn ask_for(
    desk: &mut Desk,
    visit: &Visit,
    spec: &TokenSpec,
    replaces: Option<OldToken>,
    interrupt: &mut Interrupt,
) -> Result<(CreatedToken, Arc<Entry>), Failure> {
    let asked = Asked {
        server: visit.client.base().to_string(),
        user: visit.user.name.clone(),
        scope: visit.place.scope(),
        name: spec.name.clone(),
        time: desk.clock.now().time,
        replaces,
    };
    let (created, is_stopped) = loop {
        let Finished {
            outcome,
            is_stopped,
        } = interrupt.finish(create(desk, asked.clone(), spec)).await;
        match outcome {
            Some(Created::NotNoted(error)) => {
                if is_stopped {
                    return Err(stopped(NOTHING));
                }
                words::hint(&format!(
                    "! bbtoken cannot record that it is creating a token ({error}): if it is killed before \
                     it is done, the next start does not look for the token."
                ));
                desk.journal = Journal::none();
            }
            Some(created) => break (created, is_stopped),
            None => {
                let failure = Failure::new(
                    Exit::Unknown,
                    format!(
                        "Stopped while Bitbucket was creating \"{}\": it is not known whether it exists.",
                        spec.name
                    ),
                );
                return Err(settling::look_later(failure, visit));
            }
        }
    };
    let what = "The token was not created";
    match created {
        Created::Made(created, entry) if is_stopped => {
            Err(settling::take_back(desk, visit, &created.token.id, entry, Why::Stopped).await)
        }
        Created::Made(created, entry) => {
            let made = Step::Made(created.token.id.clone());
            Arc::clone(&entry).note(made).await;
            Ok((*created, entry))
        }
        Created::Refused(error) => {
            let failure = words::at(&visit.place, what, &error);
            Err(match error.field() {
                Some("name") => failure.next("Another name: --name."),
                Some("expiryDays") => failure.next("Another time: --days."),
                _ => failure,
            })
        }
        Created::NothingSent(error) => Err(words::failed(what, &error)),
        // Said above, and asked again without.
        Created::NotNoted(error) => Err(error.into()),
        Created::Lost { error, id, entry } => {
            Err(settling::settle(desk, visit, &error, id, entry).await)
        }
    }
}
