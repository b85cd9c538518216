//! An Argo manifest.

use super::index::Index;
use super::{Hook, Published, Template, Values, YamlNode};
use crate::document::Kind;

/// An Argo manifest.
#[derive(Debug)]
pub(crate) struct Manifest<'a> {
    pub(crate) kind: Kind,
    /// The index of its file.
    pub(crate) file: usize,
    pub(crate) root: YamlNode<'a>,
    /// `metadata.name`; empty if there is none.
    pub(crate) name: &'a str,
    /// The workflow spec; for a cron workflow, its `workflowSpec`. The root if it is missing.
    pub(crate) spec: YamlNode<'a>,
    /// Whether the manifest has a workflow spec.
    pub(crate) has_spec: bool,
    pub(crate) templates: Vec<Template<'a>>,
    pub(crate) arguments: Values<'a>,
    /// The hooks, including `onExit`.
    pub(crate) hooks: Vec<Hook<'a>>,
    by_name: Index<'a>,
}

impl<'a> Manifest<'a> {
    pub(super) fn of(kind: Kind, file: usize, root: YamlNode<'a>) -> Self {
        let spec = match kind {
            Kind::CronWorkflow => root.at(&["spec", "workflowSpec"]),
            Kind::Workflow | Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate => root.get("spec"),
        };
        let has_spec = spec.is_some();
        let spec = spec.unwrap_or_else(|| root.clone());
        let templates: Vec<Template<'a>> = spec.list("templates").map(Template::of).collect();
        Self {
            kind,
            file,
            name: root.get("metadata").and_then(|metadata| metadata.text_at("name")).unwrap_or_default(),
            by_name: Index::of(templates.iter().map(|template| template.name)),
            templates,
            arguments: Values::of(spec.get("arguments")),
            hooks: Hook::all(&spec),
            root,
            spec,
            has_spec,
        }
    }

    pub(crate) fn template(&self, name: &str) -> Option<&Template<'a>> {
        self.by_name.find(name, &self.templates, |template| template.name)
    }

    /// Returns all templates, including inline templates.
    pub(crate) fn all_templates(&self) -> Vec<&Template<'a>> {
        let mut templates = Vec::new();
        for template in &self.templates {
            template.with_inline(&mut templates);
        }
        templates
    }

    /// Returns the outputs of its templates that have a `globalName`.
    pub(crate) fn published(&self) -> Vec<Published<'a>> {
        let templates = self.all_templates();
        let outputs = templates.iter().map(|template| &template.outputs);
        let nodes = outputs.flat_map(|outputs| {
            let parameters = outputs.parameters.iter().map(|output| ("parameters", &output.node));
            parameters.chain(outputs.artifacts.iter().map(|output| ("artifacts", &output.node)))
        });
        nodes.filter_map(|(what, node)| Some(Published { what, name: node.text_at("globalName")? })).collect()
    }

    /// Returns the name of the entrypoint and its node.
    pub(crate) fn entrypoint(&self) -> Option<(&'a str, YamlNode<'a>)> {
        let node = self.spec.get("entrypoint")?;
        Some((node.text()?, node))
    }

    /// Returns whether other manifests can use its templates.
    pub(crate) fn is_library(&self) -> bool {
        matches!(self.kind, Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate)
    }
}
