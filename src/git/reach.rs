//! Addresses for git over HTTP, compared as Bitbucket reads them. People and tools write one in many ways:
//! `https://alice@GIT.example.com:443/scm/PLAT/billing-api`.

use percent_encoding::percent_decode_str;
use reqwest::Url;

/// Below it stand projects and repositories.
const SCM: &[u8] = b"scm";

/// Whether an address is this place, or lies below it. A place is a server, a project
/// (`https://git.example.com/scm/plat`) or a repository. Who stands in front of the host means nothing;
/// below `scm`, capitals mean nothing, and neither does `.git` at the end of a name.
#[must_use]
pub fn reaches(place: &str, address: &str) -> bool {
    match (read(place), read(address)) {
        (Some((its_server, its_path)), Some((server, path))) => {
            its_server == server && path.starts_with(&its_path)
        }
        _ => false,
    }
}

/// The server, and the path in one spelling.
fn read(address: &str) -> Option<(String, Vec<Vec<u8>>)> {
    let url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let segments = url.path().split('/').filter(|segment| !segment.is_empty());
    let mut path: Vec<Vec<u8>> = segments
        .map(|segment| percent_decode_str(segment).collect())
        .collect();
    // A context path may be called `scm` too: then everything from there on is read alike.
    let names = path.iter_mut().skip_while(|segment| *segment != SCM);
    for name in names {
        name.make_ascii_lowercase();
        if let Some(without) = name.strip_suffix(b".git") {
            name.truncate(without.len());
        }
    }
    Some((url.origin().ascii_serialization(), path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPOSITORY: &str = "https://git.example.com/b/scm/plat/billing-api.git";

    #[test]
    fn every_spelling_of_an_address_is_the_same_place() {
        for spelling in [
            REPOSITORY,
            "https://git.example.com/b/scm/PLAT/billing-api.git",
            "https://git.example.com/b/scm/plat/billing-api",
            "https://git.example.com/b/scm/plat/billing-api.git/",
            "https://git.example.com/b//scm/plat/Billing-API",
            "https://GIT.Example.com:443/b/scm/plat/billing-api.git",
            "https://alice@git.example.com/b/scm/plat/billing-api.git",
            "https://alice:old@git.example.com/b/scm/plat/billing%2Dapi.git",
            "HTTPS://git.example.com/b/scm/plat/billing-api.git/info/refs?service=git-upload-pack",
        ] {
            assert!(reaches(REPOSITORY, spelling), "{spelling}");
            for place in [
                "https://git.example.com",
                "https://git.example.com/b/scm/PLAT/",
            ] {
                assert!(reaches(place, spelling), "{place} {spelling}");
            }
        }
        let in_context = "https://h/scm/scm/plat/x.git";
        assert!(reaches(in_context, "https://h/scm/scm/PLAT/x"));
    }

    #[test]
    fn another_place_is_another_place() {
        for other in [
            "http://git.example.com/b/scm/plat/billing-api.git",
            "https://git.example.com:8443/b/scm/plat/billing-api.git",
            "https://git.example.com.evil.example/b/scm/plat/billing-api.git",
            "https://evil.example/git.example.com/b/scm/plat/billing-api.git",
            "https://git.example.com@evil.example/b/scm/plat/billing-api.git",
            "https://git.example.com/scm/plat/billing-api.git",
            "https://git.example.com/B/scm/plat/billing-api.git",
            "https://git.example.com/b/scm/plat/billing-api.git.git",
            "https://git.example.com/b/scm/plat/billing-api2.git",
            "https://git.example.com/b/scm/plat/billing",
            "https://git.example.com/b/scm/plat%2Fbilling-api.git",
            "https://git.example.com/b/scm/plat/x/../../billing-api.git",
            "https://git.example.com/b/scm/plat",
            "ssh://git.example.com/b/scm/plat/billing-api.git",
            "git.example.com/b/scm/plat/billing-api.git",
            "",
        ] {
            assert!(!reaches(REPOSITORY, other), "{other}");
        }
        assert!(!reaches("https://git.example.com/b/scm/pla", REPOSITORY));
        assert!(!reaches("", REPOSITORY) && !reaches("", ""));
    }
}
