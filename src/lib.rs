//! bbtoken: from nothing to a working, least-privilege `git push` on a self-hosted Bitbucket.
//!
//! The map, for a reader who has a minute:
//!
//! - [`address`] names of places: a server's address, a place on it, whose tokens are made there
//! - [`app`] the model: events go in, it changes and asks for effects
//! - [`bitbucket`] the only code that speaks to the server: one method for each REST call
//! - [`browser`] a page is opened for the user, or a reason given why not
//! - [`clipboard`] the system's clipboard or the terminal's, and which of them it was
//! - [`cli`] arguments and subcommands
//! - [`clock`] where the time comes from, so that tests can set it
//! - [`config`] what people and organisations set
//! - [`doctor`] what works here and what is in the way
//! - [`environment`] what the surroundings tell
//! - [`git`] setting git up with a token, and bbtoken as its credential helper
//! - [`logging`] the log file that `--log` asks for
//! - [`operation`] what the program can do for somebody, for screens and for the command line
//! - [`permission`] the domain: levels, legal combinations, what each lets a token do
//! - [`preset`] named, explained sets of permissions
//! - [`private_file`] files that only the user can read, written as a whole
//! - [`runtime`] wait, update, perform, draw
//! - [`screen`] the screens: they ask for a route, never for each other
//! - [`secret`] the one type for passwords and tokens
//! - [`secret_file`] a token in a file that only the user can read
//! - `simulator` a stateful Bitbucket on loopback: the demo and the test bed (feature `simulator`)
//! - [`state`] what the program remembers by itself
//! - [`terminal`] enter and leave, keys, panic, signals, suspend, hang-up
//! - [`text`] cleaning of what a server wrote, before anything draws it
//! - [`theme`] roles, not colours
//! - [`tool`] what to enter into a tool that will use a token
//! - [`ui`] what screens and the model speak in: events, effects, keys, routes, notices, lists, problems
//! - [`when`] times as a person says them
//! - [`widget`] what screens are made of: they know nothing of Bitbucket

pub mod address;
pub mod app;
pub mod bitbucket;
pub mod browser;
pub mod cli;
pub mod clipboard;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod environment;
pub mod git;
pub mod logging;
pub mod operation;
pub mod permission;
pub mod preset;
pub mod private_file;
pub mod runtime;
pub mod screen;
pub mod secret;
pub mod secret_file;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod state;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod tool;
pub mod ui;
pub mod when;
pub mod widget;
