//! A screen of cells as a picture that looks the same with any monospaced font.
//!
//! Every stretch of text has its own place and length, so nothing drifts apart; lines of boxes are
//! drawn as lines, so they meet.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

/// The size of a cell. Most monospaced fonts are 0.6 times as wide as high.
const CELL: (u16, u16) = (9, 20);
const FONT_SIZE: u16 = 15;
/// From the top of a cell to the line on which letters stand.
const BASELINE: u16 = 15;
/// Around the cells.
const MARGIN: u16 = 16;
/// The bar with the title.
const BAR: u16 = 38;

const GROUND: &str = "#14161b";
const INK: &str = "#d6dae3";

/// How a cell is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Paint {
    ink: &'static str,
    ground: &'static str,
    bold: bool,
    dim: bool,
    underlined: bool,
}

impl Paint {
    fn of(cell: &Cell) -> Self {
        let mut ink = colour(cell.fg).unwrap_or(INK);
        let mut ground = colour(cell.bg).unwrap_or(GROUND);
        if cell.modifier.contains(Modifier::REVERSED) {
            (ink, ground) = (ground, ink);
        }
        Self {
            ink,
            ground,
            bold: cell.modifier.contains(Modifier::BOLD),
            dim: cell.modifier.contains(Modifier::DIM),
            underlined: cell.modifier.contains(Modifier::UNDERLINED),
        }
    }

    /// The attributes of a text or a line in this paint, `fill` or `stroke`.
    fn attributes(self, what: &str) -> String {
        let mut text = String::new();
        if self.ink != INK || what == "stroke" {
            let _ = write!(text, " {what}=\"{}\"", self.ink);
        }
        if self.dim {
            let _ = write!(text, " {what}-opacity=\".55\"");
        }
        if self.bold && what == "fill" {
            text.push_str(" font-weight=\"bold\"");
        }
        text
    }
}

/// The terminal's sixteen colours in a calm scheme; `None` for the terminal's own.
fn colour(colour: Color) -> Option<&'static str> {
    Some(match colour {
        Color::Black => "#14161b",
        Color::Red | Color::LightRed => "#f47d77",
        Color::Green | Color::LightGreen => "#7dd68a",
        Color::Yellow | Color::LightYellow => "#e9c46a",
        Color::Blue | Color::LightBlue => "#6fb1ff",
        Color::Magenta | Color::LightMagenta => "#c79bf2",
        Color::Cyan | Color::LightCyan => "#6ed0d8",
        Color::Gray => "#aab0bd",
        Color::DarkGray => "#6d7483",
        Color::White => "#ffffff",
        _ => return None,
    })
}

/// The screen in a window with this title; `alt` says in words what can be seen.
pub(crate) fn window(buffer: &Buffer, title: &str, alt: &str) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let width = columns * CELL.0 + 2 * MARGIN;
    let height = BAR + rows * CELL.1 + MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>{}</title>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"10\" fill=\"{GROUND}\" stroke=\"#363c48\"/>\n\
         <path d=\"M.5 {BAR}V10.5a10 10 0 0 1 10-10H{}a10 10 0 0 1 10 10V{BAR}z\" fill=\"#20242c\" stroke=\"#363c48\"/>\n",
        escape(alt),
        width - 1,
        height - 1,
        f32::from(width) - 10.5,
    );
    for (index, colour) in ["#f47d77", "#e9c46a", "#7dd68a"].into_iter().enumerate() {
        let x = 20 + 18 * index;
        let y = BAR / 2;
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"5.5\" fill=\"{colour}\"/>"
        );
    }
    let _ = write!(
        svg,
        "<g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace\" font-size=\"{FONT_SIZE}\" fill=\"{INK}\">\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"13\" fill=\"#8a91a0\">{}</text>\n\
         <g transform=\"translate({MARGIN} {})\">\n",
        width / 2,
        BAR / 2 + 5,
        escape(title),
        BAR + MARGIN / 2,
    );
    let mut lines = BTreeMap::new();
    for y in 0..rows {
        row(buffer, y, &mut svg, &mut lines);
    }
    for (paint, path) in lines {
        let _ = writeln!(
            svg,
            "<path d=\"{path}\" fill=\"none\" stroke-width=\"1.2\"{}/>",
            paint.attributes("stroke")
        );
    }
    svg.push_str("</g>\n</g>\n</svg>\n");
    svg
}

/// What is drawn without a gap, as one piece.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Blank,
    /// Letters, digits and signs that every monospaced font has in its own width.
    Text,
    /// The same sign once or several times: many fonts borrow it from another.
    Sign(String),
    /// Letters of two columns.
    Wide,
    Line,
}

impl Piece {
    fn of(symbol: &str) -> Self {
        let first = symbol.chars().next().unwrap_or(' ');
        match first {
            ' ' => Self::Blank,
            _ if line(symbol, 0, 0).is_some() => Self::Line,
            _ if symbol.width() > 1 => Self::Wide,
            _ if first.is_ascii() || first.is_alphanumeric() => Self::Text,
            _ => Self::Sign(symbol.to_owned()),
        }
    }
}

