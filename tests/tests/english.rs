//! Checks that comments, messages and Markdown contain none of the phrases that reviewers have rejected.
//!
//! Snapshots and generated workflows are not checked, because they only repeat messages. Neither is inline code.
#![expect(clippy::unwrap_used, reason = "a test that cannot continue fails")]

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use tests::repository::{self, relative};

/// Rejected phrases with replacements. A space also matches a line break. Inline code, paths and identifiers are
/// replaced by two backticks before the search.
const BANNED: &[(&str, &str)] = &[
    // Invalid and unknown names and values.
    (r"\b(there )?(is|are) no [a-z`]", "invalid, unknown, not a"),
    (r"\bis no ([a-z]+ )?``", "unknown, missing"),
    (r"\b(there )?(is|are) none\b", "is not valid, is not one of"),
    (r"\bnone of the words\b", "expected one of"),
    (r"\b(is|are) not there\b", "does not exist, is missing"),
    (r"\b(from|lead|leads) nowhere\b", "without a source, unknown"),
    (r"\bmakes? no sense\b", "is invalid"),
    (r"\bstands?\b", "is, appears, is defined; duplicate"),
    (r"\blies\b", "is, is located"),
    (r"\b(says?|said) nothing\b", "is not set, has no effect"),
    (r"\bwhere nothing is\b", "by default"),
    (r"\bnothing is (said|told)\b", "by default"),
    (r"\bwithout a word\b", "silently"),
    // Who does what.
    (r"\b(told|tells)\b", "reports, shows, is passed, receives"),
    (r"\b(somebody|someone|whoever|nobody|anybody|everybody)\b", "the user, an operator, or passive"),
    (r"\bpeople\b", "users, readers"),
    (r"\b(gives|gives back)\b", "returns, outputs, produces"),
    (r"\b(is|are) given\b", "receives, is passed"),
    (r"\b(is|are) asked\b", "is requested, is required"),
    (r"\bwants\b", "requires, expects"),
    (r"\bknows? of\b", "knows about"),
    (r"\bmeant so\b", "intended"),
    (
        r"\blet (it|a step|a loop|a container|the step) (compute|run|make|do)\b",
        "have ... compute, move ... into a step",
    ),
    (r"\b(does|do) not hold\b", "is false"),
    (r"\bheld against\b", "compared with, checked against"),
    (r"\bforgiven\b", "ignored"),
    (r"\btried again\b", "retried"),
    (r"\b(mend|mends|mended)\b", "fix"),
    (r"\bputs? (it|them) right\b", "fixes"),
    // Words.
    (r"\ba text\b", "a string"),
    (r"\btruth values?\b", "boolean"),
    (r"\bwhole numbers?\b", "integer"),
    (r"\bblanks?\b", "space"),
    (r"\bamounts? of (memory|processor)\b", "quantity"),
    (r"\bprocessor time\b", "CPU"),
    (r"\bprograms? of (the )?pipelines?\b", "pipeline binary"),
    (r"\bprogram that has the pipeline\b", "pipeline binary"),
    (r"\bcircles?\b", "cycle"),
    (r"\batoms?\b", "captured value"),
    (r"\bguarded\b", "captured, of the exit handler"),
    (r"\bslip of\b", "typo"),
    // Idioms.
    (r"\ball the same\b", "still"),
    (r"\bfor good\b", "permanently"),
    (r"\bfor ever\b", "forever"),
    (r"\bin the end\b", "finally, or leave it out"),
    (r"\bof (its|their) own[.,:;)]", "separate, or leave it out"),
    (r"\bhow (often|deep)\b", "the number of, the depth of"),
    (r"\bnot known before\b", "unknown until"),
    (r"\b(inside|outside) of\b", "inside, outside"),
    (r"\bin (the )?place of\b", "instead of"),
    (r"\bin turn\b", "or leave it out"),
    (r", as ``", "such as"),
];

/// Ordinary English that a rejected phrase also matches.
const ALLOWED: &[&str] = &[
    "there is no",
    "there are no",
    "is no longer",
    "are no longer",
    "is no more",
    "are no more",
    "stands for",
    "stand for",
    "stand-in",
    "stands out",
];

