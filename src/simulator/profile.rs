//! The versions that the simulator can be, and what each of them has.

use super::options::Options;

/// A version of Bitbucket that the simulator can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Profile {
    /// 7.21: no archived repositories, no login options.
    Bitbucket7_21,
    /// 8.19: the old login form only.
    Bitbucket8_19,
    /// 9.4: the JSON login beside the old form, Basic on.
    #[default]
    Bitbucket9_4,
    /// 10.2: Basic off, the JSON login only.
    Bitbucket10_2,
    /// 10.5: as 10.2.
    Bitbucket10_5,
}

impl Profile {
    /// All of them, oldest first.
    pub const ALL: [Self; 5] = [
        Self::Bitbucket7_21,
        Self::Bitbucket8_19,
        Self::Bitbucket9_4,
        Self::Bitbucket10_2,
        Self::Bitbucket10_5,
    ];

    /// As it is chosen: `9.4`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bitbucket7_21 => "7.21",
            Self::Bitbucket8_19 => "8.19",
            Self::Bitbucket9_4 => "9.4",
            Self::Bitbucket10_2 => "10.2",
            Self::Bitbucket10_5 => "10.5",
        }
    }

    /// As the server tells it: `9.4.0`.
    #[must_use]
    pub const fn version(self) -> &'static str {
        match self {
            Self::Bitbucket7_21 => "7.21.0",
            Self::Bitbucket8_19 => "8.19.12",
            Self::Bitbucket9_4 => "9.4.0",
            Self::Bitbucket10_2 => "10.2.0",
            Self::Bitbucket10_5 => "10.5.0",
        }
    }
}

/// What came, or changed, with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feature {
    /// Tokens that act as their user.
    PersonalTokens,
    /// Tokens expire, and the list tells when, and when they were last used.
    TokenExpiry,
    /// Tokens of projects and repositories.
    PlaceTokens,
    /// The OAuth 2 provider.
    OAuth,
    /// The server tells which ways to sign in there are.
    LoginOptions,
    /// Archived repositories, and the search by archived and by project key.
    Archiving,
    /// The policy of tokens.
    TokenPolicy,
    /// Tokens count below `/rest` and `/scm` only.
    TokensForProgramsOnly,
    /// The JSON login, with two-step verification.
    JsonLogin,
    /// The state of Basic can be read.
    BasicConfig,
    /// Basic is off as the server comes.
    BasicOff,
    /// The old login form is gone.
    JsonLoginOnly,
    /// Tokens' secrets begin with `BBDC-`.
    PrefixedSecrets,
    /// Repositories that somebody may not see are not there, where older servers refuse them.
    HiddenRepositories,
    /// Keys of personal projects come in capitals.
    CapitalPersonalKeys,
    /// The clone link over SSH comes first.
    SshFirst,
    /// `buildNumber` and `buildDate` are numbers; before, they are texts.
    NumericBuild,
    /// `nextPageStart` is null on the last page; before, it is left out.
    NullNextPageStart,
}

impl Feature {
    /// The version that brought it. What is known of each, and what is assumed, stands in
    /// [`simulator`](super).
    const fn since(self) -> [u32; 3] {
        match self {
            Self::PersonalTokens => [5, 5, 0],
            Self::TokenExpiry => [7, 9, 0],
            Self::PlaceTokens => [7, 18, 0],
            Self::OAuth => [7, 20, 0],
            Self::LoginOptions | Self::Archiving => [8, 0, 0],
            Self::TokenPolicy => [8, 3, 0],
            Self::TokensForProgramsOnly => [8, 19, 12],
            Self::JsonLogin | Self::BasicConfig => [9, 4, 0],
            Self::BasicOff
            | Self::JsonLoginOnly
            | Self::PrefixedSecrets
            | Self::HiddenRepositories
            | Self::CapitalPersonalKeys
            | Self::SshFirst
            | Self::NumericBuild
            | Self::NullNextPageStart => [10, 0, 0],
        }
    }
}

impl Options {
    /// As this version comes.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        Self {
            version: profile.version().to_owned(),
            ..Self::default()
        }
    }

    /// Whether the version has it.
    pub(super) fn has(&self, feature: Feature) -> bool {
        self.version_numbers() >= feature.since()
    }

    /// `9004000` for 9.4.0.
    pub(super) fn build_number(&self) -> u32 {
        let [major, minor, patch] = self.version_numbers();
        major * 1_000_000 + minor * 1000 + patch
    }

    fn version_numbers(&self) -> [u32; 3] {
        let mut numbers = self.version.split('.').map_while(|part| part.parse().ok());
        std::array::from_fn(|_| numbers.next().unwrap_or(0))
    }
}
