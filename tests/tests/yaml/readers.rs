//! Other YAML readers.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::{Oracle, workspace};

/// A program that reads YAML.
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    oracle: Oracle,
    arguments: Vec<PathBuf>,
}

impl Reader {
    /// Returns go-yaml, as Argo and Kubernetes use it.
    pub(crate) fn go() -> Result<Self, String> {
        let oracle = Oracle::build("yaml", Path::new(env!("CARGO_TARGET_TMPDIR")))?;
        Ok(Self { name: "go-yaml", oracle, arguments: Vec::new() })
    }

    /// Returns `PyYAML`.
    pub(crate) fn python() -> Result<Self, String> {
        let script = workspace().join("tests/oracles/yaml/read.py");
        Ok(Self { name: "PyYAML", oracle: Oracle::python("yaml")?, arguments: vec![script] })
    }

    /// Returns the value of each text, or the error.
    pub(crate) fn read(&self, texts: &[String]) -> Vec<Result<Value, String>> {
        let questions: Vec<Value> = texts.iter().map(|text| text.as_str().into()).collect();
        let answers = self.oracle.answers(&self.arguments, &questions);
        let answer = |mut answer: Value| match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["value"].take()),
        };
        answers.into_iter().map(answer).collect()
    }
}
