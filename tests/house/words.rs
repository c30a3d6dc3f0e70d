//! Wording that the texts for users may not have: CONTRIBUTING.md, "How we write".

use std::collections::BTreeSet;

use super::texts::Text;

/// Turns that sound translated or are riddles, and what to say in their place.
const REFUSED: &[(&str, &str)] = &[
    ("all the same, type", "To continue anyway, type yes."),
    ("begin anew", "start again"),
    ("broken off", "interrupted"),
    (
        "brings Bitbucket's captcha nearer",
        "After several wrong passwords Bitbucket asks for a captcha.",
    ),
    ("deserves a look", "needs attention"),
    ("deserve a look", "need attention"),
    ("esc leads", "press esc for …"),
    ("everybody on the way", "anyone on the network"),
    (
        "for good",
        "say what happens: it is deleted, and cannot be brought back",
    ),
    ("forged one", "the server thinks the request is forged"),
    ("go on with what", "continue"),
    ("has not the form of", "does not look like"),
    ("if it stays so", "If this keeps happening,"),
    ("is as it was", "has not changed"),
    ("is no password", "is not a password"),
    ("is no token", "is not a token"),
    ("is no address", "is not an address"),
    ("is of no use", "does not help"),
    ("is of use", "helps"),
    ("it is on no clipboard", "It is not on the clipboard."),
    ("knows you no more", "Your session has ended."),
    ("look into the list", "Check the list."),
    ("nobody can be asked", "bbtoken cannot ask"),
    ("nobody is asked", "the server was not asked"),
    ("nobody knows", "it is not known"),
    ("nobody's leave", "You do not need permission."),
    (
        "nobody tells you",
        "say who does not: bbtoken, git or Bitbucket",
    ),
    ("no more, and", "no longer"),
    ("not the form of", "does not look like"),
    ("on no clipboard", "not on the clipboard"),
    ("on the way can read", "anyone on the network can read"),
    ("only looks around", "can only look around"),
    ("so many days", "how many days"),
    ("so many milliseconds", "this many milliseconds"),
    ("so many seconds", "this many seconds"),
    ("stands beside", "is shown next to it"),
    ("stands in front of", "is in the way of, or is behind"),
    ("takes away", "removes"),
    ("takes it away", "removes it"),
    ("takes no passwords", "does not accept passwords"),
    ("takes you for", "does not know who you are"),
    ("tells it to nobody", "does not say"),
    ("that you are a person", "Bitbucket asks for a captcha."),
    ("there nothing is", "that address is not"),
    (
        "the way is not encrypted",
        "the connection is not encrypted",
    ),
    ("token is made", "token is created"),
    ("wants a captcha", "asks for a captcha"),
    ("wants to see", "asks for"),
    ("what is in the way:", "To find out why:"),
    ("what stands there", "what is shown"),
];

/// The texts that say something in a way which is refused, with the better wording.
pub(crate) fn refused(texts: &[Text]) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts
        .iter()
        .filter(|text| !text.file.starts_with("assets/demo"))
    {
        let words = text.words.to_lowercase().replace('\n', " ");
        for (turn, better) in REFUSED {
            if words.contains(&turn.to_lowercase()) {
                let Text { file, line, .. } = text;
                found.push(format!("{file}:{line}: \"{turn}\": better: {better}"));
            }
        }
    }
    found
}

/// The files of the screens in whose texts a key is spelled out.
pub(crate) fn files_that_spell_keys(texts: &[Text]) -> BTreeSet<&str> {
    let screens = [
        "src/app",
        "src/screen/",
        "src/ui/",
        "src/operation/",
        "src/doctor",
    ];
    let of_screens = texts.iter().filter(|text| {
        let table = text.file.starts_with("src/ui/keymap");
        !table && screens.iter().any(|folder| text.file.starts_with(folder))
    });
    let spelled = of_screens.filter(|text| names_a_key(&text.words));
    spelled.map(|text| text.file.as_str()).collect()
}

/// "esc", "ctrl+o", "F12" stand for keys wherever they are; "enter" and letters where they are pressed.
fn names_a_key(words: &str) -> bool {
    let mut before = String::new();
    words.split_whitespace().any(|word| {
        let word = word.trim_matches(|it: char| matches!(it, '.' | ',' | ':' | ';' | '(' | ')'));
        let lower = word.to_lowercase();
        let is_function_key = word.strip_prefix('F').is_some_and(|number| {
            !number.is_empty() && number.chars().all(|it| it.is_ascii_digit())
        });
        let is_always = lower == "esc" || lower.starts_with("ctrl+") || is_function_key;
        let is_pressed =
            before == "press" && (lower == "enter" || lower == "tab" || word.chars().count() == 1);
        before = lower;
        is_always || is_pressed
    })
}
