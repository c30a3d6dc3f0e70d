//! The questions, and what the answers lead to.

use super::WhichKind;
use crate::permission::{Level, ScopeKind};
use crate::preset;
use crate::ui::place::Place;
use crate::ui::session::Session;
use crate::ui::wish::{Wish, Work};

const ME: usize = 0;
const TOOL: usize = 1;
const ONE: usize = 0;
const FEW: usize = 1;
const ALL: usize = 2;
const EACH: usize = 0;
const WHOLE: usize = 1;
const PULL_REQUESTS: usize = 2;

/// A question and its answers, each with what it means.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) question: &'static str,
    pub(super) options: &'static [(&'static str, &'static str)],
}

const WHO: Ask = Ask {
    question: "Who will use the token?",
    options: &[
        (
            "I myself, with git on my own computers",
            "It takes the place of your password: git asks for one, and gets the token.",
        ),
        (
            "A tool or a build server",
            "Something that runs without you: Jenkins, a deployment, a mirror, a bot.",
        ),
    ],
};

const REACH: Ask = Ask {
    question: "How much does it have to reach?",
    options: &[
        (
            "One repository",
            "If in doubt, take this one: less reach is less harm.",
        ),
        ("A few repositories of one project", "But not all of them."),
        (
            "All repositories of one project",
            "Also those that are created later.",
        ),
        (
            "Repositories of several projects",
            "Or everything on this Bitbucket, as a code search does.",
        ),
    ],
};

const HOLD: Ask = Ask {
    question: "Can it hold a token for each of them?",
    options: &[
        (
            "Yes, one for each repository",
            "The best way: whoever gets hold of one of them reaches that repository and no other.",
        ),
        (
            "No, but it may reach the whole project",
            "One project token: it reaches every repository of the project, also those that come later.",
        ),
        (
            "No, and it must reach nothing else",
            "That takes a technical user with rights on exactly these repositories.",
        ),
    ],
};

const WORK: Ask = Ask {
    question: "What does it have to do?",
    options: &[
        ("Clone and pull", "It only reads."),
        ("Push too", "It also writes: commits, branches and tags."),
        (
            "Open and change pull requests too",
            "Through Bitbucket's own API, as bots and build servers do.",
        ),
        (
            "Change settings and permissions too",
            "Few tools need this. Whoever gets hold of such a token can do the same.",
        ),
    ],
};

impl Ask {
    /// The question that comes after these answers; none: they are enough.
    pub(super) fn after(answers: &[usize]) -> Option<&'static Self> {
        match answers {
            [] => Some(&WHO),
            [TOOL] => Some(&REACH),
            [TOOL, FEW] => Some(&HOLD),
            [ME] | [TOOL, ONE | ALL] | [TOOL, FEW, EACH | WHOLE] => Some(&WORK),
            _ => None,
        }
    }

    /// The answers in words, each with its question gone.
    pub(super) fn given(answers: &[usize]) -> impl Iterator<Item = &'static str> {
        (0..answers.len()).filter_map(|count| {
            let ask = Self::after(&answers[..count])?;
            Some(ask.options.get(answers[count])?.0)
        })
    }
}

/// What the answers lead to.
#[derive(Debug)]
pub(super) enum Advice {
    /// The form of this place.
    Form { place: Place, wish: Wish },
    /// What somebody can do who may make no token in the right place.
    MayNot { right: Place, work: Work },
    /// A repository or project has to be chosen first.
    Choose { wish: Wish, preset: String },
    /// A user of its own, which bbtoken cannot create.
    TechnicalUser {
        /// For a few repositories of one project; else for several projects.
        in_one_project: bool,
    },
}

impl WhichKind {
    /// What the answers lead to.
    pub(super) fn ending(&self, session: &Session) -> Advice {
        let (Some(wish), Some(user)) = (wish(&self.answers), &session.user) else {
            let in_one_project = self.answers.get(1) == Some(&FEW);
            return Advice::TechnicalUser { in_one_project };
        };
        let right = match (wish.kind, &self.here.place) {
            (ScopeKind::Personal, _) => {
                let place = Place::Account(user.clone());
                return Advice::Form { place, wish };
            }
            (ScopeKind::Repository, Some(place @ Place::Repository(_)))
            | (ScopeKind::Project, Some(place @ Place::Project(_))) => Some(place.clone()),
            (ScopeKind::Project, Some(Place::Repository(repository))) => {
                Some(Place::Project(repository.project.clone()))
            }
            _ => None,
        };
        let work = wish.work;
        let preset = proposed(session, work);
        match right {
            Some(right) if session.rights.may_create(&right) == Some(false) => {
                Advice::MayNot { right, work }
            }
            Some(place) => Advice::Form { place, wish },
            None => Advice::Choose { wish, preset },
        }
    }
}

/// What the answers ask for; nothing where no token fits.
fn wish(answers: &[usize]) -> Option<Wish> {
    let (kind, for_each, work) = match answers {
        [ME, work] => (ScopeKind::Personal, false, work),
        [TOOL, ONE, work] => (ScopeKind::Repository, false, work),
        [TOOL, FEW, EACH, work] => (ScopeKind::Repository, true, work),
        [TOOL, ALL, work] | [TOOL, FEW, WHOLE, work] => (ScopeKind::Project, false, work),
        _ => return None,
    };
    let level = match work {
        0 => Level::Read,
        1 | &PULL_REQUESTS => Level::Write,
        _ => Level::Admin,
    };
    Some(Wish {
        kind,
        for_each,
        work: Work {
            level,
            pull_requests: *work == PULL_REQUESTS,
            for_tool: kind != ScopeKind::Personal,
        },
    })
}

/// The name of the preset that the form will have chosen.
fn proposed(session: &Session, work: Work) -> String {
    let fitting = preset::fitting(&session.presets, work.level, work.pull_requests);
    let preset = fitting.and_then(|index| session.presets.get(index));
    preset.map_or_else(|| "custom".to_owned(), |preset| preset.name.clone())
}
