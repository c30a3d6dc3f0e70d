//! A question with its answers, or what they lead to and why.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::WhichKind;
use super::answer::{Advice, Ask};
use crate::permission::ScopeKind;
use crate::preset;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::place::Place;
use crate::ui::wish::{Wish, Work};
use crate::widget::form::Form;

const FOR_EACH: &str = "A repository token for each";
/// From this height on there is room for every ending.
const ROOMY: u16 = 19;

impl WhichKind {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        Form::show(frame, area, view.theme, |form| {
            self.draw_form(form, area.height < ROOMY, view);
        });
    }

    fn draw_form(&self, form: &mut Form<'_, '_>, is_low: bool, view: View<'_>) {
        match Ask::after(&self.answers) {
            Some(ask) => {
                for answer in Ask::given(&self.answers) {
                    form.sign("✓", view.theme.dim, answer);
                }
                if !self.answers.is_empty() {
                    form.gap();
                }
                form.heading(ask.question);
                self.draw_answers(form, ask);
            }
            None => {
                let ending = self.ending(view.session);
                draw_ending(form, &ending, is_low, view);
            }
        }
    }

    fn draw_answers(&self, form: &mut Form<'_, '_>, ask: &Ask) {
        for (index, (answer, _)) in ask.options.iter().enumerate() {
            form.row(answer, index == self.cursor);
        }
        form.gap();
        let about = ask.options.get(self.cursor).map_or("", |option| option.1);
        form.note(about);
    }
}

/// The reasons, then what to do and the button. In a low window the button comes first and the reasons
/// last, as far as there is room.
fn draw_ending(form: &mut Form<'_, '_>, ending: &Advice, is_low: bool, view: View<'_>) {
    let Words {
        heading,
        mut paragraphs,
        button,
        hint,
    } = Words::of(ending, view);
    form.heading(&heading);
    if is_low {
        form.button(button, &hint, true);
        form.gap();
        paragraphs.reverse();
    }
    for paragraph in &paragraphs {
        match paragraph.strip_prefix("! ") {
            Some(warning) => {
                form.sign("!", view.theme.warning, warning);
                form.gap();
            }
            None => form.text(paragraph),
        }
    }
    if !is_low {
        form.button(button, &hint, true);
    }
}

/// What an ending says.
struct Words {
    heading: String,
    /// The reason comes first. One that begins with `!` warns.
    paragraphs: Vec<String>,
    button: &'static str,
    hint: String,
}

impl Words {
    fn of(ending: &Advice, view: View<'_>) -> Self {
        let enter = keymap::key(Mode::WhichKind, Action::Accept);
        let new = keymap::key(Mode::Browse, Action::New);
        let press = format!("press {enter}");
        let filled_in = format!("press {enter}: it is filled in");
        let back = ("Back to the list", press.clone());
        let (heading, paragraphs, (button, hint)) = match ending {
            Advice::Form { place, wish } if wish.for_each => (
                FOR_EACH.to_owned(),
                vec![
                    reach(wish.kind).to_owned(),
                    format!(
                        "The first one is for {}. Then choose the next repository in the list and press {new}: the form is filled in the same way each time.",
                        place.name()
                    ),
                    preset_words(wish.work, view),
                ],
                ("Open the form", filled_in),
            ),
            Advice::Form { place, wish } => (
                kind_of(place),
                vec![why(place).to_owned(), preset_words(wish.work, view)],
                ("Open the form", filled_in),
            ),
            Advice::MayNot { right, .. } => (
                kind_of(right),
                vec![
                    why(right).to_owned(),
                    format!("! But Bitbucket lets only {}.", right.who_may()),
                    "You can ask one of them. The request is written for you.".to_owned(),
                ],
                ("What you can do", press),
            ),
            Advice::Choose { wish, preset } => {
                let (heading, paragraphs) = to_choose(*wish, preset, &new);
                (heading, paragraphs, ("Choose it in the list", press))
            }
            Advice::TechnicalUser { in_one_project } => (
                "A technical user".to_owned(),
                technical_user(*in_one_project, view),
                back,
            ),
        };
        Self {
            heading,
            paragraphs,
            button,
            hint,
        }
    }
}