/// Draws a row: grounds and texts at once, lines into `lines`, to be drawn together.
fn row(buffer: &Buffer, y: u16, svg: &mut String, lines: &mut BTreeMap<Paint, String>) {
    let cells = cells(buffer, y);
    let top = y * CELL.1;
    for stretch in cells.chunk_by(|a, b| a.paint.ground == b.paint.ground) {
        let ground = stretch[0].paint.ground;
        if ground != GROUND {
            let (x, width) = extent(stretch);
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{ground}\"/>",
                CELL.1
            );
        }
    }
    for stretch in cells.chunk_by(|a, b| a.paint == b.paint) {
        let paint = stretch[0].paint;
        if paint.underlined {
            let (x, width) = extent(stretch);
            let path = lines.entry(paint).or_default();
            let _ = write!(path, "M{x} {}h{width}", top + BASELINE + 3);
        }
        let mut rest = stretch;
        while let Some(first) = rest.first() {
            let length = piece_length(rest);
            let (piece, behind) = rest.split_at(length);
            rest = behind;
            match first.piece {
                Piece::Blank => {}
                Piece::Line => {
                    let path = lines.entry(paint).or_default();
                    for cell in piece {
                        path.push_str(&line(cell.symbol, cell.x * CELL.0, top).unwrap());
                    }
                }
                Piece::Text | Piece::Sign(_) | Piece::Wide => text(piece, top, svg),
            }
        }
    }
}

/// A cell with what it takes to draw it.
struct Drawn<'a> {
    x: u16,
    columns: u16,
    symbol: &'a str,
    piece: Piece,
    paint: Paint,
}

fn cells(buffer: &Buffer, y: u16) -> Vec<Drawn<'_>> {
    let mut cells = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        let symbol = cell.symbol();
        let columns = u16::try_from(symbol.width().max(1)).unwrap();
        cells.push(Drawn {
            x,
            columns,
            symbol,
            piece: Piece::of(symbol),
            paint: Paint::of(cell),
        });
        x += columns;
    }
    cells
}

/// How many cells belong together: of text also across single blanks.
fn piece_length(cells: &[Drawn<'_>]) -> usize {
    let first = &cells[0].piece;
    let alike = |cell: &Drawn<'_>| cell.piece == *first;
    let mut length = 1;
    while length < cells.len() {
        let goes_on = alike(&cells[length])
            || (*first == Piece::Text
                && cells[length].piece == Piece::Blank
                && cells.get(length + 1).is_some_and(alike));
        if !goes_on {
            break;
        }
        length += 1;
    }
    length
}

/// Where the cells begin and how wide they are, in the picture.
fn extent(cells: &[Drawn<'_>]) -> (u16, u16) {
    let columns: u16 = cells.iter().map(|cell| cell.columns).sum();
    (cells[0].x * CELL.0, columns * CELL.0)
}

fn text(cells: &[Drawn<'_>], top: u16, svg: &mut String) {
    let (x, width) = extent(cells);
    let text: String = cells.iter().map(|cell| cell.symbol).collect();
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\"{}>{}</text>",
        top + BASELINE,
        cells[0].paint.attributes("fill"),
        escape(&text)
    );
}

/// The path of a sign that draws lines, in the cell whose corner is at `x` and `y`; `None` for
/// every other sign.
fn line(symbol: &str, x: u16, y: u16) -> Option<String> {
    let (width, height) = CELL;
    let (middle, centre) = (f32::from(x) + f32::from(width) / 2.0, y + height / 2);
    let (right, bottom) = (x + width, y + height);
    /// How far from the middle the round corners begin.
    const ROUND: u16 = 4;
    let (above, below) = (centre - ROUND, centre + ROUND);
    Some(match symbol {
        "─" => format!("M{x} {centre}H{right}"),
        "│" => format!("M{middle} {y}V{bottom}"),
        "╭" => format!("M{middle} {bottom}V{below}Q{middle} {centre} {right} {centre}"),
        "╮" => format!("M{middle} {bottom}V{below}Q{middle} {centre} {x} {centre}"),
        "╰" => format!("M{middle} {y}V{above}Q{middle} {centre} {right} {centre}"),
        "╯" => format!("M{middle} {y}V{above}Q{middle} {centre} {x} {centre}"),
        "┌" => format!("M{middle} {bottom}V{centre}H{right}"),
        "┐" => format!("M{middle} {bottom}V{centre}H{x}"),
        "└" => format!("M{middle} {y}V{centre}H{right}"),
        "┘" => format!("M{middle} {y}V{centre}H{x}"),
        "├" => format!("M{middle} {y}V{bottom}M{middle} {centre}H{right}"),
        "┤" => format!("M{middle} {y}V{bottom}M{middle} {centre}H{x}"),
        "┬" => format!("M{x} {centre}H{right}M{middle} {centre}V{bottom}"),
        "┴" => format!("M{x} {centre}H{right}M{middle} {centre}V{y}"),
        "┼" => format!("M{x} {centre}H{right}M{middle} {y}V{bottom}"),
        _ => return None,
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
