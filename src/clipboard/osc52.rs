//! OSC 52: the terminal is asked to put a text on its clipboard, also through SSH. Nothing
//! acknowledges that, and nothing tells what it holds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// GNU screen passes on what is packed for it, in pieces that it has room for. A tmux takes the first of
/// them for a request of its own: base64 never ends where this cuts it, so tmux drops it.
const PIECE: usize = 44;
const PACKED: &str = "\x1bP";
const UNPACKED: &str = "\x1b\\";

/// What is between this program and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Nothing that has to be told.
    Nothing,
    /// GNU screen.
    Screen,
    /// GNU screen, or a tmux at the other end of the line that calls itself that.
    PerhapsScreen,
}

impl Between {
    /// What the environment says.
    pub(super) fn look() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_named_so = std::env::var("TERM").is_ok_and(|term| term.starts_with("screen"));
        match (set("TMUX"), set("STY"), is_named_so) {
            (false, true, _) => Self::Screen,
            (false, false, true) => Self::PerhapsScreen,
            _ => Self::Nothing,
        }
    }
}

/// The request, packed for what is between.
pub(super) fn through(between: Between, text: &str) -> Zeroizing<String> {
    let plain = request(text);
    if between == Between::Nothing {
        return plain;
    }
    let pieces = plain.len().div_ceil(PIECE);
    let room = 2 * plain.len() + pieces * (PACKED.len() + UNPACKED.len());
    let mut packed = Zeroizing::new(String::with_capacity(room));
    // Its own end would be the end of the piece: BEL ends it too.
    let inside = plain.strip_suffix(UNPACKED).unwrap_or(&plain);
    let mut rest = inside;
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.len().min(PIECE));
        packed.push_str(PACKED);
        packed.push_str(piece);
        if behind.is_empty() {
            packed.push('\x07');
        }
        packed.push_str(UNPACKED);
        rest = behind;
    }
    if between == Between::PerhapsScreen {
        // Last, so that it is what stays where both are understood.
        packed.push_str(&plain);
    }
    packed
}

/// The request itself. Made here rather than by crossterm, which would leave the encoded text in
/// freed memory.
pub(super) fn request(text: &str) -> Zeroizing<String> {
    const START: &str = "\x1b]52;c;";
    const END: &str = "\x1b\\";
    // Room for everything, so that nothing is moved and left behind.
    let encoded = text.len().div_ceil(3) * 4;
    let mut request = Zeroizing::new(String::with_capacity(START.len() + encoded + END.len()));
    request.push_str(START);
    STANDARD.encode_string(text, &mut request);
    request.push_str(END);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screen_gets_it_in_pieces_that_it_passes_on() {
        let text = "x".repeat(200);
        let packed = through(Between::Screen, &text);
        let pieces: Vec<_> = packed.split_terminator(UNPACKED).collect();
        let inside: String = pieces
            .iter()
            .map(|piece| piece.strip_prefix(PACKED).unwrap_or("?"))
            .collect();
        assert!(pieces.len() > 3 && pieces.iter().all(|piece| piece.len() < 100));
        let plain = request(&text);
        assert_eq!(
            Some(inside.trim_end_matches('\x07')),
            plain.strip_suffix(UNPACKED)
        );
        let both = through(Between::PerhapsScreen, &text);
        assert_eq!(*both, format!("{}{}", *packed, *plain));
        // What a tmux reads of the first piece is no base64.
        assert_ne!((PIECE - "\x1b]52;c;".len()) % 4, 0);
    }

    #[test]
    fn it_is_one_whole_request_that_never_grew() {
        assert_eq!(*request("hello"), "\x1b]52;c;aGVsbG8=\x1b\\");
        for length in 0..9 {
            let request = request(&"x".repeat(length));
            assert_eq!(request.len(), request.capacity());
        }
    }
}
