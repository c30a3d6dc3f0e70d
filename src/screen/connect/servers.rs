//! The servers that are offered where no address was given: the arrows fill theirs in.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::bitbucket::BaseUrl;
use crate::config::Server;
use crate::theme::Theme;
use crate::widget::{fit, lines};

/// The address above or below the one that is filled in; from anything else the first or the last.
pub(super) fn neighbour(servers: &[Server], address: &str, down: bool) -> Option<BaseUrl> {
    let here = servers.iter().position(|server| is_at(server, address));
    let last = servers.len().checked_sub(1)?;
    let there = match (here, down) {
        (Some(here), true) => (here + 1).min(last),
        (Some(here), false) => here.saturating_sub(1),
        (None, true) => 0,
        (None, false) => last,
    };
    Some(servers[there].address.clone())
}

fn is_at(server: &Server, address: &str) -> bool {
    server.address.to_string() == address.trim()
}

/// Draws as many as fit, the one that is filled in among them, and answers with the room that is left.
pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    servers: &[Server],
    address: &str,
    theme: &Theme,
) -> Rect {
    let mut rows = vec![Line::from(vec![
        Span::styled("↑↓", theme.key),
        Span::styled(" a server that is known already", theme.dim),
    ])];
    let here = servers.iter().position(|server| is_at(server, address));
    let room = usize::from(area.height).saturating_sub(rows.len());
    let first = here.unwrap_or(0).saturating_sub(room.saturating_sub(1));
    let name = |server: &Server| server.name.clone().unwrap_or_default();
    let widest = servers.iter().map(|server| fit::width(&name(server))).max();
    let names = widest
        .filter(|widest| *widest > 0)
        .map_or(0, |widest| widest + 2);
    for (index, server) in servers.iter().enumerate().skip(first) {
        let (mark, style) = if here == Some(index) {
            ("› ", theme.chosen)
        } else {
            ("  ", theme.text)
        };
        let width = usize::from(area.width).saturating_sub(2);
        let text = format!("{}{}", fit::column(&name(server), names), server.address);
        rows.push(Line::styled(
            format!("{mark}{}", fit::end(&text, width)),
            style,
        ));
    }
    lines::draw(frame, area, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitbucket::BaseUrl;

    #[test]
    fn the_arrows_go_through_the_servers_and_stop_at_the_ends() {
        let at = |host| BaseUrl::parse(host).ok().map(Server::at);
        let servers: Vec<_> = ["a.example.com", "b.example.com"]
            .into_iter()
            .filter_map(at)
            .collect();
        let from = |address: &str, down| {
            neighbour(&servers, address, down).map(|address| address.to_string())
        };
        let (a, b) = ("https://a.example.com", "https://b.example.com");
        assert_eq!(from(a, true).as_deref(), Some(b));
        assert_eq!(from(b, true).as_deref(), Some(b));
        assert_eq!(from(b, false).as_deref(), Some(a));
        assert_eq!(from(a, false).as_deref(), Some(a));
        assert_eq!(from("else", true).as_deref(), Some(a));
        assert_eq!(from("else", false).as_deref(), Some(b));
        assert_eq!(neighbour(&[], a, true), None);
    }
}
