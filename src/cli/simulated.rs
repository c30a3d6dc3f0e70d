//! `bbtoken demo` and `bbtoken simulator`.

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use super::interface::{self, Start};
use super::interrupt::Interrupt;
use super::output;
use crate::bitbucket::BaseUrl;
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::simulator::{Identity, Options, Profile, Simulator, Size};

/// What the simulated Bitbucket holds and how it answers.
#[derive(Debug, Args)]
pub(super) struct World {
    /// Answer like this version of Bitbucket
    #[arg(long, value_name = "VERSION", default_value_t, value_enum)]
    bitbucket: Profile,
    /// Basic authentication, over REST and git [default: as in that version: off from 10.0 on]
    #[arg(long, value_name = "ON|OFF", value_enum)]
    basic: Option<Switch>,
    /// The seed for ids and generated names
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Serve this many projects instead of the demo company's (with --repositories)
    #[arg(long, value_name = "N", requires = "repositories", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    projects: Option<u32>,
    /// How many repositories these projects have in total
    #[arg(long, value_name = "M", requires = "projects", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    repositories: Option<u32>,
    /// How many tokens to add: half of them are alice's own, the others are spread over projects and repositories
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    tokens: u32,
    /// Whether repositories can be cloned over http, which git needs to use tokens
    #[arg(long, value_name = "SWITCH", default_value = "on")]
    git_http: Switch,
    /// Whether they can be cloned over ssh: only the links change
    #[arg(long, value_name = "SWITCH", default_value = "on")]
    git_ssh: Switch,
    /// Delay every REST answer by this many milliseconds
    #[arg(long, default_value_t = 0, value_name = "MS")]
    latency: u64,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl ValueEnum for Profile {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// Where the simulated Bitbucket is served.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The address to listen on; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:7990", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// The path that Bitbucket lives under, such as /bitbucket
    #[arg(
        long,
        default_value = "",
        value_name = "PATH",
        hide_default_value = true
    )]
    context_path: String,
    /// The address to use in links and clone addresses, where it differs from the one above
    #[arg(long, value_name = "URL", value_parser = web_address)]
    base_url: Option<String>,
    /// Serve over https: the server's certificate, with any intermediate ones (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The private key of that certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    #[command(flatten)]
    world: World,
}

/// An address as Bitbucket's administrators configure it.
fn web_address(text: &str) -> Result<String, String> {
    let parsed = BaseUrl::parse(text).map_err(|error| error.to_string())?;
    Ok(parsed.to_string())
}

impl Serve {
    fn identity(&self) -> Result<Option<Identity>, Box<dyn Error>> {
        let Some((certificate, key)) = self.tls_certificate.as_ref().zip(self.tls_key.as_ref())
        else {
            return Ok(None);
        };
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
        };
        Ok(Some(Identity::from_pem(&read(certificate)?, &read(key)?)?))
    }
}

impl World {
    fn options(&self) -> Options {
        let size = self.projects.zip(self.repositories);
        Options {
            seed: self.seed,
            size: size.map(|(projects, repositories)| Size {
                projects: projects as usize,
                repositories: repositories as usize,
            }),
            tokens: self.tokens as usize,
            latency: Duration::from_millis(self.latency),
            http_clone: self.git_http == Switch::On,
            ssh_clone: self.git_ssh == Switch::On,
            basic: self.basic.map(|switch| switch == Switch::On),
            ..Options::of(self.bitbucket)
        }
    }
}

/// Starts a simulated Bitbucket in this process and opens the interface on it.
///
/// # Errors
/// If no port can be had, or there is no terminal.
pub(super) async fn demo(world: World, config: Config) -> Result<ExitCode, Box<dyn Error>> {
    let simulator = Simulator::start(world.options()).await?;
    let base_url = simulator.base_url();
    let start = Start {
        address: Some(base_url.clone()),
        demo: true,
        ..Start::default()
    };
    let result = interface::start(start, config).await;
    // Of a server that is gone nothing may stay in anybody's git.
    let undone = git::undo_all(&Environment::of_process(), &base_url).await;
    simulator.stop().await;
    let status = result?;
    undone?;
    Ok(status)
}

/// Serves until the process is told to end. The first line is the base address; the accounts follow.
///
/// # Errors
/// If the address is taken, or standard output is closed.
pub(super) async fn serve(serve: Serve) -> Result<ExitCode, Box<dyn Error>> {
    // Before the first line: whoever has read that may end us. Dying of it would leave the directory
    // with the repositories behind.
    let mut interrupt = Interrupt::listen()?;
    let simulator = Simulator::start(Options {
        tls: serve.identity()?,
        listen: serve.listen,
        context_path: serve.context_path,
        base_url: serve.base_url,
        ..serve.world.options()
    })
    .await?;
    let accounts = simulator.accounts().into_iter().map(|account| {
        format!(
            "{} password {}: {}, {}\n",
            account.name, account.password, account.display_name, account.note
        )
    });
    let told = format!("{}\n{}", simulator.base_url(), accounts.collect::<String>());
    output::show(&told)?;
    tokio::select! {
        () = simulator.serve_until_stopped() => {}
        () = interrupt.told() => {}
    }
    Ok(ExitCode::SUCCESS)
}
