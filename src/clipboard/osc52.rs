//! OSC 52: the terminal is asked to put a text on its clipboard, also through SSH. Nothing
//! acknowledges that, and nothing tells what it holds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

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
    fn it_is_one_whole_request_that_never_grew() {
        assert_eq!(*request("hello"), "\x1b]52;c;aGVsbG8=\x1b\\");
        for length in 0..9 {
            let request = request(&"x".repeat(length));
            assert_eq!(request.len(), request.capacity());
        }
    }
}
