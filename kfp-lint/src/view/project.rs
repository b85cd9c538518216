//! All manifests that are seen together.

use std::collections::HashMap;

use kfp_argo::tag::has_tag;
use kfp_diag::source::Manifests;
use kfp_model::Place;

use super::{Call, Manifest, Spot, Template};
use crate::document::{self, Kind};

/// All manifests of all files.
#[derive(Debug)]
pub(crate) struct Project<'a> {
    pub(crate) manifests: Vec<Manifest<'a>>,
    /// The workflow templates by whether they are those of the cluster, and by their names.
    libraries: HashMap<(bool, &'a str), usize>,
    /// The outputs of workflow templates that the whole workflow sees.
    pub(crate) published: Vec<Published<'a>>,
}

/// An output that the whole workflow sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Published<'a> {
    /// `parameters` or `artifacts`.
    pub(crate) what: &'static str,
    pub(crate) name: &'a str,
}

/// What a call leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'p, 'a> {
    /// A template, with the manifest that it stands in.
    Found(&'p Template<'a>, &'p Manifest<'a>),
    /// The manifest is there and has no such template.
    NoTemplate(&'p Manifest<'a>),
    /// No file holds the manifest.
    NoManifest,
    /// That is known when it runs, as the name holds a tag, or nothing is called.
    Unknown,
}

impl<'a> Project<'a> {
    pub(crate) fn of(files: impl IntoIterator<Item = &'a Manifests>) -> Self {
        let manifests = files.into_iter().enumerate().flat_map(|(idx, file)| {
            document::documents(file).filter_map(move |document| {
                let root = Spot { tree: document.tree, place: Place::root().index(document.idx) };
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

    /// What a call from the manifest leads to.
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
            Call::Nothing => Target::Unknown,
        }
    }

    fn within<'p>(manifest: &'p Manifest<'a>, name: &str) -> Target<'p, 'a> {
        match manifest.template(name) {
            Some(template) => Target::Found(template, manifest),
            None if has_tag(name) => Target::Unknown,
            None => Target::NoTemplate(manifest),
        }
    }

    /// The workflow template of that name.
    pub(crate) fn library(&self, name: &str, cluster: bool) -> Option<&Manifest<'a>> {
        self.libraries.get(&(cluster, name)).map(|idx| &self.manifests[*idx])
    }

    /// The workflow templates, those of a namespace or those of the cluster.
    pub(crate) fn libraries(&self, cluster: bool) -> impl Iterator<Item = &Manifest<'a>> {
        let kind = if cluster { Kind::ClusterWorkflowTemplate } else { Kind::WorkflowTemplate };
        self.manifests.iter().filter(move |manifest| manifest.kind == kind)
    }

    /// The workflow template that the manifest is a run of, with where it says so.
    pub(crate) fn origin<'p>(
        &'p self,
        manifest: &Manifest<'a>,
    ) -> Option<(Spot<'a>, Option<&'p Manifest<'a>>)> {
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
