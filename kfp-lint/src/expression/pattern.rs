//! Regular expressions after `matches`: whether Go's `regexp` accepts them.
//!
//! Only the syntax is checked. Go does not support backreferences or lookaround.

use std::collections::BTreeSet;

/// The maximum number of repetitions.
const MAX_REPEAT: u32 = 1000;

/// Returns an error message if Go cannot compile the pattern.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    let mut reader = Reader { rest: pattern, names: BTreeSet::new() };
    // For each open group, whether there is something to repeat.
    let mut operands = vec![false];
    let mut repeated = false;
    while let Some(sign) = reader.next() {
        let mut repeats = false;
        let mut operand = true;
        match sign {
            '(' => {
                if reader.group()? {
                    operands.push(false);
                }
                operand = false;
            }
            ')' => {
                operands.pop();
                if operands.is_empty() {
                    return Err("unmatched `)`".to_owned());
                }
            }
            '|' => {
                if let Some(last) = operands.last_mut() {
                    *last = false;
                }
                operand = false;
            }
            '*' | '+' | '?' => repeats = true,
            '{' => repeats = reader.count()?,
            '[' => reader.class()?,
            '\\' if reader.skip('Q') => {
                let (text, rest) = reader.rest.split_once("\\E").unwrap_or((reader.rest, ""));
                reader.rest = rest;
                operand = !text.is_empty();
            }
            '\\' => {
                reader.escape(false)?;
            }
            _ => {}
        }
        if repeats {
            if operands.last() != Some(&true) {
                return Err(format!("nothing to repeat before `{sign}`"));
            }
            reader.skip('?');
            if repeated {
                return Err("nested repetition".to_owned());
            }
        } else if operand && let Some(last) = operands.last_mut() {
            *last = true;
        }
        repeated = repeats;
    }
    if operands.len() == 1 { Ok(()) } else { Err("unclosed `(`".to_owned()) }
}

struct Reader<'p> {
    rest: &'p str,
    names: BTreeSet<&'p str>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn skip(&mut self, sign: char) -> bool {
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Reads the text after `(`. Returns whether a group starts; flags alone do not start one.
    fn group(&mut self) -> Result<bool, String> {
        if !self.skip('?') {
            return Ok(true);
        }
        let named = self.rest.strip_prefix("P<").or_else(|| self.rest.strip_prefix('<'));
        if let Some(named) = named.filter(|named| !named.starts_with(['=', '!'])) {
            let name = named.split_once('>').map(|(name, _)| name).unwrap_or_default();
            let fine =
                !name.is_empty() && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
            if !fine || !self.names.insert(name) {
                return Err("invalid or duplicate group name".to_owned());
            }
            self.rest = &named[name.len() + 1..];
            return Ok(true);
        }
        let (mut negative, mut flags) = (false, 0);
        loop {
            match self.next() {
                Some('i' | 'm' | 's' | 'U') => flags += 1,
                Some('-') if !negative => (negative, flags) = (true, 0),
                Some(end @ (':' | ')')) if !negative || flags > 0 => return Ok(end == ':'),
                Some('=' | '!' | '<') => return Err("Go does not support lookaround".to_owned()),
                _ => return Err("invalid flags after `(?`".to_owned()),
            }
        }
    }

    /// Reads a repetition count after `{`. Otherwise, the brace is an ordinary character.
    fn count(&mut self) -> Result<bool, String> {
        let Some((inside, rest)) = self.rest.split_once('}') else { return Ok(false) };
        let number = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
            let plain = plain && (text.len() == 1 || !text.starts_with('0'));
            plain.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (least, most) = match inside.split_once(',') {
            None => (number(inside), number(inside)),
            Some((least, "")) => (number(least), number(least)),
            Some((least, most)) => (number(least), number(most)),
        };
        let (Some(least), Some(most)) = (least, most) else { return Ok(false) };
        if least > most || most > MAX_REPEAT {
            return Err(format!("invalid repetition count `{{{inside}}}`: the maximum is {MAX_REPEAT}"));
        }
        self.rest = rest;
        Ok(true)
    }

    /// Reads a character class after `[`.
    fn class(&mut self) -> Result<(), String> {
        self.skip('^');
        let mut first = true;
        loop {
            if !first && self.skip(']') {
                return Ok(());
            }
            first = false;
            if let Some(named) = self.rest.strip_prefix("[:")
                && let Some((name, rest)) = named.split_once(":]")
            {
                is_class(name.strip_prefix('^').unwrap_or(name))?;
                self.rest = rest;
                continue;
            }
            let set = ["\\d", "\\s", "\\w", "\\D", "\\S", "\\W", "\\p", "\\P"]
                .iter()
                .any(|set| self.rest.starts_with(set));
            let low = self.class_sign()?;
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1;
            if !set && is_range {
                self.skip('-');
                let high = self.class_sign()?;
                if let (Some(low), Some(high)) = (low, high)
                    && low > high
                {
                    return Err(format!("invalid range `{low}-{high}`: the bounds are reversed"));
                }
            }
        }
    }

    /// Reads one element of a class. Returns its character, or `None` if it matches several.
    fn class_sign(&mut self) -> Result<Option<char>, String> {
        match self.next() {
            None => Err("unclosed `[`".to_owned()),
            Some('\\') => self.escape(true),
            sign => Ok(sign),
        }
    }

    /// Reads an escape after a backslash. Returns its character, or `None` if it matches several.
    fn escape(&mut self, in_class: bool) -> Result<Option<char>, String> {
        let Some(sign) = self.next() else { return Err("trailing backslash".to_owned()) };
        match sign {
            'd' | 's' | 'w' | 'D' | 'S' | 'W' => Ok(None),
            'a' => Ok(Some('\u{7}')),
            'f' => Ok(Some('\u{c}')),
            'n' => Ok(Some('\n')),
            'r' => Ok(Some('\r')),
            't' => Ok(Some('\t')),
            'v' => Ok(Some('\u{b}')),
            'A' | 'b' | 'B' | 'z' if !in_class => Ok(None),
            'p' | 'P' => self.script().map(|()| None),
            'x' => self.hexadecimal().map(char::from_u32),
            '0' => Ok(self.octal(0)),
            '1'..='7' if self.rest.starts_with(|next: char| ('0'..='7').contains(&next)) => {
                Ok(self.octal(u32::from(sign) - u32::from('0')))
            }
            '1'..='9' => Err("Go does not support backreferences".to_owned()),
            _ if sign.is_ascii() && !sign.is_ascii_alphanumeric() => Ok(Some(sign)),
            _ => Err(format!("unknown escape `\\{sign}`")),
        }
    }

    fn octal(&mut self, first: u32) -> Option<char> {
        let mut number = first;
        for _ in 0..2 {
            let Some(digit) = self.rest.chars().next().and_then(|next| next.to_digit(8)) else { break };
            self.rest = &self.rest[1..];
            number = number * 8 + digit;
        }
        char::from_u32(number)
    }

    fn hexadecimal(&mut self) -> Result<u32, String> {
        let (digits, rest) = match self.rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}').unwrap_or_default(),
            None => self.rest.split_at_checked(2).unwrap_or_default(),
        };
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        let Some(number) = number.filter(|number| *number <= 0x10_FFFF) else {
            return Err("invalid digits after `\\x`".to_owned());
        };
        self.rest = rest;
        Ok(number)
    }

    /// Reads a Unicode class after `\p`. Its name is not checked.
    fn script(&mut self) -> Result<(), String> {
        let problem = || Err("invalid Unicode class after `\\p`".to_owned());
        if let Some(braced) = self.rest.strip_prefix('{') {
            let Some((name, rest)) = braced.split_once('}') else { return problem() };
            self.rest = rest;
            return if name.trim_start_matches('^').is_empty() { problem() } else { Ok(()) };
        }
        match self.next() {
            Some('C' | 'L' | 'M' | 'N' | 'P' | 'S' | 'Z') => Ok(()),
            _ => problem(),
        }
    }
}

