//! Presets: named, explained sets of permissions, so that nobody has to guess levels.
//!
//! They live in `assets/presets.toml`, as data that an organisation can replace.

use serde::Deserialize;

use crate::permission::{Level, Permissions, ScopeKind, refusal};

/// The ids of our presets by their names, those of today and those before: configurations and habits go
/// by them.
const OURS: [(&str, &str); 7] = [
    ("git, read and write", "git"),
    ("git client", "git"),
    ("git, read only", "git-read"),
    ("read only", "git-read"),
    ("git and pull requests", PULL_REQUESTS),
    ("build server", PULL_REQUESTS),
    ("administration", "administration"),
];

/// The preset whose purpose its levels do not tell: pull requests need no more than a push does.
const PULL_REQUESTS: &str = "git-pull-requests";

/// One card on the "New token" screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What a command line calls it, in one word that stays the same.
    #[serde(default)]
    pub id: String,
    /// What the token is for, in a word or two.
    pub name: String,
    /// What one does with it.
    pub summary: String,
    #[serde(deserialize_with = "level")]
    project: Level,
    #[serde(deserialize_with = "level")]
    repository: Level,
    /// Starred, and chosen when the screen opens.
    #[serde(default)]
    pub recommended: bool,
    /// Begins the name that is filled in.
    pub token_name: String,
    /// The expiry that is filled in, in days.
    pub expiry_days: u32,
    /// One sentence beside the choice.
    #[serde(default)]
    pub why: String,
    /// A sentence that takes the place of `why`, with a warning sign.
    pub warning: Option<String>,
}

impl Preset {
    /// Everything that a file can say of one.
    pub const KEYS: [&str; 10] = [
        "id",
        "name",
        "summary",
        "project",
        "repository",
        "recommended",
        "token_name",
        "expiry_days",
        "why",
        "warning",
    ];

    /// The permissions in this kind of place: a repository token takes no project level.
    #[must_use]
    pub fn permissions(&self, kind: ScopeKind) -> Permissions {
        let project = (kind != ScopeKind::Repository).then_some(self.project);
        Permissions::new(project, self.repository)
    }

    /// Whether it is of use only to somebody who administers the place.
    #[must_use]
    pub fn is_for_administrators(&self) -> bool {
        self.project.max(self.repository) == Level::Admin
    }
}

fn level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
    let word = String::deserialize(deserializer)?;
    Level::ALL
        .into_iter()
        .find(|level| level.word() == word)
        .ok_or_else(|| {
            serde::de::Error::custom(format!(
                "\"{word}\" is not a level: use read, write or admin"
            ))
        })
}

/// Why a file of presets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// It is no such file: the parser says where and why.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// It has no preset at all.
    #[error("there is no [[preset]] in it: add at least one")]
    Empty,
    /// Two presets are marked as recommended.
    #[error("\"{0}\" and \"{1}\" are both recommended: keep one")]
    TwoRecommended(String, String),
    /// Two presets have the same id.
    #[error("\"{0}\" and \"{1}\" have the same id, \"{id}\": give one of them another", id = .2)]
    SameId(String, String, String),
    /// No preset is called this.
    #[error("there is no preset \"{name}\": use one of {known}")]
    Unknown {
        /// What was given.
        name: String,
        /// The ids that there are.
        known: String,
    },
    /// Bitbucket would refuse the combination.
    #[error("preset \"{name}\": {reason}")]
    Refused {
        /// The preset's name.
        name: String,
        /// Bitbucket's rule, as a sentence.
        reason: String,
    },
}

/// Reads presets; the recommended one comes first.
///
/// # Errors
/// [`PresetError`] where the text is no file of presets, or asks for what Bitbucket refuses.
pub fn parse(text: &str) -> Result<Vec<Preset>, PresetError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default)]
        preset: Vec<Preset>,
    }
    check(toml::from_str::<File>(text)?.preset)
}

/// Puts the recommended one first.
///
/// # Errors
/// [`PresetError`] where there is none, two are recommended, or one asks for what Bitbucket refuses.
pub fn check(mut presets: Vec<Preset>) -> Result<Vec<Preset>, PresetError> {
    if presets.is_empty() {
        return Err(PresetError::Empty);
    }
    for preset in &mut presets {
        if preset.id.is_empty() {
            preset.id = usual_id(&preset.name);
        }
    }
    for (index, preset) in presets.iter().enumerate() {
        let mut before = presets[..index].iter();
        if let Some(same) = before.find(|other| other.id == preset.id) {
            let (one, other) = (same.name.clone(), preset.name.clone());
            return Err(PresetError::SameId(one, other, preset.id.clone()));
        }
        if let Some(reason) = refusal(ScopeKind::Project, Some(preset.project), preset.repository) {
            return Err(PresetError::Refused {
                name: preset.name.clone(),
                reason,
            });
        }
    }
    let mut recommended = presets.iter().filter(|preset| preset.recommended);
    if let (Some(first), Some(second)) = (recommended.next(), recommended.next()) {
        return Err(PresetError::TwoRecommended(
            first.name.clone(),
            second.name.clone(),
        ));
    }
    presets.sort_by_key(|preset| !preset.recommended);
    Ok(presets)
}