/// Rejected identifiers.
const BANNED_NAMES: &[&str] = &[
    "Told",
    "Wrong",
    "Sight",
    "Spot",
    "Gravity",
    "Leavings",
    "Misfit",
    "Maybe",
    "Cue",
    "Played",
    "told",
    "take_in",
    "these_again",
    "handed_depths",
    "forgiven",
    "guard_of",
    "nothing",
];

/// Text that people read.
struct Prose {
    /// The number of its first line, counted from 1.
    line: usize,
    text: String,
}

/// The files with an extension, without generated and vendored ones.
fn files(extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = repository::files(extensions, &["sources", "evidence"]);
    found.retain(|path| !path.ends_with("english.rs"));
    found
}

/// Returns the comments and string literals of a Rust source, with the lines of one comment joined.
fn of_rust(source: &str) -> Vec<Prose> {
    let mut found: Vec<Prose> = Vec::new();
    let mut last_comment = 0;
    let (mut rest, mut line) = (source, 1);
    let mut before = ' ';
    while let Some(character) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            let text = rest[..end].trim_start_matches(['/', '!']);
            match found.last_mut() {
                Some(block) if last_comment + 1 == line => block.text.extend(["\n", text]),
                _ => found.push(Prose { line, text: text.to_owned() }),
            }
            last_comment = line;
            end
        } else if let Some((start, end)) = raw_string(rest, before) {
            found.push(Prose { line, text: rest[start..end].to_owned() });
            rest[end..].find('"').unwrap() + end + 1
        } else if character == '"' {
            let end = string_end(rest);
            found.push(Prose { line, text: unescaped(&rest[1..end - 1]) });
            end
        } else if character == '\'' {
            char_length(rest)
        } else {
            character.len_utf8()
        };
        line += rest[..taken].matches('\n').count();
        before = character;
        rest = &rest[taken..];
    }
    found
}

/// The content of a raw string that starts here, without its quotes.
fn raw_string(rest: &str, before: char) -> Option<(usize, usize)> {
    if before.is_alphanumeric() && before != 'b' || before == '_' {
        return None;
    }
    let hashes = rest.strip_prefix('r')?;
    let count = hashes.len() - hashes.trim_start_matches('#').len();
    hashes[count..].strip_prefix('"')?;
    let start = count + 2;
    let close = format!("\"{}", "#".repeat(count));
    Some((start, start + rest[start..].find(&close)?))
}

