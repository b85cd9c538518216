//! The parts of a picture.

/// The tasks of a region, in an order in which they may run, and what comes before what.
#[derive(Debug)]
pub(crate) struct Area {
    /// The tasks.
    pub(crate) units: Vec<Unit>,
    /// Arrows from one unit to another, as indices.
    pub(crate) arrows: Vec<(usize, usize)>,
}

/// What is drawn of one task.
#[derive(Debug)]
pub(crate) enum Unit {
    /// A task without regions.
    Step {
        /// A name of letters, digits and `_` that no other part of the picture has.
        name: String,
        /// What people see.
        label: String,
        /// What it is.
        kind: StepKind,
    },
    /// A frame around what is repeated.
    Loop(Frame),
    /// A choice between frames.
    Branch {
        /// The name of the choice.
        name: String,
        /// What is chosen from.
        arms: Vec<Arm>,
    },
    /// A frame, and another one for what runs afterwards.
    ExitHandler {
        /// What is guarded.
        body: Frame,
        /// What runs afterwards.
        exit: Frame,
    },
}

/// What a [`Unit::Step`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// A call of a component, or an import.
    Plain,
    /// A call of a pipeline.
    Pipeline,
    /// A pause until somebody approves.
    Approval,
}

/// One of several frames.
#[derive(Debug)]
pub(crate) struct Arm {
    /// When it is chosen; without one, if no other is.
    pub(crate) condition: Option<String>,
    /// What then runs.
    pub(crate) frame: Frame,
}

/// An area with a title.
#[derive(Debug)]
pub(crate) struct Frame {
    /// A name of letters, digits and `_` that no other part of the picture has.
    pub(crate) name: String,
    /// What people see.
    pub(crate) title: String,
    /// What is in it.
    pub(crate) area: Area,
}

impl Unit {
    /// The name by which arrows refer to the unit.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Step { name, .. } | Self::Branch { name, .. } => name,
            Self::Loop(frame) | Self::ExitHandler { body: frame, .. } => &frame.name,
        }
    }
}
