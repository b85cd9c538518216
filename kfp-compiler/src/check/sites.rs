//! The sites of a pipeline: every expression and condition with its place and its scope.

use kfp_model::{
    Arm, Call, ConcatPart, Condition, Expression, FieldAccess, Place, Reference, Task, TaskId, TaskKind,
};

use super::scope::{RegionId, Scopes};

/// An expression that is not part of another one.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    pub(crate) expression: &'a Expression,
    pub(crate) place: Place,
    /// The task that it belongs to; for a yielded value, the task that contains the region.
    pub(crate) task: Option<&'a Task>,
    /// The region that is its scope.
    pub(crate) region: RegionId,
    pub(crate) role: Role<'a>,
}

/// What an expression is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role<'a> {
    Argument(&'a Call, &'a str),
    Condition,
    Items,
    Uri,
    Metadata,
    Yield,
}

/// A whole condition of an arm.
#[derive(Debug)]
pub(crate) struct ConditionSite<'a> {
    pub(crate) condition: &'a Condition,
    pub(crate) place: Place,
}

/// All sites of a pipeline.
#[derive(Debug, Default)]
pub(crate) struct Sites<'a> {
    pub(crate) expressions: Vec<Site<'a>>,
    pub(crate) conditions: Vec<ConditionSite<'a>>,
}

impl<'a> Sites<'a> {
    pub(crate) fn of(scopes: &Scopes<'a>) -> Self {
        let mut sites = Self::default();
        for (region, entry) in scopes.regions() {
            let task = entry.holder.map(|(task, _)| task);
            let place = entry.place.key("yields");
            for (name, expression) in &entry.region.yields {
                let (place, role) = (place.key(name), Role::Yield);
                sites.expressions.push(Site { expression, place, task, region, role });
            }
        }
        for entry in scopes.entries.values() {
            sites.add_task(entry.task, &entry.place, entry.region);
        }
        sites
    }

    fn add_task(&mut self, task: &'a Task, place: &Place, region: RegionId) {
        for_each_direct_expression(task, place, &mut |expression, place, role| {
            self.expressions.push(Site { expression, place: place.clone(), task: Some(task), region, role });
        });
        if let TaskKind::Branch(branch) = &task.kind {
            let arms = place.key("kind").key("branch").key("arms");
            for (idx, Arm { condition, .. }) in branch.arms.iter().enumerate() {
                let place = arms.index(idx).key("condition");
                self.conditions.push(ConditionSite { condition, place });
            }
        }
    }
}

/// Returns the task that a reference depends on. Items and exit handler values are available without a dependency.
pub(crate) fn dependency(reference: &Reference) -> Option<&TaskId> {
    match reference {
        Reference::Output(output) => Some(&output.task),
        Reference::Input(_) | Reference::Item(_) | Reference::Status(_) | Reference::Guarded(_) => None,
    }
}

/// Calls `visit` with every expression of the task and of the yields of its regions, but not of the tasks in them.
pub(crate) fn for_each_own_expression<'a>(task: &'a Task, visit: &mut impl FnMut(&'a Expression)) {
    match &task.kind {
        TaskKind::Call(call) => call.arguments.values().for_each(&mut *visit),
        TaskKind::Branch(branch) => {
            for arm in &branch.arms {
                arm.condition.for_each_expression(visit);
            }
        }
        TaskKind::Loop(repeat) => visit(&repeat.items),
        TaskKind::Import(import) => {
            visit(&import.uri);
            import.metadata.values().for_each(&mut *visit);
        }
        TaskKind::ExitHandler(_) | TaskKind::Approval(_) => {}
    }
    for region in task.regions() {
        region.yields.values().for_each(&mut *visit);
    }
}

