//! Measures the width of text with the metrics of Helvetica, which Arial and its free alternatives share.

/// The font size of the document.
const SIZE: i64 = 13;

/// The widths of the printable ASCII characters from the space on, in thousandths of the font size.
#[rustfmt::skip]
const WIDTHS: [i64; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// The approximate width of accented letters and of other alphabets.
const OTHER: i64 = 600;
/// The width of Chinese, Japanese and Korean characters and of emoji.
const WIDE: i64 = 1000;
/// The first wide character. Nearly all characters after it are wide.
const FIRST_WIDE: char = '\u{1100}';

/// Returns the width of text in pixels.
pub(super) fn width(text: &str) -> i64 {
    let thousandths: i64 = text.chars().map(character).sum();
    (thousandths * SIZE + 999) / 1000
}

fn character(character: char) -> i64 {
    let idx = (character as usize).checked_sub(' ' as usize);
    match idx.and_then(|idx| WIDTHS.get(idx)) {
        Some(width) => *width,
        None if character < FIRST_WIDE => OTHER,
        None => WIDE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_wide_as_its_characters() {
        for (text, expected) in
            [("", 0), ("i", 3), ("W", 13), ("iiii", 12), ("train-model", 66), ("模型", 26)]
        {
            assert_eq!(width(text), expected, "{text}");
        }
    }
}
