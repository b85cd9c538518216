//! Drafts of tasks: they refer to other tasks and regions by number, as names are assigned later.

use std::panic::Location;

use kfp_model::Trigger;

use super::definition::PipelineDefinition;
use super::policy::Policy;
use crate::handle::Expr;
use crate::notes::{self, Node, Raw, TaskRef};

/// The result of running a pipeline function once.
pub(super) struct Build {
    /// The id of its notes.
    pub(super) id: u32,
    pub(super) definition: &'static PipelineDefinition,
    /// The regions; the first is the root.
    pub(super) regions: Vec<RegionDraft>,
    /// The regions whose bodies are running, innermost last.
    pub(super) open: Vec<usize>,
    /// The tasks, in the order in which they are added.
    pub(super) tasks: Vec<TaskDraft>,
}

#[derive(Default)]
pub(super) struct RegionDraft {
    pub(super) tasks: Vec<usize>,
    pub(super) yields: Vec<(String, Raw)>,
}

pub(super) struct TaskDraft {
    /// The default name; numbers make it unique.
    pub(super) base: String,
    /// The name that the author set.
    pub(super) name: Option<String>,
    pub(super) kind: KindDraft,
    pub(super) after: Vec<(TaskRef, &'static Location<'static>)>,
    pub(super) policy: Policy,
    pub(super) trigger: Trigger,
}

pub(super) enum KindDraft {
    Call(CallDraft),
    Branch { arms: Vec<ArmDraft>, otherwise: Option<usize> },
    Loop(LoopDraft),
    ExitHandler { body: usize, exit: usize },
    Approval(kfp_model::Approval),
    Import(ImportDraft),
}

pub(super) struct ImportDraft {
    pub(super) uri: Node,
    pub(super) r#type: kfp_model::Type,
    pub(super) metadata: Vec<(String, Node)>,
}

pub(super) struct CallDraft {
    pub(super) callee: kfp_model::Callee,
    pub(super) arguments: Vec<Argument>,
    pub(super) max_depth: Option<(u32, &'static Location<'static>)>,
    pub(super) continue_on_failure: bool,
}

/// An argument of a call.
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) value: Expr,
    pub(super) location: &'static Location<'static>,
}

pub(super) struct ArmDraft {
    pub(super) name: String,
    pub(super) condition: Raw,
    pub(super) region: usize,
    pub(super) location: &'static Location<'static>,
}

pub(super) struct LoopDraft {
    pub(super) items: Node,
    pub(super) parallelism: Option<u32>,
    pub(super) max_items: Option<u32>,
    pub(super) body: usize,
}

impl Build {
    pub(super) fn new(id: u32, definition: &'static PipelineDefinition) -> Self {
        Self { id, definition, regions: vec![RegionDraft::default()], open: vec![0], tasks: Vec::new() }
    }

    /// Adds a task to the innermost open region.
    pub(super) fn add(&mut self, task: TaskDraft, location: &'static Location<'static>) -> TaskRef {
        let region = self.open.last().copied().unwrap_or_default();
        self.regions[region].tasks.push(self.tasks.len());
        self.tasks.push(task);
        notes::add_task(self.id, location)
    }

    pub(super) fn new_region(&mut self) -> usize {
        self.regions.push(RegionDraft::default());
        self.regions.len() - 1
    }
}

impl TaskDraft {
    pub(super) fn new(base: impl Into<String>, kind: KindDraft) -> Self {
        Self {
            base: base.into(),
            name: None,
            kind,
            after: Vec::new(),
            policy: Policy::new(),
            trigger: Trigger::default(),
        }
    }
}
