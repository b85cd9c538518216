//! Removes limits of parallelism that Argo cannot apply: those of the steps of an exit hook.

use kfp_model::{Document, Region, TaskKind};

/// Removes the limit of the main pipeline and of the loops that its exit task may run, if an exit handler surrounds
/// the main pipeline.
pub(super) fn lift(document: &mut Document) {
    let [main, called @ ..] = document.pipelines.as_mut_slice() else { return };
    let [task] = main.root.tasks.as_slice() else { return };
    if !matches!(task.kind, TaskKind::ExitHandler(_)) {
        return;
    }
    main.settings.parallelism = None;
    for pipeline in called {
        lift_in(&mut pipeline.root);
    }
}

fn lift_in(region: &mut Region) {
    for task in &mut region.tasks {
        match &mut task.kind {
            TaskKind::Branch(branch) => {
                let arms = branch.arms.iter_mut().map(|arm| &mut arm.region);
                arms.chain(&mut branch.otherwise).for_each(lift_in);
            }
            TaskKind::Loop(repeat) => {
                repeat.parallelism = None;
                lift_in(&mut repeat.body);
            }
            TaskKind::ExitHandler(handler) => {
                lift_in(&mut handler.body);
                lift_in(&mut handler.exit);
            }
            TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {}
        }
    }
}
