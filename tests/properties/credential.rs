//! git's credential protocol, and for which address a token is given out.

use bbtoken::git::credential::{Request, erase};
use proptest::prelude::*;

use crate::cases;

/// Whether a token for this address would be given out: then, and only then, git's user hears that the
/// server refused it.
fn is_given(request: &str, address: &str) -> bool {
    let request = Request::read(request.as_bytes()).unwrap();
    erase(&request, &[address.to_owned()]).hint.is_some()
}

fn asked(scheme: &str, host: &str, path: &str) -> String {
    format!("capability[]=authtype\nprotocol={scheme}\nhost={host}\npath={path}\n\n")
}

fn scheme() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["https", "http"][..])
}

fn host() -> impl Strategy<Value = &'static str> {
    prop::sample::select(
        &[
            "git.example.com",
            "git.example.com:8443",
            "example.com",
            "git.example.co",
            "xgit.example.com",
        ][..],
    )
}

fn path() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "scm/plat",
            "scm/plat/x.git",
            "scm/plat/x",
            "scm/platform/x.git",
            "b/scm/plat",
            "scm/~alice/a b.git",
        ][..],
    )
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_lines_of_gits_can_be_read(lines in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Request::read(lines.as_slice()).is_ok());
    }

    #[test]
    fn a_token_is_given_out_for_its_address_and_below_it_and_nowhere_else(
        ours in (scheme(), host(), path()),
        asked_for in (scheme(), host(), path()),
        below in "(/info/lfs|/x)?",
    ) {
        let (scheme, host, path) = &ours;
        let address = format!("{scheme}://{host}/{}", path.replace(' ', "%20"));
        let wanted = format!("{}{below}", asked_for.2);
        // The same repository with and without `.git`.
        let (short, wanted_short) = (path.replace(".git", ""), wanted.replace(".git", ""));
        let is_below = wanted_short == short || wanted_short.starts_with(&format!("{short}/"));
        let is_ours = (asked_for.0, asked_for.1) == (*scheme, *host) && is_below;
        prop_assert_eq!(is_given(&asked(asked_for.0, asked_for.1, &wanted), &address), is_ours);
    }

    #[test]
    fn no_line_changes_whom_the_token_is_for(value in "[^\\n\\x00]{0,40}", key in "[a-z]{1,8}(\\[\\])?") {
        prop_assume!(!matches!(key.as_str(), "protocol" | "host" | "path"));
        let address = "https://git.example.com/scm/plat/x.git";
        let elsewhere = asked("https", "elsewhere.example", "scm/plat/x.git");
        let more = format!("{key}={value}\n");
        prop_assert!(!is_given(&(more.clone() + &elsewhere), address));
        let here = asked("https", "git.example.com", "scm/plat/x.git");
        prop_assert!(is_given(&(more + &here), address));
    }
}
