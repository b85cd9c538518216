//! Approvals on the terminal.

use std::collections::BTreeMap;
use std::io::{self, BufRead, IsTerminal as _};
use std::sync::{Mutex, PoisonError};

use kfp_model::Type;
use kfp_runner::{Answer, Approver, Question, read_value};
use serde_json::Value;

use crate::printer::Printer;

/// Returns a prompt that asks one question at a time; `None` without a terminal.
pub(crate) fn terminal(printer: &Printer) -> Option<Approver> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return None;
    }
    let printer = printer.clone();
    let lock = Mutex::new(());
    Some(Approver::new(move |question| {
        let _guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        // If the terminal is closed, the approval is refused.
        ask(question, &mut io::stdin().lock(), &mut |text| printer.say(text)).unwrap_or(Answer::Refused)
    }))
}

/// Asks whether to approve, then for each value until the answer has its type.
fn ask(question: &Question, typed: &mut impl BufRead, say: &mut impl FnMut(&str)) -> io::Result<Answer> {
    let Question { path, approval, .. } = question;
    say(&format!("{path}: {}\n", approval.message));
    loop {
        say(&format!("approve `{path}`? (yes/no) "));
        match line(typed)?.to_lowercase().as_str() {
            "y" | "yes" => break,
            "n" | "no" => return Ok(Answer::Refused),
            _ => {}
        }
    }
    let mut values = BTreeMap::new();
    for (name, output) in &approval.outputs {
        if !output.description.is_empty() {
            say(&format!("{}\n", output.description));
        }
        values.insert(name.clone(), value(name, &output.r#type, typed, say)?);
    }
    Ok(Answer::Approved(values))
}

fn value(
    name: &str,
    r#type: &Type,
    typed: &mut impl BufRead,
    say: &mut impl FnMut(&str),
) -> io::Result<Value> {
    loop {
        say(&format!("{name} ({}): ", shown(r#type)));
        let text = line(typed)?;
        if text.is_empty() && r#type.is_option() {
            return Ok(Value::Null);
        }
        match read_value(name, r#type, &text) {
            Ok(value) => return Ok(value),
            Err(problem) => say(&format!("{problem}\n")),
        }
    }
}

fn shown(r#type: &Type) -> String {
    match r#type.present() {
        Type::Enum(choice) => choice.variants.join(" | "),
        Type::Boolean => "true | false".to_owned(),
        _ => r#type.to_string(),
    }
}

/// Reads a line, without its ending.
fn line(typed: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    if typed.read_line(&mut text)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(typed: &str) -> (io::Result<Answer>, String) {
        let approval = r#"{"message": "Deploy?", "outputs": {
            "version": {"type": "integer", "description": "Which one."},
            "note": {"type": {"option": "string"}}
        }}"#;
        let approval = serde_json::from_str(approval).unwrap();
        let question = Question::new("a/ask", "ask", approval);
        let mut said = String::new();
        let answer = ask(&question, &mut typed.as_bytes(), &mut |text| said.push_str(text));
        (answer, said)
    }

    #[test]
    fn answers_are_read_by_type_and_invalid_ones_are_requested_again() {
        let (answer, said) = asked("maybe\nYES\nmany\n3\n\n");
        let values = [("version", json!(3)), ("note", json!(null))];
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        assert_eq!(answer.unwrap(), Answer::Approved(values));
        assert_eq!(
            said,
            "a/ask: Deploy?\napprove `a/ask`? (yes/no) approve `a/ask`? (yes/no) Which one.\nversion (i64): \
             invalid value `version`: expected a 64-bit integer, found `many`\n\
             version (i64): note (Option<String>): "
        );
    }

    #[test]
    fn no_refuses_and_the_end_of_the_input_is_an_error() {
        assert_eq!(asked("no\n").0.unwrap(), Answer::Refused);
        assert!(asked("yes\n").0.is_err());
    }
}
