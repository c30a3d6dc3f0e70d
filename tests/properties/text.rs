//! Cleaning of what a server wrote.

use bbtoken::text::{LONGEST, clean};
use proptest::prelude::*;
use unicode_width::UnicodeWidthChar as _;

use crate::{any_text, cases};

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn what_is_cleaned_is_one_line_that_no_terminal_obeys(text in any_text()) {
        let cleaned = clean(&text);
        prop_assert!(!cleaned.contains(char::is_control));
        prop_assert!(cleaned.chars().all(|c| c == ' ' || !c.is_whitespace()));
        prop_assert_eq!(cleaned.trim(), &cleaned);
        prop_assert!(!cleaned.contains("  "));
        prop_assert!(cleaned.chars().count() <= LONGEST);
        prop_assert_eq!(clean(&cleaned), cleaned);
    }

    #[test]
    fn nothing_is_drawn_on_what_stands_to_the_left(text in any_text()) {
        let first = clean(&text).chars().next();
        prop_assert!(first.is_none_or(|c| c.width() != Some(0)));
    }

    #[test]
    fn plain_words_stay_as_they_are(words in prop::collection::vec("[!-~]{1,8}", 0..20)) {
        let text = words.join(" ");
        prop_assert_eq!(clean(&text), text);
    }

    #[test]
    fn what_is_too_long_keeps_its_beginning(text in "[a-z ]{0,2000}") {
        let cleaned = clean(&text);
        let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match cleaned.strip_suffix('…') {
            Some(beginning) => prop_assert!(whole.len() > LONGEST && whole.starts_with(beginning)),
            None => prop_assert_eq!(cleaned, whole),
        }
    }
}
