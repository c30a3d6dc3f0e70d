//! Presets: named, explained sets of permissions, so that nobody has to guess levels.
//!
//! They live in `assets/presets.toml`, as data that an organisation can replace.

use serde::Deserialize;

use crate::permission::{Level, Permissions, ScopeKind, refusal};

/// One card on the "New token" screen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
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
    pub const KEYS: [&str; 9] = [
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
}

fn level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
    let word = String::deserialize(deserializer)?;
    Level::ALL
        .into_iter()
        .find(|level| level.word() == word)
        .ok_or_else(|| {
            serde::de::Error::custom(format!("\"{word}\" is no level: use read, write or admin"))
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
    /// No preset has the name of the one that is to be recommended.
    #[error("there is no preset \"{name}\": it is one of {known}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// The names that there are.
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
    for preset in &presets {
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

/// Recommends this one instead, and puts it first.
///
/// # Errors
/// [`PresetError::Unknown`] where none has that name.
pub fn recommend(presets: &mut [Preset], name: &str) -> Result<(), PresetError> {
    if !presets.iter().any(|preset| preset.name == name) {
        let known: Vec<_> = presets.iter().map(|preset| preset.name.as_str()).collect();
        return Err(PresetError::Unknown {
            name: name.to_owned(),
            known: known.join(", "),
        });
    }
    for preset in presets.iter_mut() {
        preset.recommended = preset.name == name;
    }
    presets.sort_by_key(|preset| !preset.recommended);
    Ok(())
}

/// The one to propose for work that needs this level on repositories: for a tool one of its own rather
/// than the recommended one, which is made for git clients. `None`: no preset has that level.
#[must_use]
pub fn fitting(presets: &[Preset], level: Level, for_tool: bool) -> Option<usize> {
    let fits = |preset: &&Preset| preset.repository == level;
    let best = presets
        .iter()
        .filter(fits)
        .find(|preset| !(for_tool && preset.recommended));
    let chosen = best.or_else(|| presets.iter().find(fits))?;
    presets
        .iter()
        .position(|preset| std::ptr::eq(preset, chosen))
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
