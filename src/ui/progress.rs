//! How far the user has come on the way from an address to a token that is in use.
//!
//! Sentences name a step by its number on the whole way: "Step 5 of 6: …". Many ways skip some of the steps:
//! a known server, a place that was named at the start, the browser. So each step is said with the number that
//! it has for this user: the one after the step before, of as many as remain.

/// The address, the sign-in, the place, its tokens, the form, and what becomes of the token.
const WHOLE: usize = 6;

/// The steps that the user has passed, as numbers on the whole way.
#[derive(Debug, Default)]
pub struct Progress {
    passed: Vec<usize>,
}

impl Progress {
    /// The user does something where this is said.
    pub fn pass(&mut self, sentence: &str) {
        if let Some((step, _)) = numbered(sentence) {
            self.passed.retain(|passed| *passed < step);
            self.passed.push(step);
        }
    }

    /// The sentence with the number that its step has here.
    #[must_use]
    pub fn tell(&self, sentence: String) -> String {
        let Some((step, what)) = numbered(&sentence) else {
            return sentence;
        };
        let before = self.passed.iter().filter(|passed| **passed < step);
        let number = before.count() + 1;
        let all = number + WHOLE.saturating_sub(step);
        format!("Step {number} of {all}: {what}")
    }
}

/// The sentence alone, for somebody who cannot create tokens; what becomes of one that is there is a step.
#[must_use]
pub fn without_number(sentence: &str) -> Option<String> {
    let (_, what) = numbered(sentence).filter(|(step, _)| *step < WHOLE)?;
    let mut letters = what.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    Some(first.chain(letters).collect())
}

fn numbered(sentence: &str) -> Option<(usize, &str)> {
    let (number, what) = sentence.strip_prefix("Step ")?.split_once(": ")?;
    let (step, _) = number.split_once(" of ")?;
    Some((step.parse().ok()?, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(passed: &[usize], step: usize) -> String {
        let mut progress = Progress::default();
        for step in passed {
            progress.pass(&format!("Step {step} of 6: go on."));
        }
        progress.tell(format!("Step {step} of 6: stay."))
    }

    #[test]
    fn numbers_follow_each_other_where_steps_are_skipped() {
        assert_eq!(told(&[1, 2, 3, 4, 5], 6), "Step 6 of 6: stay.");
        assert_eq!(told(&[], 2), "Step 1 of 5: stay.");
        assert_eq!(told(&[2], 4), "Step 2 of 4: stay.");
        assert_eq!(told(&[2, 4, 5], 6), "Step 4 of 4: stay.");
        assert_eq!(told(&[1, 2, 3, 5], 3), "Step 3 of 6: stay.");
        assert_eq!(told(&[1, 2, 5, 2], 5), "Step 3 of 4: stay.");
    }

    #[test]
    fn a_sentence_without_a_number_begins_with_a_capital() {
        let told = without_number("Step 3 of 6: choose.");
        assert_eq!(told.as_deref(), Some("Choose."));
        assert_eq!(without_number("Step 6 of 6: paste."), None);
        assert_eq!(without_number("Wait."), None);
    }
}
