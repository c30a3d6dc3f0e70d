//! `bbtoken new`: the form for a new token, filled in by somebody else.

use std::process::ExitCode;

use clap::Args;

use super::access::Whereabouts;
use super::draft as options;
use super::exit::{Exit, Failure};
use super::interface::{self, Start};
use super::words;
use crate::bitbucket::{Address, Destination};
use crate::config::Config;
use crate::environment::Environment;
use crate::operation::draft::{Proposal, UsedBy};
use crate::operation::whereabouts::{ACCOUNT, Unclear};
use crate::state::State;

/// How the form is filled in.
#[derive(Debug, Args)]
pub(super) struct New {
    #[command(flatten)]
    at: Whereabouts,
    /// What the token is for: git (read and write), git-read, git-pull-requests, administration, or a
    /// preset of your organisation (bbtoken config lists them); without it, the recommended one
    #[arg(long, value_name = "git|git-read|git-pull-requests|administration|…")]
    preset: Option<String>,
    /// The tool that will use the token, such as Jenkins: its name becomes that of the token
    #[arg(long)]
    tool: Option<String>,
    /// The name of the token; without it, one is proposed
    #[arg(long)]
    name: Option<String>,
    /// Days until the token expires; without it, as the preset says
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=9999))]
    days: Option<u32>,
}

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "It connects and signs in like bbtoken itself, then opens the form \
                                     with everything filled in. Nothing is created until somebody presses \
                                     enter there.\nInvalid values are refused before anything starts, with \
                                     exit status 2.";

/// Starts the interface with the form.
///
/// # Errors
/// What cannot be meant so, and what goes wrong with the terminal.
pub(super) async fn run(arguments: New, config: Config) -> Result<ExitCode, Failure> {
    let proposal = arguments.proposal(&config)?;
    let environment = Environment::of_process();
    // What is damaged in it is said by the interface.
    let (state, _) = State::load(&environment);
    let found = arguments.at.find(&config, &state, &environment).await;
    let (address, place) = match (found, arguments.at.given()) {
        (Ok((base, place)), _) => (Some(base.to_string()), place),
        // The first screen asks for the server.
        (Err(Unclear::Server), Some(ACCOUNT)) => (None, Destination::Account),
        (Err(Unclear::Server), Some(given)) => match Address::parse(given, &[]) {
            Ok(Address {
                destination: Some(place),
                ..
            }) => (None, place),
            _ => return Err(words::unclear(Unclear::Server)),
        },
        // The first screen fills the guess in, and asks nobody before enter.
        (
            Err(Unclear::Guess {
                place: Some(place), ..
            }),
            Some(given),
        ) => (Some(given.to_owned()), place),
        (Err(unclear), _) => return Err(words::unclear(unclear)),
    };
    let start = Start {
        address,
        place: Some(place),
        proposal: Some(proposal),
        ..Start::default()
    };
    let ended = interface::start(start, config).await;
    ended.map_err(|error| Failure::new(Exit::Failed, error.to_string()))
}

impl New {
    fn proposal(&self, config: &Config) -> Result<Proposal, Failure> {
        self.at.check()?;
        let presets = config.presets()?;
        let preset = match &self.preset {
            Some(called) => Some(options::preset(&presets, called)?),
            None => None,
        };
        let name = self.name.as_deref().map(words::token_name).transpose()?;
        let tool = match options::used_by(self.tool.as_deref())? {
            UsedBy::Tool(tool) => Some(tool),
            UsedBy::Git => None,
        };
        options::lifetime(self.days, config, preset)?;
        Ok(Proposal {
            preset: preset.map(|preset| preset.id.clone()),
            tool,
            name: name.map(str::to_owned),
            days: self.days,
        })
    }
}
