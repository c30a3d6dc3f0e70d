//! What a request carries.

use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

/// What a request carries.
#[derive(Clone, Copy)]
pub(super) enum Body<'a> {
    None,
    Json(&'a Value),
    /// Name and value pairs, percent-encoded.
    Form(&'a Zeroizing<String>),
    SecretJson(&'a SecretJson),
}

/// JSON with a secret in it.
pub(super) struct SecretJson {
    pub(super) text: Zeroizing<Vec<u8>>,
    /// The same with `…` for each text, for [`super::activity`].
    pub(super) form: &'static str,
}

impl SecretJson {
    /// `form` is how it looks without the secret.
    pub(super) fn new(value: &impl Serialize, form: &'static str) -> Self {
        // Room for everything: what grows leaves copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(16 * 1024));
        // Texts and booleans can always be written.
        let _ = serde_json::to_writer(&mut *text, value);
        Self { text, form }
    }
}
