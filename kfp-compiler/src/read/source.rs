//! Documents with the text that they were read from.

use std::cell::OnceCell;
use std::ops::Range;

use kfp_diag::source::{
    Fault, Located, Node, Places, Rejected, Tree, decode, duplicates, is_json, may_have_duplicates, text,
    tree,
};
use kfp_diag::{Diagnostic, Spans, Written, codes};
use kfp_model::{Document, Place, SCHEMA_VERSION};

use super::duration::with_unit;

/// A document with its text and the positions of its nodes.
#[derive(Debug)]
pub struct Source {
    /// The name of the file, or a placeholder.
    pub name: String,
    /// The text.
    pub text: String,
    /// The document.
    pub document: Document,
    /// The tree with positions, which is only parsed when a message needs it.
    tree: OnceCell<Option<Tree>>,
    places: Places,
}

/// Reads a document from JSON or YAML. `name` is the name of the file in messages.
///
/// ```
/// use kfp_compiler::read::read;
/// let source = read("empty.yaml", b"schema_version: 1\npipelines: []\ncomponents: {}\n").unwrap();
/// assert!(source.document.pipelines.is_empty());
///
/// let rejected = read("wrong.yaml", b"schema_version: 1\npipelins: []\ncomponents: {}\n").unwrap_err();
/// assert_eq!(rejected.diagnostics[0].help, ["use `pipelines`"]);
/// ```
///
/// # Errors
/// The bytes are not UTF-8 text, the text is not valid JSON or YAML, or it does not have the structure of a document.
pub fn read(name: &str, bytes: &[u8]) -> Result<Source, Box<Rejected>> {
    let text = text(bytes).map_err(|fault| Box::new(Rejected::from_faults(name, "", &[fault])))?;
    let (document, tree) = document(text).map_err(|found| Box::new(Rejected::new(name, text, found)))?;
    let cell = OnceCell::new();
    if let Some(tree) = tree {
        let _ = cell.set(Some(tree));
    }
    Ok(Source {
        name: name.to_owned(),
        text: text.to_owned(),
        document,
        tree: cell,
        places: Places::default(),
    })
}

impl Source {
    /// Returns the text and its positions for rendering.
    pub fn written(&self) -> Written<'_> {
        Written { name: &self.name, text: &self.text, spans: self }
    }
}

impl Spans for Source {
    fn span(&self, place: &Place) -> Option<Range<usize>> {
        let tree = self.tree.get_or_init(|| tree(&self.text).ok()).as_ref()?;
        Some(self.places.shown(tree, place, &self.text))
    }
}

/// Returns the document, and the tree if one was needed.
fn document(text: &str) -> Result<(Document, Option<Tree>), Vec<Located>> {
    if is_json(text)
        && let Ok(document) = serde_json::from_str::<Document>(text)
        && document.schema_version == SCHEMA_VERSION
        && !may_have_duplicates(text)
    {
        return Ok((document, None));
    }
    let located = |fault: Fault| vec![fault.located()];
    let tree = tree(text).map_err(located)?;
    version(&tree).map_err(|found| vec![*found])?;
    let duplicates = duplicates(&tree, text);
    if !duplicates.is_empty() {
        return Err(duplicates.iter().map(Fault::located).collect());
    }
    let document = decode(&tree, text).map_err(|fault: Fault| {
        let (diagnostic, span) = fault.located();
        vec![(with_unit(diagnostic), span)]
    })?;
    Ok((document, Some(tree)))
}

/// Checks the version first, because a newer format may have keys that are unknown here.
fn version(tree: &Tree) -> Result<(), Box<Located>> {
    if !matches!(tree.node, Node::Map(_)) {
        let message = format!("expected an object, found {}", tree.kind());
        let diagnostic = Diagnostic::error(codes::WRONG_SHAPE, &Place::root(), message);
        return Err(Box::new((diagnostic, tree.span.clone())));
    }
    let Some(entry) = tree.get("schema_version") else { return foreign_file(tree) };
    match &entry.value.node {
        Node::Number(version) if version.as_u64() != Some(SCHEMA_VERSION.into()) => {
            let message =
                format!("unsupported schema version {version} of the document, expected {SCHEMA_VERSION}");
            let place = Place::root().key("schema_version");
            let diagnostic = Diagnostic::error(codes::SCHEMA_VERSION, &place, message)
                .help("use matching versions of kfpc and the SDK");
            Err(Box::new((diagnostic, entry.value.span.clone())))
        }
        _ => Ok(()),
    }
}

