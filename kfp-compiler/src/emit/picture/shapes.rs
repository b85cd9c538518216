//! The parts of a picture.

use crate::emit::Mark;

/// The tasks of a region in a possible execution order, and the arrows between them.
#[derive(Debug)]
pub(crate) struct Area {
    /// The tasks.
    pub(crate) units: Vec<Unit>,
    /// Arrows from one unit to another, as indices.
    pub(crate) arrows: Vec<(usize, usize)>,
}

/// The shape of one task.
#[derive(Debug)]
pub(crate) enum Unit {
    /// A task without regions.
    Step {
        /// A unique name of letters, digits and `_`.
        name: String,
        /// The visible label.
        label: String,
        /// The kind of the step.
        kind: StepKind,
        /// What happened in a run.
        mark: Option<Mark>,
    },
    /// A frame around the body of a loop.
    Loop(Frame),
    /// A choice between frames.
    Branch {
        /// The name of the branch.
        name: String,
        /// The arms.
        arms: Vec<Arm>,
        /// What happened in a run.
        mark: Option<Mark>,
    },
    /// A frame, and another one for the exit handler.
    ExitHandler {
        /// The body.
        body: Frame,
        /// The exit region.
        exit: Frame,
    },
}

/// The kind of a [`Unit::Step`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// A call of a component, or an import.
    Plain,
    /// A call of a pipeline.
    Pipeline,
    /// An approval.
    Approval,
}

/// An arm of a branch.
#[derive(Debug)]
pub(crate) struct Arm {
    /// The condition; `None` for `otherwise`.
    pub(crate) condition: Option<String>,
    /// The frame of the region.
    pub(crate) frame: Frame,
}

/// An area with a title.
#[derive(Debug)]
pub(crate) struct Frame {
    /// A unique name of letters, digits and `_`.
    pub(crate) name: String,
    /// The visible title.
    pub(crate) title: String,
    /// What happened in a run.
    pub(crate) mark: Option<Mark>,
    /// The content.
    pub(crate) area: Area,
}

impl Unit {
    /// Returns the name by which arrows refer to the unit.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Step { name, .. } | Self::Branch { name, .. } => name,
            Self::Loop(frame) | Self::ExitHandler { body: frame, .. } => &frame.name,
        }
    }
}
