//! What each screen looks like, at two sizes and in a small window.
//!
//! A snapshot is the text of the screen; beneath it, for colour and for monochrome, how each row is
//! styled: runs of so many columns in a style. `INSTA_UPDATE=always cargo test` accepts a new look;
//! look at it before you commit it.

use bbtoken::simulator::FaultEffect;
use bbtoken::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::harness::{Harness, Setup};

const LEGEND: &str =
    ". plain, b bold, d dim, r reversed, u underlined; B blue, G green, Y yellow, R red";
const LARGE: [(u16, u16); 2] = [(80, 24), (120, 40)];
const SMALL: (u16, u16) = (50, 15);

/// The way to a screen.
#[derive(Clone, Copy)]
struct Walk {
    /// Who signs in; nobody if empty.
    user: &'static str,
    keys: &'static str,
    setup: fn(&mut Setup),
    fault: Option<(&'static str, u16)>,
}

const FIRST: Walk = Walk {
    user: "",
    keys: "",
    setup: |_| {},
    fault: None,
};

const fn alice(keys: &'static str) -> Walk {
    Walk {
        user: "alice",
        keys,
        ..FIRST
    }
}

impl Walk {
    async fn walk(self, size: (u16, u16), theme: Theme) -> Harness {
        let mut setup = Setup {
            size,
            theme,
            ..Setup::default()
        };
        // The line is the same on all; a few pictures show it.
        setup.config.guidance = false;
        (self.setup)(&mut setup);
        let mut program = Harness::start(setup).await;
        if let Some((path, status)) = self.fault {
            program.fault(None, path, 1, FaultEffect::Html(status));
        }
        if !self.user.is_empty() {
            program.sign_in(self.user).await;
        }
        program.keys(self.keys).await;
        program
    }

    async fn look(self, name: &str) {
        for size in LARGE {
            let mut colour = self.walk(size, Theme::colour()).await;
            let mut monochrome = self.walk(size, Theme::monochrome()).await;
            let text = text(&mut colour);
            // Nothing is meant by colour alone.
            assert_eq!(text, self::text(&mut monochrome));
            let picture = format!(
                "{text}\n\n=== {LEGEND}\n=== colour\n{}\n=== monochrome\n{}",
                styles(&colour.buffer()),
                styles(&monochrome.buffer()),
            );
            accept(&format!("{name}-{}x{}", size.0, size.1), &picture);
        }
        let mut small = self.walk(SMALL, Theme::colour()).await;
        let picture = text(&mut small);
        accept(&format!("{name}-{}x{}", SMALL.0, SMALL.1), &picture);
    }
}

fn accept(name: &str, picture: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, picture));
}

/// The text, with a host of the same width in place of the simulator's, whose port changes.
fn text(program: &mut Harness) -> String {
    let host = program.base_url.trim_start_matches("http://").to_owned();
    let stand_in = "git.example.com";
    assert_eq!(host.len(), stand_in.len(), "a port of five digits");
    program.text().replace(&host, stand_in)
}

