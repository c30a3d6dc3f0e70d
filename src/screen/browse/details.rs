//! What is known of the row under the cursor, and what can be done with it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Target;
use crate::app::place::{Place, project_name};
use crate::screen::View;
use crate::widget::fit;

impl Target {
    /// Draws it from top to bottom, as far as there is room.
    pub(super) fn draw_details(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        for (line, row) in self
            .lines(usize::from(area.width), view)
            .into_iter()
            .zip(area.rows())
        {
            frame.render_widget(line, row);
        }
    }

    fn lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut lines = Vec::new();
        let mut paragraph = |text: &str, style| {
            let wrapped = fit::wrap(text, width).into_iter();
            lines.extend(wrapped.map(|line| Line::styled(line, style)));
        };
        let keys: &[(&str, &str)] = match &self.place {
            Place::Account(user) => {
                paragraph(&user.display_name, theme.strong);
                paragraph("", theme.text);
                paragraph(
                    "Personal tokens: they act as you and reach every repository that you reach. The right kind for your own work with git.",
                    theme.text,
                );
                &[("enter", "your tokens"), ("n", "new token")]
            }
            Place::Project(project) => {
                paragraph(&project_name(project), theme.strong);
                if let Some(description) = &project.description {
                    paragraph(description, theme.text);
                }
                if project.public {
                    paragraph("public: everybody can see it", theme.dim);
                }
                paragraph("", theme.text);
                match self.administered {
                    Some(true) => paragraph(
                        "✓ You administer it, so you may create tokens here.",
                        theme.text,
                    ),
                    Some(false) => paragraph(
                        "– You do not administer it: only its administrators create project tokens.",
                        theme.text,
                    ),
                    None => {}
                }
                &[
                    ("enter", "repositories"),
                    ("s", "project security"),
                    ("n", "new project token"),
                ]
            }
            Place::Repository(repository) => {
                paragraph(&repository.name, theme.strong);
                if let Some(description) = &repository.description {
                    paragraph(description, theme.text);
                }
                if repository.archived {
                    paragraph("! archived: nobody can push to it", theme.warning);
                }
                if repository.public {
                    paragraph("public: everybody can see it", theme.dim);
                }
                paragraph("", theme.text);
                match self.administered {
                    Some(true) => paragraph(
                        "✓ You administer it, so you may create tokens here.",
                        theme.text,
                    ),
                    Some(false) => paragraph(
                        "– You do not administer it: only its administrators create tokens here. Press m for a personal token.",
                        theme.text,
                    ),
                    None => {}
                }
                &[("enter", "security"), ("n", "new token")]
            }
        };
        lines.push(Line::default());
        for (key, what) in keys {
            if *key == "n" && self.administered == Some(false) {
                continue;
            }
            lines.push(Line::from(vec![
                Span::styled(fit::column(key, 7), theme.key),
                Span::styled((*what).to_owned(), theme.dim),
            ]));
        }
        lines
    }
}
