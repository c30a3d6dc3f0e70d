//! Whatever people paste: which Bitbucket it names, and which place on it.

use bbtoken::bitbucket::{Address, AddressError, BaseUrl, Destination, Scope, ServerFrom};

/// A server that somebody has saved.
const SAVED: &str = "https://code.example.com/bitbucket";

fn account() -> Option<Destination> {
    Some(Destination::Account)
}

fn project(key: &str) -> Option<Destination> {
    Some(Destination::Project {
        key: key.to_owned(),
    })
}

fn repository(project: &str, slug: &str) -> Option<Destination> {
    Some(Destination::Repository {
        project: project.to_owned(),
        slug: slug.to_owned(),
    })
}

fn project_tokens(key: &str) -> Option<Destination> {
    Some(Destination::Tokens(Scope::Project {
        key: key.to_owned(),
    }))
}

fn repository_tokens(project: &str, slug: &str) -> Option<Destination> {
    Some(Destination::Tokens(Scope::Repository {
        project: project.to_owned(),
        slug: slug.to_owned(),
    }))
}

fn read(text: &str, known: &[&str]) -> Address {
    let known: Vec<_> = known
        .iter()
        .map(|known| BaseUrl::parse(known).unwrap())
        .collect();
    Address::parse(text, &known).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_address_of_a_page_names_its_place() {
    let billing = || repository("PLAT", "billing-api");
    for (path, place) in [
        ("", None),
        ("/", None),
        ("/dashboard", None),
        ("/projects", None),
        ("/projects?avatarSize=64", None),
        ("/repos?visibility=public", None),
        ("/login", None),
        ("/admin/users", None),
        ("/projects/PLAT", project("PLAT")),
        ("/projects/plat/", project("PLAT")),
        ("/projects/PLAT/settings", project("PLAT")),
        ("/projects/PLAT/permissions", project("PLAT")),
        ("/projects/PLAT?filter=x", project("PLAT")),
        ("/projects/~alice", project("~alice")),
        ("/projects/%7Ealice", project("~alice")),
        ("/users/alice", project("~alice")),
        ("/users/alice/repos/notes", repository("~alice", "notes")),
        (
            "/users/alice/repos/notes/browse",
            repository("~alice", "notes"),
        ),
        (
            "/projects/~alice/repos/notes",
            repository("~alice", "notes"),
        ),
        ("/projects/PLAT/repos/billing-api", billing()),
        ("/projects/PLAT/repos/billing-api/", billing()),
        ("/projects/PLAT/repos/billing-api/browse", billing()),
        (
            "/projects/PLAT/repos/billing-api/browse/src/main.rs?at=refs%2Fheads%2Fmain#12",
            billing(),
        ),
        (
            "/projects/PLAT/repos/billing-api/raw/README.md?at=x",
            billing(),
        ),
        ("/projects/PLAT/repos/billing-api/commits", billing()),
        (
            "/projects/PLAT/repos/billing-api/commits/0a1b2c3",
            billing(),
        ),
        ("/projects/PLAT/repos/billing-api/branches", billing()),
        ("/projects/PLAT/repos/billing-api/pull-requests", billing()),
        (
            "/projects/PLAT/repos/billing-api/pull-requests/12/overview",
            billing(),
        ),
        (
            "/projects/PLAT/repos/billing-api/pull-requests/12/diff#src/a",
            billing(),
        ),
        ("/projects/PLAT/repos/billing-api/settings", billing()),
        (
            "/projects/PLAT/repos/my.repo-1/browse",
            repository("PLAT", "my.repo-1"),
        ),
        (
            "/login?next=%2Fprojects%2FPLAT%2Frepos%2Fbilling-api%2Fbrowse",
            billing(),
        ),
        ("/login?next=/login", None),
        ("/account", account()),
        ("/profile", account()),
        ("/plugins/servlet/access-tokens/manage", account()),
        ("/plugins/servlet/access-tokens/add", account()),
        (
            "/plugins/servlet/access-tokens/users/alice/manage",
            account(),
        ),
        (
            "/plugins/servlet/access-tokens/projects/PLAT/manage",
            project_tokens("PLAT"),
        ),
        (
            "/plugins/servlet/access-tokens/projects/PLAT/repos/billing-api/manage",
            repository_tokens("PLAT", "billing-api"),
        ),
        (
            "/plugins/servlet/branch-permissions/projects/PLAT/repos/billing-api",
            billing(),
        ),
        ("/scm/plat/billing-api.git", billing()),
        (
            "/scm/plat/billing-api.git/info/refs?service=git-upload-pack",
            billing(),
        ),
        ("/scm/~alice/notes.git", repository("~alice", "notes")),
        (
            "/rest/api/1.0/projects/PLAT/repos?limit=100",
            project("PLAT"),
        ),
        (
            "/rest/api/latest/projects/PLAT/repos/billing-api",
            billing(),
        ),
        (
            "/rest/access-tokens/latest/projects/PLAT",
            project_tokens("PLAT"),
        ),
        ("/rest/access-tokens/1.0/users/alice", account()),
    ] {
        for base in [
            "https://git.example.com",
            "http://git.example.com:7990/a/bitbucket",
        ] {
            let address = read(&format!("{base}{path}"), &[]);
            let (server, from) = address.server.unwrap();
            assert_eq!(
                (server.to_string().as_str(), from),
                (base, ServerFrom::Text),
                "{path}"
            );
            assert_eq!(address.destination, place, "{base}{path}");
        }
    }
}

#[test]
fn clone_addresses_lead_to_their_server() {
    let billing = || repository("PLAT", "billing-api");
    for (text, server, from, place) in [
        (
            "https://alice@code.example.com/bitbucket/scm/plat/billing-api.git",
            SAVED,
            ServerFrom::Text,
            billing(),
        ),
        (
            "ssh://git@code.example.com:7999/plat/billing-api.git",
            SAVED,
            ServerFrom::Known,
            billing(),
        ),
        (
            "git@code.example.com:plat/billing-api.git",
            SAVED,
            ServerFrom::Known,
            billing(),
        ),
        (
            "code.example.com:plat/billing-api.git",
            SAVED,
            ServerFrom::Known,
            billing(),
        ),
        (
            "SSH://git@CODE.example.com/~alice/notes.git",
            SAVED,
            ServerFrom::Known,
            repository("~alice", "notes"),
        ),
        (
            "ssh://git@git.example.com:7999/plat/billing-api.git",
            "https://git.example.com",
            ServerFrom::SshHost,
            billing(),
        ),
        (
            "git@git.example.com:plat/billing-api",
            "https://git.example.com",
            ServerFrom::SshHost,
            billing(),
        ),
        (
            "ssh://git.example.com",
            "https://git.example.com",
            ServerFrom::SshHost,
            None,
        ),
        ("code.example.com", SAVED, ServerFrom::Known, None),
        (
            "code.example.com/projects/PLAT",
            "https://code.example.com",
            ServerFrom::Text,
            project("PLAT"),
        ),
        (
            "alice:password@git.example.com",
            "https://git.example.com",
            ServerFrom::Text,
            None,
        ),
    ] {
        let address = read(text, &[SAVED]);
        let (base, really_from) = address.server.unwrap();
        assert_eq!(
            (base.to_string().as_str(), really_from),
            (server, from),
            "{text}"
        );
        assert_eq!(address.destination, place, "{text}");
    }
}

#[test]
fn a_place_alone_is_on_the_server_that_is_known() {
    for (text, place) in [
        ("PLAT", project("PLAT")),
        ("~alice", project("~alice")),
        ("PLAT/billing-api", repository("PLAT", "billing-api")),
        ("PLAT/my.repo", repository("PLAT", "my.repo")),
        ("~alice/notes/", repository("~alice", "notes")),
        ("A_1-B/x", repository("A_1-B", "x")),
    ] {
        let there = read(text, &[SAVED, "https://git.example.com"]);
        let (base, from) = there.server.unwrap();
        assert_eq!(
            (base.to_string().as_str(), from),
            (SAVED, ServerFrom::Known)
        );
        assert_eq!(there.destination, place, "{text}");
        let nowhere = read(text, &[]);
        assert_eq!(
            (nowhere.server, nowhere.destination),
            (None, place),
            "{text}"
        );
    }
    // In small letters it is a host, unless a server is known.
    for (text, host, place) in [
        ("plat", "https://plat", project("PLAT")),
        (
            "plat/billing-api",
            "https://plat/billing-api",
            repository("PLAT", "billing-api"),
        ),
    ] {
        let nowhere = read(text, &[]);
        assert_eq!(nowhere.server.unwrap().0.to_string(), host);
        assert_eq!(nowhere.destination, None);
        assert_eq!(read(text, &[SAVED]).destination, place);
    }
    for host in [
        "localhost",
        "https://plat",
        "plat.example.com",
        "plat:7990",
        "a/b/c",
    ] {
        let address = read(host, &[SAVED]);
        let (_, from) = address.server.unwrap();
        assert_eq!(
            (from, address.destination),
            (ServerFrom::Text, None),
            "{host}"
        );
    }
}

#[test]
fn bitbucket_cloud_is_another_product() {
    for text in [
        "bitbucket.org",
        "https://bitbucket.org/workspace/repository/src/main/",
        "https://api.bitbucket.org/2.0",
        "git@bitbucket.org:workspace/repository.git",
        "ssh://git@bitbucket.org/workspace/repository.git",
    ] {
        assert_eq!(
            Address::parse(text, &[]),
            Err(AddressError::Cloud),
            "{text}"
        );
    }
    assert!(Address::parse("notbitbucket.org", &[]).is_ok());
}
