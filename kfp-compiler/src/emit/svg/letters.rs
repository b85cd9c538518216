//! How wide a text is: measured by the widths of Helvetica, which Arial and its free relatives share.

/// The size of letters, as the document sets it.
const SIZE: i64 = 13;

/// The widths of the printable ASCII letters from the space on, in thousandths of the size.
#[rustfmt::skip]
const WIDTHS: [i64; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// The width of letters with accents and of other alphabets, about.
const OTHER: i64 = 600;
/// The width of Chinese, Japanese and Korean letters and of pictures.
const WIDE: i64 = 1000;
/// The first of the wide letters; what follows is wide, apart from few exceptions.
const FIRST_WIDE: char = '\u{1100}';

/// The width of a text in pixels.
pub(super) fn width(text: &str) -> i64 {
    let thousandths: i64 = text.chars().map(letter).sum();
    (thousandths * SIZE + 999) / 1000
}

fn letter(letter: char) -> i64 {
    let place = (letter as usize).checked_sub(' ' as usize);
    match place.and_then(|place| WIDTHS.get(place)) {
        Some(width) => *width,
        None if letter < FIRST_WIDE => OTHER,
        None => WIDE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_wide_as_their_letters() {
        for (text, expected) in
            [("", 0), ("i", 3), ("W", 13), ("iiii", 12), ("train-model", 66), ("模型", 26)]
        {
            assert_eq!(width(text), expected, "{text}");
        }
    }
}