/// The id of a preset that is given none: that of ours of the same name, else made of the name.
fn usual_id(name: &str) -> String {
    let mut ours = OURS.into_iter();
    if let Some((_, id)) = ours.find(|(of_ours, _)| *of_ours == name) {
        return id.to_owned();
    }
    let letters = name.chars().flat_map(char::to_lowercase);
    let words: String = letters
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect();
    words.split_whitespace().collect::<Vec<_>>().join("-")
}

/// The preset that is called this: by its id, by its name, or by the name that ours had before.
///
/// # Errors
/// [`PresetError::Unknown`].
pub fn find<'a>(presets: &'a [Preset], called: &str) -> Result<&'a Preset, PresetError> {
    let id = usual_id(called);
    let by_id = presets.iter().find(|preset| preset.id == called);
    let by_name = || presets.iter().find(|preset| preset.name == called);
    let before = || presets.iter().find(|preset| preset.id == id);
    by_id.or_else(by_name).or_else(before).ok_or_else(|| {
        let known: Vec<_> = presets.iter().map(|preset| preset.id.as_str()).collect();
        PresetError::Unknown {
            name: called.to_owned(),
            known: known.join(", "),
        }
    })
}

/// Recommends this one instead, and puts it first.
///
/// # Errors
/// [`PresetError::Unknown`] where none is called this.
pub fn recommend(presets: &mut [Preset], called: &str) -> Result<(), PresetError> {
    let id = find(presets, called)?.id.clone();
    for preset in presets.iter_mut() {
        preset.recommended = preset.id == id;
    }
    presets.sort_by_key(|preset| !preset.recommended);
    Ok(())
}

/// The one to propose for work that needs this level on repositories: the one for pull requests where it
/// is about them, otherwise the first. `None`: no preset has that level.
#[must_use]
pub fn fitting(presets: &[Preset], level: Level, pull_requests: bool) -> Option<usize> {
    let fits = |preset: &Preset| preset.repository == level;
    let is_best = |preset: &Preset| fits(preset) && preset.id == PULL_REQUESTS;
    let best = presets.iter().position(is_best).filter(|_| pull_requests);
    best.or_else(|| presets.iter().position(fits))
}

/// The earlier one of these presets that gives a token of this kind the same rights as the one at `index`.
#[must_use]
pub fn same_rights(presets: &[Preset], index: usize, kind: ScopeKind) -> Option<&Preset> {
    let permissions = presets.get(index)?.permissions(kind);
    let mut earlier = presets[..index].iter();
    earlier.find(|preset| preset.permissions(kind) == permissions)
}

/// The presets that come with the program.
///
/// # Errors
/// Never with the file in `assets/`: a test reads it.
pub fn built_in() -> Result<Vec<Preset>, PresetError> {
    parse(include_str!("../assets/presets.toml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recommended_preset_is_the_least_that_git_needs() {
        let presets = built_in().unwrap_or_default();
        let first = &presets[0];
        assert!(first.recommended);
        assert_eq!(
            first.permissions(ScopeKind::Personal).to_api(),
            ["PROJECT_READ", "REPO_WRITE"]
        );
        assert_eq!(
            first.permissions(ScopeKind::Repository).to_api(),
            ["REPO_WRITE"]
        );
        assert_eq!(presets.len(), 4);
    }

    #[test]
    fn ids_and_the_names_before_them_find_a_preset() {
        let presets = built_in().unwrap_or_default();
        for (name, id) in OURS {
            for called in [name, id] {
                let found = find(&presets, called).map(|preset| preset.id.as_str());
                assert_eq!(found.ok(), Some(id), "{called}");
            }
        }
        let why = find(&presets, "root").err().map(|error| error.to_string());
        let known = "use one of git, git-read, git-pull-requests, administration";
        assert!(why.is_some_and(|why| why.contains(known)));
    }

    #[test]
    fn presets_without_an_id_are_called_by_their_name() {
        let preset = |name: &str| {
            format!(
                "[[preset]]\nname='{name}'\nsummary=''\nproject='read'\nrepository='read'\ntoken_name=''\nexpiry_days=1\n"
            )
        };
        let ids = |text: &str| {
            let presets = parse(text).unwrap_or_default();
            presets.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        let text = preset("Jenkins (CI)") + &preset("git client") + &preset("mirror") + "id='m'\n";
        assert_eq!(ids(&text), ["jenkins-ci", "git", "m"]);
        let why = parse(&(preset("a b") + &preset("A-B"))).err();
        assert!(why.is_some_and(|why| why.to_string().contains("the same id, \"a-b\"")));
    }

    #[test]
    fn a_wrong_file_is_refused_with_a_reason() {
        let preset = |project: &str, repository: &str| {
            format!(
                "[[preset]]\nname='a'\nsummary=''\nproject='{project}'\nrepository='{repository}'\ntoken_name=''\nexpiry_days=1\n"
            )
        };
        let why = |text: &str| parse(text).err().map(|error| error.to_string());
        assert!(why("").is_some_and(|why| why.contains("no [[preset]]")));
        assert!(
            why(&preset("write", "read"))
                .is_some_and(|why| why.contains("at least Repository write"))
        );
        assert!(
            why(&preset("boss", "read"))
                .is_some_and(|why| why.contains("use read, write or admin"))
        );
        assert!(
            why(&(preset("read", "read") + "colour='red'"))
                .is_some_and(|why| why.contains("colour"))
        );
    }
}
