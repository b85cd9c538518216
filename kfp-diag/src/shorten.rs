//! Names in messages that are too long to be read, or that a terminal must not get as they are.

use crate::printable::printable;

/// The most characters of a name that a message shows.
const LONGEST: usize = 160;

/// Returns the message in one printable line, with the beginning of each name in it that is too long.
pub(super) fn shortened(message: String) -> String {
    let message = printable(&message).into_owned();
    if message.len() <= LONGEST {
        return message;
    }
    let shorten = |(idx, part): (usize, &str)| {
        // Every second part stands between backticks.
        let end = part.char_indices().nth(LONGEST).filter(|_| idx % 2 == 1);
        end.map_or_else(|| part.to_owned(), |(end, _)| format!("{}…", &part[..end]))
    };
    message.split('`').enumerate().map(shorten).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_start_lines_or_escape_sequences() {
        let told = shortened("unknown task `a\nerror: \u{1b}[2J\u{9b}`".to_owned());
        assert_eq!(told, "unknown task `a\\nerror: \\u{1b}[2J\\u{9b}`");
    }

    #[test]
    fn only_names_are_shortened() {
        let sentence = "a sentence ".repeat(40);
        assert_eq!(shortened(sentence.clone()), sentence);
        let name = "é".repeat(1000);
        let told = shortened(format!("there is no `{name}` in `short`"));
        assert_eq!(told, format!("there is no `{}…` in `short`", "é".repeat(LONGEST)));
    }
}
