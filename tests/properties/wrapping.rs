//! Text that is made to fit.

use bbtoken::text::clean;
use bbtoken::widget::{fit, lines};
use proptest::prelude::*;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{any_text, cases};

/// What is drawn was cleaned before.
fn drawn() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| clean(&text))
}

fn letters(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn what_is_cut_fits(text in drawn(), columns in 0_usize..30) {
        for cut in [fit::end(&text, columns), fit::middle(&text, columns)] {
            prop_assert!(fit::width(&cut) <= columns, "{cut:?}");
            let fits = fit::width(&text) <= columns;
            prop_assert_eq!(cut == text, fits || cut == text);
        }
        prop_assert_eq!(fit::width(&fit::column(&text, columns)), columns);
        prop_assert_eq!(fit::width(&fit::column_right(&text, columns)), columns);
    }

    #[test]
    fn wrapped_lines_lose_nothing_and_fit(text in drawn(), columns in 0_usize..30) {
        let wrapped = fit::wrap(&text, columns);
        prop_assert_eq!(letters(&wrapped.concat()), letters(&text));
        for line in &wrapped {
            // What is wider than a whole line alone cannot be broken.
            let is_one = line.graphemes(true).count() == 1;
            prop_assert!(fit::width(line) <= columns.max(1) || is_one, "{line:?}");
        }
        prop_assert!(wrapped.len() == 1 || wrapped.iter().all(|line| !line.is_empty()));
    }

    #[test]
    fn paragraphs_keep_to_their_columns(label in drawn(), text in drawn(), label_width in 3_usize..12, width in 16_usize..40) {
        let plain = Style::new();
        let signed = lines::signed(("✗", plain), &text, plain, width);
        let labelled = lines::labelled((&label, plain), label_width, &text, plain, width);
        for line in signed.chain(labelled) {
            prop_assert!(line.width() <= width, "{line:?}");
        }
    }
}
