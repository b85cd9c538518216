//! Values for `.after(..)`.

use crate::notes::TaskRef;

/// A loop, branch or exit handler, as a value for `.after(..)`. It ends when all its tasks have ended.
///
/// ```
/// # use kfp_sdk::prelude::*;
/// #[component]
/// fn clean(folder: String) {
///     let _ = folder;
/// }
///
/// #[pipeline]
/// fn tidy(p: &Pipeline) {
///     let folders = p.parallel_for(["a", "b"]);
///     let all = folders.group();
///     folders.each(|p, folder| {
///         p.add(Clean::new().folder(folder));
///     });
///     p.add(Clean::new().folder("all")).name("at-last").after(&all);
/// }
/// # assert!(Tidy::definition().problems.is_empty());
/// ```
#[derive(Clone, Copy)]
pub struct Group(TaskRef);

/// A value that `.after(..)` accepts: a task, a branch or a [`Group`].
#[diagnostic::on_unimplemented(
    message = "tasks cannot run after `{Self}`",
    label = "expected a task, a branch or a `Group`"
)]
pub trait Before {
    /// Returns the task.
    #[doc(hidden)]
    fn before(&self) -> TaskRef;
}

impl Group {
    pub(super) fn of(task: TaskRef) -> Self {
        Self(task)
    }
}

impl Before for Group {
    fn before(&self) -> TaskRef {
        self.0
    }
}
