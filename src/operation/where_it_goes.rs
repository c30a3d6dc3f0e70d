//! What stands for a token's place in what is entered into a tool.

use super::place::Place;
use crate::address::{BaseUrl, Scope};
use crate::git::shell_word;
use crate::tool::{VARIABLE, Words};

/// The words for a place, each quoted for a shell where it has to be.
#[must_use]
pub fn words(place: &Place, base: &BaseUrl) -> Words {
    let target = place.git_target(base).map(|target| target.address);
    // What ends a quotation in a pipeline's own language is left out: such an address is nobody's.
    let target = target.filter(|address| !address.contains(['\'', '"', '\\', '$', '`']));
    let base_address = base.to_string();
    let below = match target {
        Some(address) if place.clone_address().is_some() => address,
        Some(address) => with_slash(&address),
        None => with_slash(&base_address),
    };
    let clone = match place {
        Place::Repository(_) if place.clone_address() == Some(below.as_str()) => below.clone(),
        Place::Project(project) => {
            base.page(&["scm", &project.key.to_lowercase(), "REPOSITORY.git"])
        }
        Place::Repository(_) | Place::Account(_) => {
            base.page(&["scm", "PROJECT", "REPOSITORY.git"])
        }
    };
    let rest = match place.scope() {
        Scope::Personal { .. } => base.page(&["rest", "api", "latest", "projects"]),
        Scope::Project { key } => base.page(&["rest", "api", "latest", "projects", &key, "repos"]),
        Scope::Repository { project, slug } => base.page(&[
            "rest", "api", "latest", "projects", &project, "repos", &slug,
        ]),
    };
    Words {
        header: shell_word(&format!("http.{below}.extraHeader")),
        clone: shell_word(&clone),
        place: shell_word(&below),
        rest: shell_word(&rest),
    }
}

/// One command that uses the token without setting anything up: the token stands in the environment, in
/// no file and no argument.
#[must_use]
pub fn by_hand(words: &Words) -> String {
    let Words { header, clone, .. } = words;
    format!(
        "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0={header} GIT_CONFIG_VALUE_0=\"Authorization: Bearer ${VARIABLE}\" git clone {clone}"
    )
}

fn with_slash(address: &str) -> String {
    format!("{}/", address.trim_end_matches('/'))
}
