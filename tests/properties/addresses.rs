//! Addresses as people type and paste them.

use bbtoken::bitbucket::{Address, BaseUrl, Destination, Scope, ServerFrom};
use proptest::prelude::*;

use crate::{any_text, cases};

/// What stands before the names of a project and a repository.
const BEFORE: &[&str] = &[
    "",
    "ssh://git@git.example.com:7999/",
    "git@git.example.com:",
    "https://git.example.com/scm/",
    "https://git.example.com/b/projects/",
    "https://git.example.com/users/",
    "https://git.example.com/plugins/servlet/access-tokens/projects/",
    "https://git.example.com/login?next=/projects/",
];

/// Names that a path could take for something else.
const ODD_NAMES: &[&str] = &[
    "", ".", "..", "~", ".git", "..git", "%2e%2e", "%2E", "%20", "~.", "~..", "PLAT", "repos",
    "x.git",
];

fn host() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?(\\.[a-z][a-z0-9]{0,5}){0,3}(:[1-9][0-9]{3})?"
}

fn base() -> impl Strategy<Value = BaseUrl> {
    // A context path is no name of a page.
    let context = prop::sample::select(&["", "/", "/bitbucket", "/git/stash", "/b%20c"][..]);
    let scheme = prop::sample::select(&["https", "http"][..]);
    (scheme, host(), context).prop_map(|(scheme, host, context)| {
        BaseUrl::parse(&format!("{scheme}://{host}{context}")).unwrap()
    })
}

/// Something that looks like an address, more or less.
fn address_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(
            &[
                "https://",
                "http:",
                "ssh://",
                "git@",
                "//",
                "/",
                ":",
                "@",
                "?",
                "#",
                "%2e%2e",
                "%2F",
                "..",
                ".git",
                "~alice",
                "PLAT",
                "scm",
                "projects",
                "repos",
                "users",
                "plugins/servlet/access-tokens",
                "rest/api/latest",
                "next=",
                "[::1]",
                ":7990",
                "localhost",
                "git.example.com",
                "\\",
                " ",
            ][..]
        )
        .prop_map(str::to_owned),
        host(),
        any_text(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

/// A name of a project or repository as it may stand in a path, however odd.
fn segment() -> impl Strategy<Value = String> {
    any_text().prop_filter("no name", |text| {
        !text.is_empty() && !matches!(text.as_str(), "." | "..")
    })
}

fn names(destination: &Destination) -> Vec<&str> {
    match destination {
        Destination::Account | Destination::Tokens(Scope::Personal { .. }) => Vec::new(),
        Destination::Project { key } | Destination::Tokens(Scope::Project { key }) => vec![key],
        Destination::Repository { project, slug }
        | Destination::Tokens(Scope::Repository { project, slug }) => vec![project, slug],
    }
}

/// Whether a path with it leads somewhere else.
fn is_odd(name: &str) -> bool {
    matches!(name, "" | "." | "..")
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn whatever_is_typed_is_an_address_or_a_reason(text in address_like(), known in base()) {
        for known in [&[][..], &[known]] {
            match Address::parse(&text, known) {
                Err(error) => prop_assert!(!error.to_string().contains(char::is_control)),
                Ok(address) => {
                    // What is found leads to a place below the server, and to the same place again.
                    let names = address.destination.iter().flat_map(names);
                    for name in names {
                        prop_assert!(!is_odd(name), "{name:?}");
                    }
                    if let Some((base, _)) = address.server {
                        prop_assert_eq!(BaseUrl::parse(&base.to_string()), Ok(base));
                    }
                }
            }
        }
    }

    #[test]
    fn whatever_a_place_is_called_it_is_one(
        before in prop::sample::select(BEFORE),
        names in prop::collection::vec(prop::sample::select(ODD_NAMES), 1..4),
    ) {
        let text = format!("{before}{}", names.join("/"));
        let known = [BaseUrl::parse("git.example.com").unwrap()];
        if let Ok(Address { destination: Some(destination), .. }) = Address::parse(&text, &known) {
            for name in self::names(&destination) {
                prop_assert!(!is_odd(name), "{text:?} {destination:?}");
            }
        }
    }

    #[test]
    fn a_server_that_is_named_is_the_one_that_is_meant(
        base in base(),
        user in "([a-z]{1,5}(:[a-z0-9]{1,5})?@)?",
        path in "(/[a-zA-Z0-9%.~@:;=-]{0,8}){0,5}",
        query in "(\\?(next=)?(https?://[a-z]{1,5})?[a-z/:@]{0,9})?",
        known in prop::collection::vec(base(), 0..3),
    ) {
        let text = base.to_string().replacen("://", &format!("://{user}"), 1);
        if let Ok(address) = Address::parse(&format!("{text}{path}{query}"), &known) {
            let (server, from) = address.server.unwrap();
            prop_assert_eq!(server.host(), base.host());
            prop_assert_eq!(server.is_encrypted(), base.is_encrypted());
            let is_known = from == ServerFrom::Known;
            prop_assert!(!is_known || known.contains(&server));
            prop_assert!(!server.to_string().contains('@') || path.contains('@'));
        }
    }

    #[test]
    fn a_page_leads_back_to_its_place(base in base(), project in "[A-Z][A-Z0-9_]{0,8}", slug in segment()) {
        let page = base.page(&["projects", &project, "repos", &slug]);
        let found = Address::parse(&page, &[]);
        let destination = Destination::Repository { project, slug };
        let wanted = Address { server: Some((base, ServerFrom::Text)), destination: Some(destination) };
        prop_assert_eq!(found, Ok(wanted));
    }

    #[test]
    fn what_lies_below_is_found_again(base in base(), segments in prop::collection::vec(segment(), 1..4), other in base()) {
        let names: Vec<_> = segments.iter().map(String::as_str).collect();
        let page = base.page(&names);
        prop_assert_eq!(base.segments_below(&page), Some(segments));
        if other.host() != base.host() || other.is_encrypted() != base.is_encrypted() {
            prop_assert_eq!(other.segments_below(&page), None);
        }
    }
}
