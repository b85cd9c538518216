//! All manifests that are checked together.

use std::collections::HashMap;

use kfp_argo::tag::has_tag;
use kfp_diag::source::Manifests;
use kfp_model::Place;

use super::{Call, Manifest, Template, YamlNode};
use crate::document::{self, Kind};

/// All manifests of all files.
#[derive(Debug)]
pub(crate) struct Project<'a> {
    pub(crate) manifests: Vec<Manifest<'a>>,
    /// The workflow templates by scope (`true` for cluster) and name.
    libraries: HashMap<(bool, &'a str), usize>,
    /// The global outputs of all workflow templates.
    pub(crate) published: Vec<Published<'a>>,
}

/// A global output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Published<'a> {
    /// `parameters` or `artifacts`.
    pub(crate) what: &'static str,
    pub(crate) name: &'a str,
}

/// The result of resolving a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'p, 'a> {
    /// A template and the manifest that defines it.
    Found(&'p Template<'a>, &'p Manifest<'a>),
    /// The manifest exists but has no such template.
    NoTemplate(&'p Manifest<'a>),
    /// No file contains the manifest.
    NoManifest,
    /// Unknown until run time because the name contains a tag, or an invalid call.
    Unknown,
}

impl<'a> Project<'a> {
    pub(crate) fn of(files: impl IntoIterator<Item = &'a Manifests>) -> Self {
        let manifests = files.into_iter().enumerate().flat_map(|(idx, file)| {
            document::documents(file).filter_map(move |document| {
                let root = YamlNode { tree: document.tree, place: Place::root().index(document.idx) };
                Some(Manifest::of(document.kind.ok()?, idx, root))
            })
        });
        let manifests: Vec<Manifest<'a>> = manifests.collect();
        let mut libraries = HashMap::new();
        for (idx, manifest) in manifests.iter().enumerate().filter(|(_, manifest)| manifest.is_library()) {
            libraries.entry((manifest.kind == Kind::ClusterWorkflowTemplate, manifest.name)).or_insert(idx);
        }
        let published =
            manifests.iter().filter(|manifest| manifest.is_library()).flat_map(Manifest::published).collect();
        Self { manifests, libraries, published }
    }

    /// Resolves a call from the manifest.
    pub(crate) fn target<'p>(&'p self, from: &'p Manifest<'a>, call: &'p Call<'a>) -> Target<'p, 'a> {
        match call {
            Call::Inline(template) => Target::Found(template, from),
            Call::Template { name, .. } => Self::within(from, name),
            Call::Reference { manifest, template, cluster, .. } => {
                if has_tag(manifest) {
                    return Target::Unknown;
                }
                match self.library(manifest, *cluster) {
                    Some(library) => Self::within(library, template),
                    None => Target::NoManifest,
                }
            }
            Call::Invalid => Target::Unknown,
        }
    }

    fn within<'p>(manifest: &'p Manifest<'a>, name: &str) -> Target<'p, 'a> {
        match manifest.template(name) {
            Some(template) => Target::Found(template, manifest),
            None if has_tag(name) => Target::Unknown,
            None => Target::NoTemplate(manifest),
        }
    }

    /// Returns the workflow template with that name.
    pub(crate) fn library(&self, name: &str, cluster: bool) -> Option<&Manifest<'a>> {
        self.libraries.get(&(cluster, name)).map(|idx| &self.manifests[*idx])
    }

    /// Returns the workflow templates, either namespaced or cluster-scoped.
    pub(crate) fn libraries(&self, cluster: bool) -> impl Iterator<Item = &Manifest<'a>> {
        let kind = if cluster { Kind::ClusterWorkflowTemplate } else { Kind::WorkflowTemplate };
        self.manifests.iter().filter(move |manifest| manifest.kind == kind)
    }

    /// Returns the `workflowTemplateRef` of the manifest, and the workflow template if a file contains it.
    pub(crate) fn origin<'p>(
        &'p self,
        manifest: &Manifest<'a>,
    ) -> Option<(YamlNode<'a>, Option<&'p Manifest<'a>>)> {
        let reference = manifest.spec.get("workflowTemplateRef")?;
        let name = reference.text_at("name").unwrap_or_default();
        let library = self.library(name, reference.is_true("clusterScope"));
        Some((reference, library))
    }
}

impl<'p, 'a> Target<'p, 'a> {
    pub(crate) fn template(self) -> Option<&'p Template<'a>> {
        match self {
            Self::Found(template, _) => Some(template),
            Self::NoTemplate(_) | Self::NoManifest | Self::Unknown => None,
        }
    }
}