/// Calls `visit` with the expressions of the task itself: arguments, conditions, items, URI and metadata.
fn for_each_direct_expression<'a>(
    task: &'a Task,
    place: &Place,
    visit: &mut impl FnMut(&'a Expression, &Place, Role<'a>),
) {
    let kind = place.key("kind");
    match &task.kind {
        TaskKind::Call(call) => {
            let arguments = kind.key("call").key("arguments");
            for (name, argument) in &call.arguments {
                visit(argument, &arguments.key(name), Role::Argument(call, name));
            }
        }
        TaskKind::Branch(branch) => {
            let arms = kind.key("branch").key("arms");
            for (idx, Arm { condition, .. }) in branch.arms.iter().enumerate() {
                let place = arms.index(idx).key("condition");
                for_each_condition(condition, &place, &mut |condition, place| {
                    for (expression, place) in operands(condition, place) {
                        visit(expression, &place, Role::Condition);
                    }
                });
            }
        }
        TaskKind::Loop(repeat) => visit(&repeat.items, &kind.key("loop").key("items"), Role::Items),
        TaskKind::Import(import) => {
            let place = kind.key("import");
            visit(&import.uri, &place.key("uri"), Role::Uri);
            for (name, value) in &import.metadata {
                visit(value, &place.key("metadata").key(name), Role::Metadata);
            }
        }
        TaskKind::ExitHandler(_) | TaskKind::Approval(_) => {}
    }
}

/// Calls `visit` with the condition and all nested conditions, outermost first.
pub(crate) fn for_each_condition<'a>(
    condition: &'a Condition,
    place: &Place,
    visit: &mut impl FnMut(&'a Condition, &Place),
) {
    visit(condition, place);
    match condition {
        Condition::Compare(_) | Condition::Holds(_) | Condition::Present(_) => {}
        Condition::And(parts) | Condition::Or(parts) => {
            let place = place.key(if matches!(condition, Condition::And(_)) { "and" } else { "or" });
            for (idx, part) in parts.iter().enumerate() {
                for_each_condition(part, &place.index(idx), visit);
            }
        }
        Condition::Not(inner) => for_each_condition(inner, &place.key("not"), visit),
    }
}

/// Returns the expressions of a condition, without those of nested conditions.
pub(crate) fn operands<'a>(condition: &'a Condition, place: &Place) -> Vec<(&'a Expression, Place)> {
    match condition {
        Condition::Compare(comparison) => {
            let place = place.key("compare");
            vec![(&comparison.left, place.key("left")), (&comparison.right, place.key("right"))]
        }
        Condition::Holds(expression) => vec![(expression, place.key("holds"))],
        Condition::Present(expression) => vec![(expression, place.key("present"))],
        Condition::And(_) | Condition::Or(_) | Condition::Not(_) => Vec::new(),
    }
}

/// Returns the direct subexpressions, with their places.
pub(crate) fn parts<'a>(expression: &'a Expression, place: &Place) -> Vec<(&'a Expression, Place)> {
    let indexed = |key: &str, items: &'a [Expression]| {
        let place = place.key(key);
        items.iter().enumerate().map(|(idx, item)| (item, place.index(idx))).collect()
    };
    match expression {
        Expression::Constant(_) | Expression::Reference(_) => Vec::new(),
        Expression::Field(access) => {
            let FieldAccess { of, .. } = &**access;
            vec![(of, place.key("field").key("of"))]
        }
        Expression::List(items) => indexed("list", items),
        Expression::FirstPresent(options) => indexed("first_present", options),
        Expression::Struct(fields) => {
            let place = place.key("struct");
            fields.iter().map(|(name, value)| (value, place.key(name))).collect()
        }
        Expression::Concat(parts) => {
            let place = place.key("concat");
            let values = parts.iter().enumerate().filter_map(|(idx, part)| match part {
                ConcatPart::Literal(_) => None,
                ConcatPart::Value(value) => Some((value, place.index(idx).key("value"))),
            });
            values.collect()
        }
    }
}

/// Calls `visit` with the expression and all its subexpressions, outermost first.
pub(crate) fn for_each_part<'a>(
    expression: &'a Expression,
    place: &Place,
    visit: &mut impl FnMut(&'a Expression, &Place),
) {
    visit(expression, place);
    for (part, place) in parts(expression, place) {
        for_each_part(part, &place, visit);
    }
}
