//! What leaving would lose, as a question.

use super::question::{Question, Subject};
use crate::operation::custody::{Custody, Key, Loss, NewToken};

/// The question before a token or the program is left, if that would lose anything.
pub(crate) fn question(custody: &Custody, subject: Subject) -> Option<Question> {
    let mut losses = custody.losses();
    if let Subject::LeaveToken(key) = subject {
        losses.retain(|(known, _)| *known == key);
    }
    let token = |key: &Key| custody.get(*key);
    let can_be_revoked = losses
        .iter()
        .any(|(key, _)| token(key).is_some_and(|token| token.id.is_some()));
    if losses.is_empty() {
        return None;
    }
    if let [(key, loss)] = losses.as_slice() {
        let was_shown = token(key).is_some_and(NewToken::was_shown);
        return Some(Question {
            subject,
            title: "Do you have the token?",
            text: vec![words(*loss, was_shown)],
            yes: match loss {
                Loss::Nobody | Loss::NoSecret => "leave it behind",
                _ => "yes, I have it",
            },
            revoke: can_be_revoked.then_some("revoke it and leave"),
            no: match loss {
                Loss::NoSecret => "stay here",
                _ => "stay here, to copy or save it",
            },
        });
    }
    let mut text = vec![format!(
        "{} tokens were created, and bbtoken does not know whether you have them:",
        losses.len()
    )];
    text.extend(
        losses.iter().filter_map(|(key, loss)| {
            Some(format!("\"{}\": {}", token(key)?.name, in_short(*loss)))
        }),
    );
    Some(Question {
        subject,
        title: "Do you have the tokens?",
        text,
        yes: "leave them as they are",
        revoke: can_be_revoked.then_some("revoke them and leave"),
        no: "stay",
    })
}

fn words(loss: Loss, was_shown: bool) -> String {
    let words = match loss {
        Loss::Shown => {
            "It was shown here, and never copied by bbtoken. Bitbucket never shows it again."
        }
        Loss::Clipboard => {
            "It is on your clipboard and nowhere else, and bbtoken soon clears it. Bitbucket never shows \
             it again."
        }
        Loss::ClipboardOfProgram => {
            "It is on your clipboard and nowhere else, and on many desktops it disappears when bbtoken \
             ends. Bitbucket never shows it again."
        }
        Loss::Nobody => {
            "It was neither copied nor shown, and Bitbucket never shows it again. If you leave now it stays on the server, and nobody can use it."
        }
        Loss::NoSecret => {
            "Its secret never arrived, and Bitbucket never shows it again. If you leave now it stays on \
             the server, and nobody can use it."
        }
        Loss::OnPage => {
            "It is not on the clipboard here. The page where you created it shows it only while it stays \
             open."
        }
        Loss::Replaced => {
            "Something else has taken its place on the clipboard. Bitbucket never shows the token again."
        }
        Loss::TakenOff => {
            "It was on your clipboard, and has been cleared. Bitbucket never shows the token again."
        }
        Loss::CopyFailed => {
            "The last attempt to copy it failed, and it is not known whether an earlier one arrived. Bitbucket never shows it again."
        }
        Loss::Sent => {
            "It was sent to your terminal's clipboard, but nothing confirms that it arrived. Bitbucket never shows it again."
        }
    };
    if was_shown && loss != Loss::Shown {
        format!("It was shown here, which keeps no copy. {words}")
    } else {
        words.to_owned()
    }
}

fn in_short(loss: Loss) -> &'static str {
    match loss {
        Loss::Nobody => "neither copied nor shown",
        Loss::Shown => "shown here, never copied",
        Loss::NoSecret => "its secret never arrived",
        Loss::Clipboard | Loss::ClipboardOfProgram => "on your clipboard and nowhere else",
        Loss::Sent => "sent to your terminal's clipboard",
        Loss::TakenOff => "no longer on your clipboard",
        Loss::Replaced => "replaced on your clipboard",
        Loss::CopyFailed => "the last copy failed",
        Loss::OnPage => "on the page where you created it",
    }
}