/// A line for each row that is not plain: its number and its runs, without the plain end.
fn styles(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content().chunks(width).enumerate();
    let lines = rows.filter_map(|(number, row)| {
        let mut runs: Vec<(usize, String)> = Vec::new();
        for cell in row {
            let style = style(cell);
            match runs.last_mut() {
                Some((length, last)) if *last == style => *length += 1,
                _ => runs.push((1, style)),
            }
        }
        if runs.last().is_some_and(|(_, style)| style == ".") {
            runs.pop();
        }
        let runs: Vec<_> = runs
            .into_iter()
            .map(|(length, style)| format!("{length}{style}"))
            .collect();
        (!runs.is_empty()).then(|| format!("{number:>2}  {}", runs.join(" ")))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn style(cell: &Cell) -> String {
    let modifiers = [
        (Modifier::BOLD, 'b'),
        (Modifier::DIM, 'd'),
        (Modifier::REVERSED, 'r'),
        (Modifier::UNDERLINED, 'u'),
    ];
    let mut style: String = modifiers
        .into_iter()
        .filter(|(modifier, _)| cell.modifier.contains(*modifier))
        .map(|(_, letter)| letter)
        .collect();
    style.push_str(match cell.fg {
        Color::Reset => "",
        Color::Blue => "B",
        Color::Green => "G",
        Color::Yellow => "Y",
        Color::Red => "R",
        other => panic!("no letter for {other}"),
    });
    assert_eq!(cell.bg, Color::Reset, "the background is the terminal's");
    if style.is_empty() {
        style.push('.');
    }
    style
}

macro_rules! looks {
    ($($name:ident: $walk:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                $walk.look(stringify!($name)).await;
            }
        )*
    };
}

looks! {
    connect: FIRST;
    guidance_at_the_start: Walk { setup: |setup| setup.config.guidance = true, ..FIRST };
    guidance_among_the_projects: Walk { setup: |setup| setup.config.guidance = true, ..alice("") };
    guidance_in_the_form: Walk { setup: |setup| setup.config.guidance = true, ..alice("n") };
    connect_in_the_demo: Walk { setup: |setup| setup.demo = true, ..FIRST };
    connect_with_a_problem: Walk {
        keys: "<enter>",
        fault: Some(("application-properties", 404)),
        ..FIRST
    };
    sign_in: Walk { keys: "<enter>", ..FIRST };
    sign_in_with_a_problem: Walk { keys: "<enter>alice<enter>wrong<enter>", ..FIRST };
    sign_in_by_a_provider: Walk { keys: "<enter>olga<enter>olga<enter>", ..FIRST };
    sign_in_second_step: Walk { keys: "<enter>tess<enter>tess<enter>123", ..FIRST };
    sign_in_wrong_code: Walk { keys: "<enter>tess<enter>tess<enter><tab>no-code<enter>", ..FIRST };
    in_browser: Walk { keys: "<enter>olga<tab><tab><enter>", ..FIRST };
    in_browser_opened: Walk { keys: "<enter>olga<tab><tab><enter>SEC/vault-policies<enter>", ..FIRST };
    in_browser_refused: Walk { keys: "<enter>olga<tab><tab><enter><enter>token<enter>", ..FIRST };
    sign_in_with_a_token: Walk { keys: "<enter><tab><tab><tab><enter>token", ..FIRST };
    projects: alice("");
    projects_filtered: alice("/pla");
    projects_that_are_not_ours: Walk { user: "bob", ..FIRST };
    repositories: alice("<enter>");
    repositories_with_a_problem: Walk { fault: Some(("/projects/PLAT/repos", 502)), ..alice("<enter>") };
    an_empty_project: alice("/sandbox<enter>");
    security: alice("<enter>j<enter>");
    tokens: alice("<enter>j<enter><enter>j");
    tokens_of_a_project: alice("s<enter>jj");
    tokens_of_the_account: alice("m");
    tokens_forbidden: Walk { user: "bob", keys: "/platform<enter>j<enter><enter>", ..FIRST };
    new_refused: Walk { user: "bob", keys: "/platform<enter>jn", ..FIRST };
    check_a_token: alice("c");
    which_kind: alice("w");
    which_kind_at_the_end: alice("<enter>jwj<enter><enter>j<enter>");
    which_kind_a_few: alice("wj<enter>j<enter>");
    which_kind_technical_user: alice("wj<enter>jjj<enter>");
    which_kind_refused: Walk { user: "bob", keys: "/platform<enter>jwj<enter><enter><enter>", ..FIRST };
    new_repository_token: alice("<enter>jn");
    new_repository_token_at_the_button: alice("<enter>jn<enter>");
    new_project_token: alice("n");
    new_personal_token: alice("mn");
    new_custom: alice("n<down><down><down><down><tab><right>");
    new_administration: alice("n<down><down><down>");
    new_without_expiry: alice("n<tab><tab><right><right>");
    new_with_a_problem: Walk {
        setup: |setup| setup.options.max_expiry_days = Some(60),
        ..alice("mn<enter><enter>")
    };
    ready_repository: alice("<enter>jn<enter><enter>");
    ready_personal: alice("mn<enter><enter>");
    ready_without_a_clipboard: Walk {
        setup: |setup| setup.clipboard = false,
        ..alice("mn<enter><enter>")
    };
    activity: alice("m<f12>");
    help: alice("?");
    help_of_the_form: alice("n?");
    question_revoke: alice("<enter>j<enter><enter>jx");
    question_leave: Walk {
        setup: |setup| setup.clipboard = false,
        ..alice("mn<enter><enter><enter>")
    };
    question_sign_out: alice("<esc>");
}