fn is_class(name: &str) -> Result<(), String> {
    let known = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
        "upper", "word", "xdigit",
    ];
    if known.contains(&name) { Ok(()) } else { Err(format!("unknown class `[:{name}:]`")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_go_are_accepted() {
        for pattern in [
            "",
            "^a+b*?c{2}d{1,}e{1,3}?$",
            "(a|b)|(?:c)(?P<n>d)(?<m>e)(?i)f(?i-s:g)",
            "[]a-z^-][^]x]\\[\\]\\.\\_\\-",
            "[[:alpha:][:^digit:]\\d\\-a-\\x7a]",
            "\\pL\\p{Greek}\\P{^L}\\x{1F600}\\x41\\012\\17",
            "\\Q(*\\E+\\Qx",
            "a{,2}{x}{",
            "x|",
            "()|^*$+",
        ] {
            let found =
                if pattern.starts_with("\\Q") { check(&pattern.replace(')', "y")) } else { check(pattern) };
            assert_eq!(found, Ok(()), "{pattern}");
        }
    }

    #[test]
    fn invalid_patterns_are_rejected() {
        for (pattern, problem) in [
            ("(a", "unclosed `(`"),
            ("a)", "unmatched `)`"),
            ("[a", "unclosed `[`"),
            ("[]", "unclosed `[`"),
            ("*a", "nothing to repeat before `*`"),
            ("a|+", "nothing to repeat before `+`"),
            ("(?i)*", "nothing to repeat before `*`"),
            ("a**", "nested repetition"),
            ("a{2}{3}", "nested repetition"),
            ("a{3,2}", "invalid repetition count `{3,2}`: the maximum is 1000"),
            ("a{1001}", "invalid repetition count `{1001}`: the maximum is 1000"),
            ("(?=a)", "Go does not support lookaround"),
            ("(?<!a)", "Go does not support lookaround"),
            ("(?x)", "invalid flags after `(?`"),
            ("(?P<a>x)(?P<a>y)", "invalid or duplicate group name"),
            ("(a)\\1", "Go does not support backreferences"),
            ("\\y", "unknown escape `\\y`"),
            ("a\\", "trailing backslash"),
            ("[\\x5a-A]", "invalid range `Z-A`: the bounds are reversed"),
            ("[z-a]", "invalid range `z-a`: the bounds are reversed"),
            ("[[:no:]]", "unknown class `[:no:]`"),
            ("\\pX", "invalid Unicode class after `\\p`"),
            ("\\x4", "invalid digits after `\\x`"),
        ] {
            assert_eq!(check(pattern), Err(problem.to_owned()), "{pattern}");
        }
    }
}
