//! Keeps the number of expected steps up to date while a run proceeds.

use kfp_model::{Call, Callee, Loop, Region, Task, TaskKind};

use super::dispatcher::Dispatcher;
use crate::Event;

impl<'r> Dispatcher<'r, '_> {
    /// Counts a region that is going to run.
    pub(super) fn expect_region(&mut self, region: &'r Region) {
        let count = self.expected.region(region);
        self.set_expected(self.expected.total.saturating_add(count));
    }

    /// Counts the iterations of a loop that starts.
    pub(super) fn expect_iterations(&mut self, repeat: &'r Loop, items: usize) {
        let count = self.expected.region(&repeat.body);
        let others = count.saturating_mul(items);
        self.set_expected(self.expected.total.saturating_sub(count).saturating_add(others));
    }

    /// Discounts iterations of a loop that never start.
    pub(super) fn forget_iterations(&mut self, repeat: &'r Loop, items: usize) {
        let count = self.expected.region(&repeat.body).saturating_mul(items);
        self.set_expected(self.expected.total.saturating_sub(count));
    }

    /// Counts the steps of a recursive call that starts; those of other calls are already counted.
    pub(super) fn expect_call(&mut self, pipeline: &'r str) {
        let program = self.plan.program();
        if program.is_recursive(pipeline) {
            self.expect_region(&program.pipeline(pipeline).pipeline().root);
        }
    }

    /// Discounts the steps of a call that does not run, as these are not recorded.
    pub(super) fn forget_call(&mut self, task: &'r Task) {
        if let TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) = &task.kind {
            let count = self.expected.call(name);
            self.set_expected(self.expected.total.saturating_sub(count));
        }
    }

    fn set_expected(&mut self, steps: usize) {
        if std::mem::replace(&mut self.expected.total, steps) != steps {
            (self.events)(Event::TotalChanged { steps });
        }
    }
}
