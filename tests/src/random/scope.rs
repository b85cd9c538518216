//! Tracks which values a task of a random pipeline can use and whether it may be skipped, by the rules of the
//! model.

use kfp_model::{Expression, OutputReference, Reference, TaskId, Type};

/// A value that the current task can use.
#[derive(Debug, Clone)]
pub(super) struct Visible {
    pub(super) expression: Expression,
    pub(super) r#type: Type,
    /// Whether the value is absent (not `null`) if its task is skipped.
    pub(super) may_be_absent: bool,
}

/// A task that later ones can be ordered after.
#[derive(Debug, Clone)]
pub(super) struct Earlier {
    pub(super) id: TaskId,
    /// Whether tasks after it may be skipped, because it may be skipped or none of its arms may run.
    pub(super) may_skip_others: bool,
}

/// A region under construction.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) values: Vec<Visible>,
    pub(super) tasks: Vec<Earlier>,
    /// Whether the current task needs a value that may be absent.
    needs_absent: bool,
}

/// The regions under construction, from the root of the pipeline inwards.
#[derive(Debug, Default)]
pub(super) struct Scope {
    frames: Vec<Frame>,
}

impl Visible {
    /// Creates a value that is always present.
    pub(super) fn certain(reference: Reference, r#type: Type) -> Self {
        Self { expression: Expression::Reference(reference), r#type, may_be_absent: false }
    }

    /// Creates the value of a task's output.
    pub(super) fn output(task: &TaskId, output: &str, r#type: Type, is_skipped: bool) -> Self {
        let may_be_absent = is_skipped && !r#type.is_option();
        let reference = OutputReference { task: task.clone(), output: output.to_owned() };
        Self { expression: Expression::Reference(Reference::Output(reference)), r#type, may_be_absent }
    }
}

impl Scope {
    /// Enters a region in which these values are visible in addition to those around it.
    pub(super) fn enter(&mut self, values: Vec<Visible>) {
        self.frames.push(Frame { values, ..Frame::default() });
    }

    /// Leaves the innermost region.
    pub(super) fn leave(&mut self) {
        self.frames.pop();
    }

    /// Returns the nesting depth of the current region.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Returns the innermost region.
    pub(super) fn innermost(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a task is in a region")
    }

    /// Starts a new task of the innermost region.
    pub(super) fn start_task(&mut self) {
        self.innermost().needs_absent = false;
    }

    /// Returns whether the current task of the innermost region needs a value that may be absent.
    pub(super) fn needs_absent(&mut self) -> bool {
        self.innermost().needs_absent
    }

    /// Returns the values that the type accepts, with the indices of their regions.
    pub(super) fn fitting(&self, r#type: &Type) -> Vec<(usize, Visible)> {
        self.all(|value| {
            let fits = r#type.accepts(&value.r#type) && (r#type.is_option() || !value.r#type.is_option());
            fits.then(|| value.clone())
        })
    }

    /// Returns the options of the type and the values of it that may be absent.
    pub(super) fn uncertain(&self, r#type: &Type) -> Vec<(usize, Visible)> {
        self.all(|value| {
            let is_uncertain = value.r#type.is_option() || value.may_be_absent;
            (is_uncertain && r#type.present() == value.r#type.present()).then(|| value.clone())
        })
    }

    /// Returns the results of `select` for the visible values, with the indices of their regions.
    pub(super) fn all<T>(&self, select: impl Fn(&Visible) -> Option<T>) -> Vec<(usize, T)> {
        let numbered = self.frames.iter().enumerate();
        let values = numbered.flat_map(|(idx, frame)| frame.values.iter().map(move |value| (idx, value)));
        values.filter_map(|(idx, value)| Some((idx, select(value)?))).collect()
    }

    /// Records that the current task needs a value of the region with that index.
    pub(super) fn need(&mut self, frame: usize, value: &Visible) {
        if value.may_be_absent {
            self.frames[frame].needs_absent = true;
        }
    }

    /// Returns the state of the tasks under construction.
    pub(super) fn marks(&self) -> Vec<bool> {
        self.frames.iter().map(|frame| frame.needs_absent).collect()
    }

    /// Restores an earlier state.
    pub(super) fn restore(&mut self, marks: &[bool]) {
        for (frame, mark) in self.frames.iter_mut().zip(marks) {
            frame.needs_absent = *mark;
        }
    }

    /// Records that the task runs after an earlier one.
    pub(super) fn come_after(&mut self, earlier: &Earlier) {
        if earlier.may_skip_others {
            self.innermost().needs_absent = true;
        }
    }
}
