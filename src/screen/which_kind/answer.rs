//! The questions, and what the answers lead to.

use super::WhichKind;
use crate::permission::Level;
use crate::preset;
use crate::ui::place::Place;
use crate::ui::route::Work;
use crate::ui::session::Session;

const ME: usize = 0;
const TOOL: usize = 1;
const ONE: usize = 0;
const SEVERAL: usize = 2;

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
            [ME] => Some(&WORK),
            [TOOL, reach] if *reach != SEVERAL => Some(&WORK),
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
    Form { place: Place, work: Work },
    /// What somebody can do who may make no token in the right place.
    MayNot { right: Place, work: Work },
    /// A repository or project has to be chosen first.
    Choose { what: &'static str, preset: String },
    /// A user of its own, which bbtoken cannot create.
    TechnicalUser,
}

impl WhichKind {
    /// What the answers lead to.
    pub(super) fn ending(&self, session: &Session) -> Advice {
        let (Some(level), Some(user)) = (level(&self.answers), &session.user) else {
            return Advice::TechnicalUser;
        };
        let work = Work {
            level,
            for_tool: self.answers.first() == Some(&TOOL),
        };
        if !work.for_tool {
            let place = Place::Account(user.clone());
            return Advice::Form { place, work };
        }
        let is_one = self.answers.get(1) == Some(&ONE);
        let right = match (&self.here.place, is_one) {
            (Some(place @ Place::Repository(_)), true) => Some(place.clone()),
            (Some(Place::Repository(repository)), false) => {
                Some(Place::Project(repository.project.clone()))
            }
            (Some(place @ Place::Project(_)), false) => Some(place.clone()),
            _ => None,
        };
        let preset = proposed(session, work);
        match right {
            Some(right) if session.rights.may_create(&right) == Some(false) => {
                Advice::MayNot { right, work }
            }
            Some(place) => Advice::Form { place, work },
            None => Advice::Choose {
                what: if is_one { "repository" } else { "project" },
                preset,
            },
        }
    }
}

/// The level that the last answer asks for; none where it was not asked.
fn level(answers: &[usize]) -> Option<Level> {
    match answers {
        [ME, work] | [TOOL, _, work] => Some(match work {
            0 => Level::Read,
            1 | 2 => Level::Write,
            _ => Level::Admin,
        }),
        _ => None,
    }
}

/// The name of the preset that the form will have chosen.
fn proposed(session: &Session, work: Work) -> String {
    let fitting = preset::fitting(&session.presets, work.level, work.for_tool);
    let preset = fitting.and_then(|index| session.presets.get(index));
    preset.map_or_else(|| "custom".to_owned(), |preset| preset.name.clone())
}