/// The offset after the string that starts here.
fn string_end(rest: &str) -> usize {
    let mut is_escaped = false;
    for (idx, character) in rest.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return idx + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Removes line continuations, and keeps the line breaks in them.
fn unescaped(text: &str) -> String {
    text.replace("\\\n", "\n").replace("\\n", "\u{b6} ")
}

/// The length of a character literal, or of the quote of a lifetime.
fn char_length(rest: &str) -> usize {
    let content = &rest[1..];
    if let Some(escape) = content.strip_prefix('\\') {
        let end = escape.char_indices().skip(1).find(|(_, character)| *character == '\'');
        return end.map_or(1, |(idx, _)| idx + 3);
    }
    let length = content.chars().next().map_or(0, char::len_utf8);
    if content[length..].starts_with('\'') { length + 2 } else { 1 }
}

/// Returns the comments and docstrings of a script, with an empty line for each other line.
fn of_script(source: &str) -> String {
    let mut is_docstring = false;
    let line = |line: &str| {
        let quotes = line.matches("\"\"\"").count();
        let is_prose = is_docstring || quotes > 0 || line.trim_start().starts_with("# ");
        is_docstring ^= quotes == 1;
        if is_prose { line.replace('#', " ") } else { String::new() }
    };
    source.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The text that users read in a file.
fn prose(path: &Path, text: &str) -> Vec<Prose> {
    if path.extension().is_some_and(|extension| extension == "rs") {
        // A string without a space is a name or a value.
        of_rust(text).into_iter().filter(|prose| prose.text.trim().contains(' ')).collect()
    } else if path.extension().is_some_and(|extension| extension == "py" || extension == "sh") {
        vec![Prose { line: 1, text: of_script(text) }]
    } else if path.extension().is_some_and(|extension| extension == "tsv") {
        // The second column is prose, the others are names and quotes.
        let prose: Vec<&str> = text.lines().map(|line| line.split('\t').nth(1).unwrap_or_default()).collect();
        vec![Prose { line: 1, text: prose.join("\n") }]
    } else {
        vec![Prose { line: 1, text: text.to_owned() }]
    }
}

/// The compiled patterns.
struct Patterns {
    /// Inline code, paths and identifiers.
    code: Regex,
    banned: Vec<(Regex, &'static str)>,
}

fn patterns() -> Patterns {
    let compiled = |(phrase, instead): &(&str, &'static str)| {
        (Regex::new(&format!("(?i){}", phrase.replace(' ', r"\s+"))).unwrap(), *instead)
    };
    Patterns {
        code: Regex::new(r"`[^`\n]*`|\S*[_/]\S*").unwrap(),
        banned: BANNED.iter().map(compiled).collect(),
    }
}

/// Returns the line and the text of each rejected phrase.
fn rejected(prose: &Prose, patterns: &Patterns) -> Vec<(usize, String)> {
    let text = patterns.code.replace_all(&prose.text, "``");
    let mut found = Vec::new();
    for (ban, instead) in &patterns.banned {
        for phrase in ban.find_iter(&text) {
            let here = text[phrase.start()..].split_whitespace().take(4).collect::<Vec<_>>().join(" ");
            if !ALLOWED.iter().any(|allowed| here.to_lowercase().starts_with(allowed)) {
                let line = prose.line + text[..phrase.start()].matches('\n').count();
                found.push((line, format!("`{here}`: {instead}")));
            }
        }
    }
    found
}

#[test]
fn no_text_contains_a_rejected_phrase() {
    let patterns = patterns();
    let mut found = Vec::new();
    for path in files(&["rs", "md", "py", "tsv", "sh"]) {
        let text = fs::read_to_string(&path).unwrap();
        for prose in prose(&path, &text) {
            let here = rejected(&prose, &patterns);
            found.extend(here.into_iter().map(|(line, what)| format!("{}:{line}: {what}", relative(&path))));
        }
    }
    assert!(found.is_empty(), "{} rejected phrases:\n{}", found.len(), found.join("\n"));
}

#[test]
fn no_identifier_is_rejected() {
    let declared = Regex::new(r"\b(struct|enum|trait|type|fn|mod|let|let mut) ([A-Za-z_]+)").unwrap();
    let mut found = Vec::new();
    for path in files(&["rs"]) {
        let text = fs::read_to_string(&path).unwrap();
        for (idx, line) in text.lines().enumerate() {
            let names = declared.captures_iter(line).map(|captures| captures[2].to_owned());
            let names = names.filter(|name| BANNED_NAMES.contains(&name.as_str()));
            found.extend(names.map(|name| format!("{}:{}: `{name}`", relative(&path), idx + 1)));
        }
    }
    assert!(found.is_empty(), "{} rejected names:\n{}", found.len(), found.join("\n"));
}

#[test]
fn rejected_phrases_are_found_and_their_replacements_are_not() {
    let patterns = patterns();
    let count = |text: &str| rejected(&Prose { line: 1, text: text.to_owned() }, &patterns).len();
    for (before, after) in [
        ("`1GB` is no amount of memory", "invalid memory quantity `1GB`"),
        ("write a number and a unit, as `512Mi`", "expected a number and a unit, such as `512Mi`"),
        ("`int` is none of the words that can stand here", "unknown type `int`; expected `string`"),
        ("a key stands twice", "duplicate key"),
        ("`kfpc check` tells everything", "`kfpc check` reports every problem it finds"),
        ("A failure is forgiven by nobody.", "A failed task always fails the run."),
        ("Somebody who is asked", "Approval prompts run on their own thread"),
        ("it is no\nlist", "it is no\nlonger a list"),
        ("Let a step compute it.", "Move it into a step."),
    ] {
        assert_ne!(count(before), 0, "{before}");
        assert_eq!(count(after), 0, "{after}");
    }
}

#[test]
fn comments_and_strings_are_found_with_their_lines() {
    let source = "//! One\n//! two.\nfn a<'a>(b: &'a str) {\n    let c = '\"';\n    f(\"x \\\n       y\", r#\"z \"1\"\"#); // \
                  end\n}\n";
    let found: Vec<(usize, String)> =
        of_rust(source).into_iter().map(|prose| (prose.line, prose.text)).collect();
    let expected = [(1, " One\n two."), (5, "x \n       y"), (6, "z \"1\""), (6, " end")];
    assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
}
