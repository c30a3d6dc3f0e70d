//! Codes of an authenticator: TOTP (RFC 6238) with SHA-1, six digits, thirty seconds, which is what
//! every authenticator does.

use jiff::Timestamp;
use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};

/// How long a code is shown.
const STEP: i64 = 30;

/// The alphabet of base32, in which authenticators take a secret.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The code that an authenticator with this secret (base32) shows at this moment.
pub(in crate::simulator) fn code(secret: &str, at: Timestamp) -> String {
    code_of(&from_base32(secret), at.as_second().div_euclid(STEP))
}

/// Whether this is the code of now, of the step before or of the one after: telephones' clocks differ.
pub(super) fn is_code(code: &str, secret: &str, now: Timestamp) -> bool {
    let secret = from_base32(secret);
    let step = now.as_second().div_euclid(STEP);
    (step - 1..=step + 1).any(|step| code_of(&secret, step) == code)
}

/// HOTP (RFC 4226) of the number of the step.
fn code_of(secret: &[u8], step: i64) -> String {
    let key = Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag[tag.len() - 1] & 0xf);
    let number = tag[offset..offset + 4]
        .iter()
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

/// Without regard to case, blanks and padding, as people type it.
fn from_base32(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes() {
        let letter = letter.to_ascii_uppercase();
        let Some(value) = (0_u32..32).find(|value| ALPHABET[*value as usize] == letter) else {
            continue;
        };
        bits = (bits << 5) | value;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(((bits >> count) & 0xff) as u8);
        }
        bits &= (1 << count) - 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, of whose eight digits these are the last six.
    #[test]
    fn the_codes_are_those_of_the_standard() {
        // "12345678901234567890"
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let at = Timestamp::from_second(second).expect("a moment");
            assert_eq!(code(secret, at), expected);
            assert_eq!(code("gezd gnbv GY3TQOJQGEZDGNBVGY3TQOJQ==", at), expected);
        }
    }

    #[test]
    fn a_code_counts_for_a_step_before_and_after() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let at = |second| Timestamp::from_second(second).expect("a moment");
        let shown = code(secret, at(300));
        for (second, counts) in [
            (269, false),
            (270, true),
            (300, true),
            (359, true),
            (360, false),
        ] {
            assert_eq!(is_code(&shown, secret, at(second)), counts, "{second}");
        }
    }
}
