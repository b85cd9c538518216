//! The input of the rules: one pipeline with the indexes over it, and the interfaces of what it calls.

use indexmap::IndexMap;
use kfp_model::{Call, Callee, Component, Document, Input, Output, Pipeline, Place};

use super::dependencies::{Dependencies, dependencies};
use super::infer::Inference;
use super::resolve::resolve;
use super::scope::Scopes;
use super::sites::Sites;
use super::skips::Skips;
use super::types::Types;

/// A pipeline and the indexes over it.
pub(super) struct Ctx<'a> {
    pub(super) document: &'a Document,
    pub(super) pipeline: &'a Pipeline,
    pub(super) place: Place,
    pub(super) scopes: Scopes<'a>,
    pub(super) sites: Sites<'a>,
    pub(super) types: Types<'a>,
    pub(super) dependencies: Dependencies<'a>,
    pub(super) skips: Skips<'a>,
}

/// The interface of a component or a pipeline.
pub(super) struct Interface<'a> {
    /// `component` or `pipeline`.
    pub(super) noun: &'static str,
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) inputs: &'a IndexMap<String, Input>,
    pub(super) outputs: &'a IndexMap<String, Output>,
}

impl<'a> Ctx<'a> {
    pub(super) fn of(document: &'a Document, pipeline: &'a Pipeline) -> Self {
        let idx = document.pipelines.iter().position(|other| std::ptr::eq(other, pipeline)).unwrap_or(0);
        let place = Place::root().key("pipelines").index(idx);
        let scopes = Scopes::of(pipeline, &place);
        let sites = Sites::of(&scopes);
        let types = resolve(document, pipeline, &scopes);
        let dependencies = dependencies(&scopes, &sites);
        let inference = Inference { document, pipeline, scopes: &scopes, types: &types };
        let skips = Skips::of(inference, &dependencies);
        Self { document, pipeline, place, scopes, sites, types, dependencies, skips }
    }

    /// Returns the inference of expression types.
    pub(super) fn inference(&self) -> Inference<'_, 'a> {
        let (scopes, types) = (&self.scopes, &self.types);
        Inference { document: self.document, pipeline: self.pipeline, scopes, types }
    }

    /// Returns the interface of the callee, or `None` if it does not exist.
    pub(super) fn callee(&self, call: &Call) -> Option<Interface<'a>> {
        match &call.callee {
            Callee::Component(id) => {
                let component = self.document.components.get(id)?;
                Some(Interface::of_component(component, Place::root().key("components").key(&id.0)))
            }
            Callee::Pipeline(name) => {
                let idx = self.document.pipelines.iter().position(|pipeline| pipeline.name == *name)?;
                Some(Interface::of_pipeline(
                    &self.document.pipelines[idx],
                    Place::root().key("pipelines").index(idx),
                ))
            }
        }
    }
}

impl<'a> Interface<'a> {
    pub(super) fn of_component(component: &'a Component, place: Place) -> Self {
        let Component { name, inputs, outputs, .. } = component;
        Self { noun: "component", name, place, inputs, outputs }
    }

    pub(super) fn of_pipeline(pipeline: &'a Pipeline, place: Place) -> Self {
        let Pipeline { name, inputs, outputs, .. } = pipeline;
        Self { noun: "pipeline", name, place, inputs, outputs }
    }

    /// Returns the place where an input is declared.
    pub(super) fn input_place(&self, name: &str) -> Place {
        self.place.key("inputs").key(name)
    }

    /// Returns the place where an output is declared.
    pub(super) fn output_place(&self, name: &str) -> Place {
        self.place.key("outputs").key(name)
    }
}
