//! What a task of a random pipeline can see, and whether it may be skipped: the rules of the model, followed while the
//! pipeline is made.

use kfp_model::{Expression, OutputReference, Reference, TaskId, Type};

/// A value that can be seen.
#[derive(Debug, Clone)]
pub(super) struct Visible {
    pub(super) expression: Expression,
    pub(super) r#type: Type,
    /// Whether it is absent, which is not `null`, if its task is skipped.
    pub(super) may_be_absent: bool,
}

/// A task that others can come after.
#[derive(Debug, Clone)]
pub(super) struct Earlier {
    pub(super) id: TaskId,
    /// Whether tasks after it may be skipped, because it may be, or because none of its arms may run.
    pub(super) may_skip_others: bool,
}

/// A region that is being made.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) values: Vec<Visible>,
    pub(super) tasks: Vec<Earlier>,
    /// Whether the task that is being made needs something that may be absent.
    needs_absent: bool,
}

/// The regions that are being made, from the root of the pipeline on.
#[derive(Debug, Default)]
pub(super) struct Scope {
    frames: Vec<Frame>,
}

impl Visible {
    /// A value that is always there.
    pub(super) fn certain(reference: Reference, r#type: Type) -> Self {
        Self { expression: Expression::Reference(reference), r#type, may_be_absent: false }
    }

    /// An output of a task.
    pub(super) fn output(task: &TaskId, output: &str, r#type: Type, is_skipped: bool) -> Self {
        let may_be_absent = is_skipped && !r#type.is_option();
        let reference = OutputReference { task: task.clone(), output: output.to_owned() };
        Self { expression: Expression::Reference(Reference::Output(reference)), r#type, may_be_absent }
    }
}

impl Scope {
    /// Enters a region in which these values can be seen besides those around it.
    pub(super) fn enter(&mut self, values: Vec<Visible>) {
        self.frames.push(Frame { values, ..Frame::default() });
    }

    /// Leaves the innermost region.
    pub(super) fn leave(&mut self) {
        self.frames.pop();
    }

    /// The number of regions around what is being made.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The innermost region.
    pub(super) fn innermost(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a task is in a region")
    }

    /// Starts with a new task of the innermost region.
    pub(super) fn begin_task(&mut self) {
        self.innermost().needs_absent = false;
    }

    /// Whether the task that is being made in the innermost region needs something that may be absent.
    pub(super) fn needs_absent(&mut self) -> bool {
        self.innermost().needs_absent
    }

    /// The values whose type the type accepts, with the numbers of their regions.
    pub(super) fn fitting(&self, r#type: &Type) -> Vec<(usize, Visible)> {
        self.all(|value| {
            let fits = r#type.accepts(&value.r#type) && (r#type.is_option() || !value.r#type.is_option());
            fits.then(|| value.clone())
        })
    }

    /// The options of the type, and the values of it that may be absent.
    pub(super) fn uncertain(&self, r#type: &Type) -> Vec<(usize, Visible)> {
        self.all(|value| {
            let is_uncertain = value.r#type.is_option() || value.may_be_absent;
            (is_uncertain && r#type.present() == value.r#type.present()).then(|| value.clone())
        })
    }

    /// What `wanted` makes of the values, with the numbers of their regions.
    pub(super) fn all<T>(&self, wanted: impl Fn(&Visible) -> Option<T>) -> Vec<(usize, T)> {
        let numbered = self.frames.iter().enumerate();
        let values = numbered.flat_map(|(idx, frame)| frame.values.iter().map(move |value| (idx, value)));
        values.filter_map(|(idx, value)| Some((idx, wanted(value)?))).collect()
    }

    /// Notes that the task being made has to have the value of the region with that number.
    pub(super) fn need(&mut self, frame: usize, value: &Visible) {
        if value.may_be_absent {
            self.frames[frame].needs_absent = true;
        }
    }

    /// What was noted so far about the tasks that are being made.
    pub(super) fn marks(&self) -> Vec<bool> {
        self.frames.iter().map(|frame| frame.needs_absent).collect()
    }

    /// Forgets what was noted since.
    pub(super) fn restore(&mut self, marks: &[bool]) {
        for (frame, mark) in self.frames.iter_mut().zip(marks) {
            frame.needs_absent = *mark;
        }
    }

    /// Notes that the task comes after an earlier one.
    pub(super) fn come_after(&mut self, earlier: &Earlier) {
        if earlier.may_skip_others {
            self.innermost().needs_absent = true;
        }
    }
}