/// What an ending says where the place is still to be chosen, where this key opens the form: its heading and
/// paragraphs.
fn to_choose(wish: Wish, preset: &str, new: &str) -> (String, Vec<String>) {
    let (heading, what) = match wish.kind {
        ScopeKind::Repository if wish.for_each => (FOR_EACH, "the first repository"),
        ScopeKind::Repository => ("A repository token", "the repository"),
        _ => ("A project token", "the project"),
    };
    let how = format!(
        "Choose {what} in the list and press {new}: the form opens with the preset \"{preset}\" chosen."
    );
    let more = "Then do the same for the next one.";
    let how = if wish.for_each {
        format!("{how} {more}")
    } else {
        how
    };
    (heading.to_owned(), vec![reach(wish.kind).to_owned(), how])
}

fn technical_user(in_one_project: bool, view: View<'_>) -> Vec<String> {
    let why = if in_one_project {
        "No token reaches some repositories of a project and not the others, and a tool should not use \
         your own account. So the tool needs an account of its own, a technical user with rights on \
         exactly these repositories."
    } else {
        "No project token reaches a second project, and a tool should not use your own account. So the \
         tool needs an account of its own, a technical user with rights on exactly these projects."
    };
    let without = if in_one_project {
        "Or, without a licence: a repository token for each, if the tool can hold several."
    } else {
        "Or, without a licence: a project token for each project, if the tool can hold several."
    };
    let mut paragraphs = vec![
        format!(
            "{why} Only administrators of this Bitbucket can create one, and it uses a licence, as a \
             person does."
        ),
        format!(
            "Ask your administrators for it. Then sign in here as that user and create a personal token. {without}"
        ),
    ];
    paragraphs.extend(view.session.config.help_line());
    paragraphs
}

/// "A repository token for billing-api".
fn kind_of(place: &Place) -> String {
    match place {
        Place::Account(_) => "A personal token".to_owned(),
        Place::Project(_) => format!("A project token for {}", place.name()),
        Place::Repository(_) => format!("A repository token for {}", place.name()),
    }
}

fn why(place: &Place) -> &'static str {
    match place {
        Place::Account(_) => {
            "It acts as you and reaches what you reach, which is what your own git needs on your own \
             computers. Nobody has to approve it. Do not give it to anybody else or to a tool: it would \
             reach too much there, and it stops working when your account is closed."
        }
        Place::Project(_) => reach(ScopeKind::Project),
        Place::Repository(_) => reach(ScopeKind::Repository),
    }
}

fn reach(kind: ScopeKind) -> &'static str {
    if kind == ScopeKind::Repository {
        "It reaches this one repository and nothing else, so anyone who gets it can do no harm elsewhere. \
         It belongs to the repository and not to a person: it keeps working when people leave. No other \
         kind has fewer rights."
    } else {
        "It reaches every repository of the project, also those that come later, and nothing outside. It \
         belongs to the project and not to a person: it keeps working when people leave. If the tool needs \
         one repository only, a repository token is better."
    }
}

/// Which preset the form will have chosen, and its own reason or warning.
fn preset_words(work: Work, view: View<'_>) -> String {
    let presets = &view.session.presets;
    let fitting = preset::fitting(presets, work.level, work.pull_requests);
    match fitting.and_then(|index| presets.get(index)) {
        Some(preset) => {
            let about = preset.warning.as_ref().unwrap_or(&preset.why);
            format!("Its preset is \"{}\". {about}", preset.name)
        }
        None => format!(
            "No preset fits, so the form has custom chosen, with Repository {}.",
            work.level.word()
        ),
    }
}
