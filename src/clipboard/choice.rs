//! Which clipboard is the nearest to the user.

use std::fmt;
use std::io::{self, IsTerminal};
use std::str::FromStr;

/// Which clipboard is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// The nearest to the user that takes the text.
    #[default]
    Auto,
    /// That of this computer.
    Native,
    /// tmux's buffer.
    Tmux,
    /// That of the terminal.
    Osc52,
    /// None.
    Off,
}

impl Choice {
    const NAMES: [(&str, Self); 5] = [
        ("auto", Self::Auto),
        ("native", Self::Native),
        ("tmux", Self::Tmux),
        ("osc52", Self::Osc52),
        ("off", Self::Off),
    ];
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = Self::NAMES.into_iter();
        let name = names.find_map(|(name, choice)| (choice == *self).then_some(name));
        f.write_str(name.unwrap_or_default())
    }
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut names = Self::NAMES.into_iter();
        names
            .find_map(|(name, choice)| (name == text).then_some(choice))
            .ok_or_else(|| "it has to be one of auto, native, tmux, osc52, off".to_owned())
    }
}

/// What would be copied with.
#[derive(Debug)]
pub struct Plan {
    /// The ways in words, the first that is tried first.
    pub ways: Vec<&'static str>,
    /// Why these, sentence by sentence.
    pub because: Vec<&'static str>,
}

/// What a text would be copied with from this terminal, also where the output goes elsewhere. Nothing is
/// opened.
#[must_use]
pub fn plan(choice: Choice) -> Plan {
    let surroundings = Surroundings {
        terminal: !is_plain()
            && (io::stdin().is_terminal()
                || io::stdout().is_terminal()
                || io::stderr().is_terminal()),
        ..Surroundings::look()
    };
    let means = worth_trying(choice, &surroundings);
    let mut because = Vec::new();
    if choice != Choice::Auto {
        because.push("It is set in the configuration.");
    } else if surroundings.remote {
        because.push("Over SSH, the clipboard of this computer is not the one in front of you.");
    } else if !surroundings.display {
        because.push("There is no desktop here: neither DISPLAY nor WAYLAND_DISPLAY is set.");
    }
    if means.contains(&Means::Terminal) {
        because.push("Terminals do not confirm this: paste before you leave.");
    }
    let ways = means.into_iter().map(|means| match means {
        Means::Native => "that of this computer",
        Means::Tmux => "tmux's buffer, and through it that of the terminal outside",
        Means::Terminal => "that of the terminal (OSC 52)",
    });
    Plan {
        ways: ways.collect(),
        because,
    }
}

/// What a text is copied with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    Native,
    Tmux,
    Terminal,
}

/// What decides which of them is worth trying.
#[derive(Debug, Clone, Copy)]
struct Surroundings {
    /// A clipboard of this computer may exist.
    display: bool,
    /// The user sits at another computer.
    remote: bool,
    /// tmux is between us and the terminal.
    tmux: bool,
    /// Standard output or standard error is a terminal that may have a clipboard.
    terminal: bool,
}

impl Surroundings {
    fn look() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            display: !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY"),
            remote: set("SSH_CONNECTION") || set("SSH_TTY"),
            tmux: set("TMUX"),
            terminal: (io::stdout().is_terminal() || io::stderr().is_terminal()) && !is_plain(),
        }
    }
}

/// The console of Linux and terminals that call themselves dumb have no clipboard for certain.
fn is_plain() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "linux" || term == "dumb")
}

/// Those worth trying, the best first. Over SSH a clipboard of this computer would be far from
/// the user, so the terminal comes first.
fn worth_trying(choice: Choice, surroundings: &Surroundings) -> Vec<Means> {
    let native = surroundings.display.then_some(Means::Native);
    let tmux = surroundings.tmux.then_some(Means::Tmux);
    let terminal = surroundings.terminal.then_some(Means::Terminal);
    let means = match choice {
        Choice::Auto if surroundings.remote => [tmux, terminal, native],
        Choice::Auto => [native, tmux, terminal],
        Choice::Native => [Some(Means::Native), None, None],
        Choice::Tmux => [Some(Means::Tmux), None, None],
        Choice::Osc52 => [Some(Means::Terminal), None, None],
        Choice::Off => [None, None, None],
    };
    means.into_iter().flatten().collect()
}

/// The same where this program runs.
pub(super) fn means(choice: Choice) -> Vec<Means> {
    worth_trying(choice, &Surroundings::look())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: Surroundings = Surroundings {
        display: true,
        remote: false,
        tmux: false,
        terminal: true,
    };

    #[test]
    fn near_the_user_comes_first() {
        use Means::{Native, Terminal, Tmux};
        let auto = |surroundings| worth_trying(Choice::Auto, &surroundings);
        assert_eq!(auto(DESK), [Native, Terminal]);
        let remote = Surroundings {
            remote: true,
            ..DESK
        };
        assert_eq!(auto(remote), [Terminal, Native]);
        let tmux = Surroundings {
            tmux: true,
            ..remote
        };
        assert_eq!(auto(tmux), [Tmux, Terminal, Native]);
        let bare = Surroundings {
            display: false,
            ..DESK
        };
        assert_eq!(auto(bare), [Terminal]);
        let nothing = Surroundings {
            terminal: false,
            ..bare
        };
        assert!(auto(nothing).is_empty());
    }

    #[test]
    fn a_choice_is_obeyed_whatever_is_around() {
        for (name, wanted) in [
            ("native", vec![Means::Native]),
            ("tmux", vec![Means::Tmux]),
            ("osc52", vec![Means::Terminal]),
            ("off", vec![]),
        ] {
            let choice = name.parse();
            assert_eq!(choice.map(|choice| worth_trying(choice, &DESK)), Ok(wanted));
        }
        assert!("xclip".parse::<Choice>().is_err());
    }
}
