//! All cases, by group.

#[path = "04_branches.rs"]
mod branches;
#[path = "01_shapes.rs"]
mod shapes;

use crate::case::Case;

/// All cases, in the order of their groups.
pub(crate) fn all() -> Vec<Case> {
    let groups: [(&str, fn() -> Vec<Case>); 2] =
        [("01-shapes", shapes::cases), ("04-branches", branches::cases)];
    let mut all = Vec::new();
    for (group, cases) in groups {
        for mut case in cases() {
            group.clone_into(&mut case.expected.group);
            all.push(case);
        }
    }
    all
}