/// Reports files of other tools that describe workflows.
fn foreign_file(tree: &Tree) -> Result<(), Box<Located>> {
    let foreign = |key: &str, what, help: &str| match tree.get(key) {
        Some(entry) => {
            let message = format!("expected a pipeline document, found {what}");
            let diagnostic = Diagnostic::error(codes::WRONG_SHAPE, &Place::root().key(key), message);
            Err(Box::new((diagnostic.help(help), entry.key_span.clone())))
        }
        None => Ok(()),
    };
    let manifest = "a Kubernetes manifest";
    foreign("apiVersion", manifest, "use `kfpc check` or `kfpc diff` for Argo manifests")?;
    let kubeflow = "a compiled Kubeflow pipeline";
    foreign(
        "pipelineInfo",
        kubeflow,
        "rewrite the pipeline with kfp-sdk; `kfpc bind` generates bindings for its Python functions",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::base;

    /// Returns the diagnostics in the form `CODE place [TEXT]: message`, with the text that is shown.
    fn faults(text: &[u8]) -> Vec<String> {
        let rejected = *read("x", text).unwrap_err();
        let shown = |place: &Place| {
            let span = rejected.span(place).unwrap();
            rejected.text[span].lines().next().unwrap_or_default().to_owned()
        };
        let line = |diagnostic: &Diagnostic| {
            let place = &diagnostic.primary.place;
            format!("{} {place} [{}]: {}", diagnostic.code, shown(place), diagnostic.message)
        };
        rejected.diagnostics.iter().map(line).collect()
    }

    #[test]
    fn json_and_yaml_are_equivalent() {
        let json = serde_json::to_string_pretty(&base()).unwrap();
        let from_json = read("x", json.as_bytes()).unwrap();
        let yaml = serde_saphyr::to_string(&base()).unwrap();
        let from_yaml = read("x", yaml.as_bytes()).unwrap();
        assert_eq!(from_json.document, from_yaml.document);
        let place = Place::root().key("pipelines").index(0).key("name");
        assert_eq!(&json[from_json.span(&place).unwrap()], "\"demo\"");
        assert_eq!(&yaml[from_yaml.span(&place).unwrap()], "demo");
    }

    #[test]
    fn invalid_documents_are_rejected() {
        let cases: [(&[u8], &str); 22] = [
            (b"", "KFP0102  []: the document is empty"),
            (b"\xff\xfea", "KFP0101  []: not a UTF-8 text file: found UTF-16"),
            (b"\x89PNG\r\n", "KFP0101  []: not a UTF-8 text file: found a PNG image"),
            (b"a: \xc3\x28", "KFP0101  []: not a UTF-8 text file: found invalid UTF-8"),
            (b"a\0b", "KFP0101  []: not a UTF-8 text file: found a NUL byte"),
            (b"{\"a\" 1}", "KFP0103  [1]: invalid JSON: expected `:`"),
            (b"{\"a\": 1", "KFP0103  [1]: invalid JSON: EOF while parsing an object"),
            (b"a: [1", "KFP0103  []: "),
            (b"just text", "KFP0107  [just text]: expected an object, found a string"),
            (b"- 1", "KFP0107  [- 1]: expected an object, found a list"),
            (b"a: 1\n---\nb: 2\n", "KFP0110  []: expected one YAML document, found more than one"),
            (b"{\"schema_version\": 2, \"new\": 1}", "KFP0108 /schema_version [2]: unsupported schema version 2 of the \
              document, expected 1"),
            (b"{\"schema_version\": 1, \"pipelines\": []}", "KFP0106  [{\"schema_version\": 1, \"pipelines\": []}]: \
              missing key `components`"),
            (b"{\"schema_version\": 1, \"pipelines\": [], \"components\": {}, \"pipelines\": []}",
             "KFP0104 /pipelines [\"pipelines\"]: duplicate key `pipelines`"),
            (b"schema_version: 1\npipelines: []\ncomponents: {}\ncomponents: {}\n",
             "KFP0104 /components [components]: duplicate key `components`"),
            (b"schema_version: 1\npipelines: []\ncomponents: {}\nextra: 1\n",
             "KFP0105 /extra [extra]: unknown key `extra`"),
            (b"schema_version: one\npipelines: []\ncomponents: {}\n",
             "KFP0107 /schema_version [one]: expected a non-negative integer, found the string `one`"),
            (b"schema_version: 1\npipelines: [{name: 5, root: {}}]\ncomponents: {}\n",
             "KFP0107 /pipelines/0/name [5]: expected a string, found the number `5`"),
            (b"schema_version: 1\npipelines: [{name: a, root: {tasks: [[a]]}}]\ncomponents: {}\n",
             "KFP0107 /pipelines/0/root/tasks/0 [[a]]: expected an object, found a list"),
            (b"schema_version: 1\npipelines: [{name: a, root: {}, settings: {parallelism: 4294967296}}]\n",
             "KFP0107 /pipelines/0/settings/parallelism [4294967296]: expected an integer up to 4294967295, found the \
              number `4294967296`"),
            (b"schema_version: 1\npipelines: [{name: a, root: {tasks: [{id: a, name: a, kind: {cal: {}}}]}}]\n",
             "KFP0107 /pipelines/0/root/tasks/0/kind/cal [cal]: unknown value `cal`"),
            (b"schema_version: 1\npipelines: [{name: a, root: {}, settings: {timeout: soon}}]\ncomponents: {}\n",
             "KFP0107 /pipelines/0/settings/timeout [soon]: invalid duration `soon`: expected a number and a unit, \
              such as `30s`, `90m`, `24h` or `7d`"),
        ];
        for (text, expected) in cases {
            let found = faults(text);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(expected), "{}\n  not {expected}", found[0]);
        }
    }

    #[test]
    fn a_large_scalar_of_the_wrong_type_is_reported() {
        let large = format!("{{\"schema_version\": \"{}\"}}", "x".repeat(10 << 20));
        assert!(faults(large.as_bytes())[0].starts_with("KFP0107"));
    }

    #[test]
    fn all_duplicate_keys_are_reported() {
        let text =
            br#"{"schema_version": 1, "pipelines": [{"name": "a", "name": "b", "root": {"x": 1, "x": 2}}]}"#;
        assert_eq!(faults(text).len(), 2);
    }
}
