//! Truncates long names in messages, and escapes unprintable characters.

use crate::printable::printable;

/// The maximum number of characters of a name in a message.
const LONGEST: usize = 160;

/// Returns the message as one printable line, with long names truncated.
pub(super) fn shortened(message: String) -> String {
    let message = printable(&message).into_owned();
    if message.len() <= LONGEST {
        return message;
    }
    let shorten = |(idx, part): (usize, &str)| {
        // Every second part is between backticks.
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
        let message = shortened("unknown task `a\nerror: \u{1b}[2J\u{9b}`".to_owned());
        assert_eq!(message, "unknown task `a\\nerror: \\u{1b}[2J\\u{9b}`");
    }

    #[test]
    fn only_names_are_truncated() {
        let sentence = "a sentence ".repeat(40);
        assert_eq!(shortened(sentence.clone()), sentence);
        let name = "é".repeat(1000);
        let message = shortened(format!("unknown task `{name}` in `short`"));
        assert_eq!(message, format!("unknown task `{}…` in `short`", "é".repeat(LONGEST)));
    }
}
