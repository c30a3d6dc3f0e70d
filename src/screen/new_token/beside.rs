//! What the token can and cannot do, in plain words, beside the form or below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::NewToken;
use crate::permission::{Ability, ScopeKind, abilities};
use crate::preset;
use crate::ui::layer::View;
use crate::ui::place::Place;
use crate::widget::lines;

/// What somebody should know who gives a tool a personal token.
const PERSONAL_FOR_TOOL: &str = "A personal token acts as you: the tool reaches whatever you can, and \
                                 stops working when your account is closed.";

/// Bitbucket allows it, and nobody tells the two apart afterwards.
const SAME_NAME: &str = "A token of this name is here already. Choose another name, or you cannot tell them apart in the list.";
/// What stands for the rest where there is no room for all of it.
const REST: &str = "do what no token can";
/// So many abilities are those that no token has.
const NO_TOKEN_CAN: usize = 3;

impl NewToken {
    fn abilities(&self) -> (Vec<Ability>, Vec<Ability>) {
        let kind = self.place.kind();
        let list = abilities(kind, &self.permissions(), &self.place.name());
        list.into_iter().partition(|ability| ability.can)
    }

    /// The same in fewer words: the project by its key, and what no token can in one line.
    fn abilities_in_short(&self) -> (Vec<Ability>, Vec<Ability>) {
        let kind = self.place.kind();
        let name = self.place.token_suffix().map(str::to_owned);
        let name = name.unwrap_or_else(|| self.place.name());
        let mut list = abilities(kind, &self.permissions(), &name);
        list.truncate(list.len().saturating_sub(NO_TOKEN_CAN));
        list.push(Ability {
            can: false,
            what: REST.to_owned(),
        });
        list.into_iter().partition(|ability| ability.can)
    }

    /// What to think of before this token is made, where there is anything.
    fn warning(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let preset = self.preset().and_then(|preset| preset.warning.clone());
        let is_new = self.replaces.is_none();
        let is_personal = is_new && self.user.is_tool && self.place.kind() == ScopeKind::Personal;
        let personal = is_personal.then(|| PERSONAL_FOR_TOOL.to_owned());
        let style = view.theme.warning;
        let no_http = match (&self.place, &view.session.no_http) {
            (Place::Account(_) | Place::Project(_), Some(repository)) => Some(format!(
                "Bitbucket gives no http address to clone {repository} from. Perhaps that is switched off for every repository: then git cannot use this token."
            )),
            _ => None,
        };
        let name = self.name.value().trim();
        let is_taken = self.taken.iter().any(|taken| taken == name);
        let same = is_taken.then(|| SAME_NAME.to_owned());
        let warnings = [no_http, self.place.in_the_way(), same, personal, preset]
            .into_iter()
            .flatten()
            .flat_map(|text| lines::signed(("!", style), &text, style, width));
        let replaces = self.replaces.as_ref();
        let replaces =
            replaces.map(|it| it.lines(&self.permissions(), &self.lifetime, width, view));
        replaces.into_iter().flatten().chain(warnings).collect()
    }

    /// A warning first, since it must not be cut off; a list; and why this preset.
    pub(super) fn draw_abilities(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = usize::from(area.width);
        let group = |list: Vec<Ability>, sign, style| {
            let lines = list.into_iter().flat_map(move |ability| {
                lines::signed((sign, style), &ability.what, theme.text, width)
            });
            lines.collect::<Vec<_>>()
        };
        let rows = |(can, cannot): (Vec<Ability>, Vec<Ability>)| {
            let can = group(can, "✓", theme.good);
            (can, group(cannot, "–", theme.dim))
        };
        let mut all = self.warning(width, view);
        let (mut can, mut cannot) = rows(self.abilities());
        if all.len() + can.len() + cannot.len() + 2 > usize::from(area.height) {
            (can, cannot) = rows(self.abilities_in_short());
        }
        let heading = |text| Line::styled(text, theme.strong);
        let preset = self.preset().filter(|preset| preset.warning.is_none());
        let same = preset::same_rights(&self.presets, self.chosen, self.place.kind());
        let why = preset.map(|preset| match same {
            Some(same) => format!(
                "It has the same rights as \"{}\". {}",
                same.name, preset.why
            ),
            None => preset.why.clone(),
        });
        let why = why.map(|why| lines::wrapped(&why, theme.dim, width));
        let first = all.len();
        all.push(heading("This token can"));
        all.extend(can);
        let second = all.len();
        all.push(heading("It cannot"));
        all.extend(cannot);
        // Half a sentence helps nobody: what has no room is left out.
        let why: Vec<_> = why.into_iter().flatten().collect();
        if !why.is_empty() && all.len() + 1 + why.len() <= usize::from(area.height) {
            all.push(Line::default());
            all.extend(why);
        }
        if all.len() < usize::from(area.height) {
            all.insert(second, Line::default());
        }
        if first > 0 && all.len() < usize::from(area.height) {
            all.insert(first, Line::default());
        }
        lines::draw(frame, area, all);
    }

    /// The same in as few lines as possible.
    pub(super) fn draw_summary(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let (can, cannot) = self.abilities();
        let words = |list: &[Ability]| {
            let words: Vec<_> = list.iter().map(|ability| ability.what.as_str()).collect();
            words.join("; ")
        };
        let dim = view.theme.dim;
        let width = usize::from(area.width);
        let can = lines::signed(("✓", dim), &format!("can {}", words(&can)), dim, width);
        let cannot = format!("cannot {}", words(&cannot));
        let cannot = lines::signed(("–", dim), &cannot, dim, width);
        let warning = self.warning(width, view).into_iter();
        lines::draw(frame, area, warning.chain(can).chain(cannot));
    }
}
