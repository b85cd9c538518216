//! One manifest.

use super::index::Index;
use super::{Hook, Published, Spot, Template, Values};
use crate::document::Kind;

/// A manifest of Argo.
#[derive(Debug)]
pub(crate) struct Manifest<'a> {
    pub(crate) kind: Kind,
    /// Which file it stands in.
    pub(crate) file: usize,
    pub(crate) root: Spot<'a>,
    /// `metadata.name`, which is empty where there is none.
    pub(crate) name: &'a str,
    /// What is run: of a cron workflow, its `workflowSpec`.
    pub(crate) spec: Spot<'a>,
    pub(crate) templates: Vec<Template<'a>>,
    pub(crate) arguments: Values<'a>,
    /// What runs at the end or when something happens.
    pub(crate) hooks: Vec<Hook<'a>>,
    by_name: Index<'a>,
}

impl<'a> Manifest<'a> {
    pub(super) fn of(kind: Kind, file: usize, root: Spot<'a>) -> Self {
        let spec = match kind {
            Kind::CronWorkflow => root.at(&["spec", "workflowSpec"]),
            Kind::Workflow | Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate => root.get("spec"),
        };
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
        }
    }

    pub(crate) fn template(&self, name: &str) -> Option<&Template<'a>> {
        self.by_name.find(name, &self.templates, |template| template.name)
    }

    /// The templates, and those that stand in their tasks.
    pub(crate) fn all_templates(&self) -> Vec<&Template<'a>> {
        let mut templates = Vec::new();
        for template in &self.templates {
            template.with_inline(&mut templates);
        }
        templates
    }

    /// The outputs of its templates that the whole workflow sees.
    pub(crate) fn published(&self) -> Vec<Published<'a>> {
        let templates = self.all_templates();
        let outputs = templates.iter().map(|template| &template.outputs);
        let spots = outputs.flat_map(|outputs| {
            let parameters = outputs.parameters.iter().map(|output| ("parameters", &output.spot));
            parameters.chain(outputs.artifacts.iter().map(|output| ("artifacts", &output.spot)))
        });
        spots.filter_map(|(what, spot)| Some(Published { what, name: spot.text_at("globalName")? })).collect()
    }

    /// The entrypoint, with where it is named.
    pub(crate) fn entrypoint(&self) -> Option<(&'a str, Spot<'a>)> {
        let spot = self.spec.get("entrypoint")?;
        Some((spot.text()?, spot))
    }

    /// Whether it is there to be used by others.
    pub(crate) fn is_library(&self) -> bool {
        matches!(self.kind, Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate)
    }
}
