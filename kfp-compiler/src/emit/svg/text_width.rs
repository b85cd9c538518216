//! Measures the space that text needs in the fonts that viewers use: Helvetica, whose metrics Arial and its free
//! alternatives share, and the wider Bitstream Vera, which is common on Linux.

/// The font size of the document.
const SIZE: i64 = 13;

/// The widths of the printable ASCII characters from the space on, in thousandths of the font size, in the font in which
/// they are wider.
#[rustfmt::skip]
const WIDTHS: [i64; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337,
    637, 637, 637, 637, 637, 637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 556,
    1015, 685, 687, 722, 771, 667, 611, 778, 752, 295, 500, 667, 558, 863, 749, 788,
    667, 788, 722, 667, 611, 732, 685, 989, 686, 667, 686, 391, 337, 391, 838, 556,
    500, 613, 635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612,
    635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
];
/// The maximum width of accented Latin letters, and the approximate width of other alphabets.
const OTHER: i64 = 1070;
/// The width of Chinese, Japanese and Korean characters and of emoji.
const WIDE: i64 = 1000;
/// The first wide character. Nearly all characters after it are wide.
const FIRST_WIDE: char = '\u{1100}';

/// Returns the space that text needs, in pixels.
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
            [("", 0), ("i", 4), ("W", 13), ("iiii", 15), ("train-model", 76), ("模型", 26)]
        {
            assert_eq!(width(text), expected, "{text}");
        }
    }
}
