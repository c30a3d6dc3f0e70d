//! Whatever keys are pressed in whatever order and window: nothing panics, and no secret is on the
//! screen unless somebody asked for it.

use std::time::Duration;

use bbtoken::terminal::Input;

use crate::harness::{Harness, Setup};

const KEYS: &[&str] = &[
    "<enter>",
    "<enter>",
    "<enter>",
    "<enter>",
    "<esc>",
    "<esc>",
    "<tab>",
    "<s-tab>",
    "<up>",
    "<down>",
    "<down>",
    "<left>",
    "<right>",
    "<home>",
    "<end>",
    "<pageup>",
    "<pagedown>",
    "<backspace>",
    "<c-u>",
    "<c-f>",
    "<c-b>",
    "/",
    "?",
    "<f1>",
    "<f12>",
    "a",
    "b",
    "c",
    "e",
    "j",
    "k",
    "l",
    "h",
    "G",
    "m",
    "n",
    "n",
    "R",
    "r",
    "s",
    "v",
    "v",
    "v",
    "f",
    "g",
    "g",
    "g",
    "g",
    "u",
    "t",
    "x",
    "y",
    "1",
    "0",
    " ",
    "é",
    "漢",
];
/// What leaves a name alone, or makes it longer.
const SAVE_KEYS: &[&str] = &["<enter>", "<esc>", "a", "b", "1", "<f1>", "é"];
const SIZES: &[(u16, u16)] = &[
    (80, 24),
    (120, 40),
    (200, 60),
    (50, 15),
    (40, 10),
    (39, 9),
    (1, 1),
    (300, 5),
];

/// Whether a secret of the simulator's can be read: no name in the demo company looks like one.
pub(crate) fn shows_secret(screen: &str) -> bool {
    let is_secret =
        |character: char| character.is_ascii_alphanumeric() || "+/=".contains(character);
    screen.split(|character| !is_secret(character)).any(|word| {
        word.len() >= 30
            && !["/rest/", "/latest/", "/servlet/", "/projects/"]
                .iter()
                .any(|part| word.contains(part))
            && word.contains(|it: char| it.is_ascii_digit())
    })
}

/// What a walk has come across.
#[derive(Default)]
struct Seen {
    ready: usize,
    revealed: usize,
    git_setup: usize,
    shared: usize,
}

/// What a walk begins with.
#[derive(Clone, Copy)]
struct Start {
    clipboard: bool,
    share: bool,
    /// F2 is pressed now and then.
    toggles: bool,
}

async fn presses(seed: u64, start: Start, seen: &mut Seen) {
    let Start {
        clipboard,
        share,
        toggles,
    } = start;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut program = Harness::start(Setup {
        share,
        clipboard,
        ..Setup::default()
    })
    .await;
    // Where the interesting keys are.
    program.sign_in("alice").await;
    let mut pressed = Vec::new();
    for _ in 0..300 {
        match random.u8(..40) {
            5 if toggles => {
                pressed.push("<f2>");
                program.keys("<f2>").await;
                if program.text().contains("End share mode?") {
                    pressed.push("y");
                    program.keys("y").await;
                }
            }
            0 => {
                let (columns, rows) = SIZES[random.usize(..SIZES.len())];
                program.resize(columns, rows).await;
            }
            1 => program.resize(80, 24).await,
            2 => {
                let seconds = random.u64(..12);
                program.advance(Duration::from_secs(seconds)).await;
            }
            3 => program.input(Input::FocusLost).await,
            4 => program.paste("pasted\ntext").await,
            choice => {
                let mut key = KEYS[random.usize(..KEYS.len())];
                if key == "y" && program.text().contains("and go back to the first") {
                    // Behind it waits the address: whatever is typed there would be looked up.
                    key = "n";
                }
                if program.text().contains("─ Save the token ") && !SAVE_KEYS.contains(&key) {
                    // Under other names files would appear anywhere on this computer.
                    key = "<esc>";
                }
                pressed.push(key);
                if choice < 15 {
                    // Also while answers are under way.
                    program.press_only(key);
                } else {
                    program.keys(key).await;
                }
            }
        }
        let screen = program.text();
        seen.ready += usize::from(screen.contains("Token ready"));
        seen.git_setup += usize::from(screen.contains("› Set git up"));
        let is_shared = (share && !toggles) || screen.contains("SHARE MODE");
        seen.shared += usize::from(is_shared);
        if is_shared {
            let pressed = pressed.concat();
            assert!(
                !shows_secret(&screen),
                "seed {seed} after {pressed}:\n{screen}"
            );
            let names = ["alice", "anders"];
            let is_named = names
                .iter()
                .any(|name| screen.to_lowercase().contains(name));
            assert!(!is_named, "seed {seed} after {pressed}:\n{screen}");
        }
        if shows_secret(&screen) {
            seen.revealed += 1;
            // What lies over it may hide the warning.
            let is_known = ["! hides in ", "─ Help ", "Do you have the token?"];
            assert!(
                is_known.iter().any(|words| screen.contains(words)),
                "seed {seed} after {}:\n{screen}",
                pressed.concat()
            );
        }
        if program.has_quit() {
            break;
        }
    }
    program.resize(80, 24).await;
    assert!(!program.text().trim().is_empty());
    program.forget_cache().await;
}

async fn walks(seeds: std::ops::Range<u64>, start: Start) {
    let mut seen = Seen::default();
    for seed in seeds {
        presses(seed, start, &mut seen).await;
    }
    assert!(seen.ready > 0, "no walk has made a token");
    assert!(seen.git_setup > 0, "no walk came to git");
    assert_eq!(seen.shared > 0, start.share || start.toggles);
    assert_eq!(
        seen.revealed > 0,
        !start.share || start.toggles,
        "whether walks have shown a token"
    );
}

#[tokio::test]
async fn random_keys_never_panic_and_never_show_a_secret() {
    let start = Start {
        clipboard: true,
        share: false,
        toggles: false,
    };
    walks(0..8, start).await;
}

#[tokio::test]
async fn random_keys_without_a_clipboard() {
    let start = Start {
        clipboard: false,
        share: false,
        toggles: false,
    };
    walks(100..105, start).await;
}

#[tokio::test]
async fn in_share_mode_no_keys_show_a_secret_or_a_name() {
    for (seeds, clipboard) in [(200..206, true), (300..306, false)] {
        let start = Start {
            clipboard,
            share: true,
            toggles: false,
        };
        walks(seeds, start).await;
    }
}

#[tokio::test]
async fn whenever_share_mode_is_on_no_keys_show_a_secret_or_a_name() {
    let start = Start {
        clipboard: true,
        share: true,
        toggles: true,
    };
    walks(400..408, start).await;
}
