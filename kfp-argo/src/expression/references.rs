//! The variables that an expression reads.

use std::collections::BTreeSet;
use std::ops::Range;

use super::operator::{BinaryOperator, UnaryOperator};
use super::tree::{Expression, Form, NodeId};

/// A variable that an expression reads, up to the first computed component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The components of the path: `tasks['a-b'].status` has three.
    pub path: Vec<String>,
    /// The byte range of the path in the expression.
    pub span: Range<usize>,
    /// Whether a computed component follows, as in `inputs.parameters[name]`.
    pub computed: bool,
    /// The number of components that must exist before Argo evaluates a tag. If they do not, it waits for them (`tasks`
    /// and `steps`) or does not replace the tag, even if the variable would not be read.
    pub required: usize,
    /// How the expression handles an absent variable.
    pub guards: Guards,
}

/// How an expression handles an absent variable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guards {
    /// It is on the left of `??`.
    pub coalesced: bool,
    /// A component of the path is accessed with `?.`.
    pub optional: bool,
    /// It is read only after a test of a status, such as that of the task that produces it.
    pub status: Option<StatusTest>,
}

/// The result of a status test where a variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusTest {
    /// The status is `Succeeded`.
    Succeeded,
    /// The status was tested in another way.
    Other,
}

impl Guards {
    /// Returns whether the expression has a value if the variable is absent.
    pub fn any(self) -> bool {
        self.coalesced || self.optional || self.status.is_some()
    }
}

impl Reference {
    /// Returns the dotted path, as Argo writes names.
    pub fn dotted(&self) -> String {
        self.path.join(".")
    }
}

/// Returns the variables that the expression reads, in source order and including duplicates. Functions and local
/// variables are not included.
///
/// ```
/// use kfp_argo::expression::{StatusTest, parse, references};
/// let text = "tasks['a-b'].status == 'Succeeded' ? tasks['a-b'].outputs.result : inputs?.parameters?.x ?? ''";
/// let found = references(&parse(text).unwrap());
/// assert_eq!(found[0].path, ["tasks", "a-b", "status"]);
/// assert_eq!(found[1].dotted(), "tasks.a-b.outputs.result");
/// assert_eq!(found[1].guards.status, Some(StatusTest::Succeeded));
/// assert!(found[2].guards.coalesced && found[2].guards.optional);
/// ```
pub fn references(expression: &Expression) -> Vec<Reference> {
    let mut walk =
        Walk { expression, found: Vec::new(), skipped: skipped(expression), seen: BTreeSet::new() };
    walk.all();
    walk.found.sort_by_key(|reference| (reference.span.start, reference.span.end));
    walk.found
}

/// The context of a node.
#[derive(Debug, Clone, Default)]
struct Context {
    coalesced: bool,
    /// The path prefixes whose status has been tested.
    tested: Vec<(Vec<String>, StatusTest)>,
    /// The local variables.
    locals: Vec<String>,
}

/// A component of a path, which is walked from its end.
struct Step {
    /// Its name, unless it is computed.
    name: Option<String>,
    end: usize,
    optional: bool,
    skipped: bool,
}

struct Walk<'e> {
    expression: &'e Expression,
    found: Vec<Reference>,
    skipped: BTreeSet<NodeId>,
    seen: BTreeSet<NodeId>,
}

impl Walk<'_> {
    fn all(&mut self) {
        let mut open = vec![(self.expression.root, Context::default())];
        while let Some((id, context)) = open.pop() {
            // Chained comparisons share an operand, which is visited once.
            if self.seen.insert(id) {
                self.node(id, context, &mut open);
            }
        }
    }

    fn node(&mut self, id: NodeId, context: Context, open: &mut Vec<(NodeId, Context)>) {
        match self.expression.form(id) {
            Form::Name(_) | Form::Member { .. } | Form::Chain(_) => self.path(id, context, open),
            Form::Binary { operator: BinaryOperator::Coalesce, left, right, .. } => {
                open.push((*left, Context { coalesced: true, ..context.clone() }));
                open.push((*right, context));
            }
            Form::Binary { operator: operator @ (BinaryOperator::And | BinaryOperator::Or), .. } => {
                self.row(id, *operator, context, open);
            }
            Form::Conditional { condition, then, otherwise } => {
                open.push((*then, self.knowing(*condition, true, &context)));
                open.push((*otherwise, self.knowing(*condition, false, &context)));
                open.push((*condition, context));
            }
            Form::Let { name, value, body } => {
                open.push((*value, context.clone()));
                let mut inner = context;
                inner.locals.push(name.clone());
                open.push((*body, inner));
            }
            Form::Call { callee, arguments } => {
                // A function is not a variable, but the receiver of a method may be.
                match self.expression.form(*callee) {
                    Form::Name(_) => {}
                    Form::Member { base, .. } if matches!(self.expression.form(*base), Form::Name(name) if name == "sprig") =>
                        {}
                    Form::Member { base, .. } => open.push((*base, context.clone())),
                    _ => open.push((*callee, context.clone())),
                }
                open.extend(arguments.iter().map(|argument| (*argument, context.clone())));
            }
            _ => open.extend(self.expression.children(id).into_iter().map(|child| (child, context.clone()))),
        }
    }

    /// Visits operands of the same logical operator. Each is evaluated only if the previous ones allow it.
    fn row(
        &self,
        id: NodeId,
        operator: BinaryOperator,
        mut context: Context,
        open: &mut Vec<(NodeId, Context)>,
    ) {
        let (mut operands, mut current) = (Vec::new(), id);
        while let Form::Binary { operator: other, left, right, .. } = self.expression.form(current) {
            if *other != operator {
                break;
            }
            operands.push(*right);
            current = *left;
        }
        operands.push(current);
        let value = operator == BinaryOperator::And;
        for operand in operands.into_iter().rev() {
            open.push((operand, context.clone()));
            context = self.knowing(operand, value, &context);
        }
    }

    /// Walks a path to its first name.
    fn path(&mut self, id: NodeId, context: Context, open: &mut Vec<(NodeId, Context)>) {
        let (mut steps, mut current) = (Vec::new(), id);
        let mut guards = Guards { coalesced: context.coalesced, ..Guards::default() };
        loop {
            match self.expression.form(current) {
                Form::Chain(inner) => current = *inner,
                Form::Member { base, property, optional, .. } => {
                    guards.optional |= optional;
                    let step = match self.expression.form(*property) {
                        Form::Text(step) => Some(step.clone()),
                        _ => {
                            open.push((*property, context.clone()));
                            None
                        }
                    };
                    let skipped = *optional || self.skipped.contains(&current);
                    let end = self.expression.node(current).span.end;
                    steps.push(Step { name: step, end, optional: *optional, skipped });
                    current = *base;
                }
                Form::Name(name) => {
                    self.found(name, steps, &context, guards, current);
                    return;
                }
                _ => {
                    open.push((current, Context { coalesced: guards.coalesced, ..context }));
                    return;
                }
            }
        }
    }

    fn found(&mut self, name: &str, steps: Vec<Step>, context: &Context, guards: Guards, id: NodeId) {
        if context.locals.iter().any(|local| local == name) || super::builtin::is_builtin(name) {
            return;
        }
        let mut span = self.expression.node(id).span.clone();
        let mut path = vec![name.to_owned()];
        let (mut computed, mut looking, mut required) = (false, true, 1);
        for step in steps.into_iter().rev() {
            let Some(name) = step.name else {
                computed = true;
                break;
            };
            path.push(name);
            span.end = step.end;
            looking &= !step.optional;
            if looking && !step.skipped {
                required = path.len();
            }
        }
        // `$env` is the scope itself.
        if path[0] == "$env" {
            path.remove(0);
            required = 0;
        }
        if path.is_empty() {
            return;
        }
        let status = context.tested.iter().rev().find(|(of, _)| path.starts_with(of)).map(|(_, test)| *test);
        self.found.push(Reference { path, span, computed, required, guards: Guards { status, ..guards } });
    }

    /// Returns the context of code that is evaluated only if the condition has that value.
    fn knowing(&self, condition: NodeId, value: bool, context: &Context) -> Context {
        let mut context = context.clone();
        let mut open = vec![(condition, value)];
        while let Some((id, value)) = open.pop() {
            match self.expression.form(id) {
                Form::Unary { operator: UnaryOperator::Not, operand } => {
                    open.push((*operand, !value));
                }
                Form::Binary { operator, left, right, .. } => match (operator, value) {
                    (BinaryOperator::And, true) | (BinaryOperator::Or, false) => {
                        open.extend([(*left, value), (*right, value)]);
                    }
                    (BinaryOperator::Equal | BinaryOperator::NotEqual, _) => {
                        let is_equal = value == (*operator == BinaryOperator::Equal);
                        context.tested.extend(self.tested(*left, *right, is_equal));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        context
    }

    /// Returns the status test of a comparison.
    fn tested(&self, left: NodeId, right: NodeId, equal: bool) -> Option<(Vec<String>, StatusTest)> {
        let (path, text) = match (self.expression.form(left), self.expression.form(right)) {
            (_, Form::Text(text)) => (self.fixed(left)?, text),
            (Form::Text(text), _) => (self.fixed(right)?, text),
            _ => return None,
        };
        let (last, of) = path.split_last()?;
        let test = if equal && text == "Succeeded" { StatusTest::Succeeded } else { StatusTest::Other };
        (last == "status" && !of.is_empty()).then(|| (of.to_vec(), test))
    }

    /// Returns the path of the node if all of its components are constant.
    fn fixed(&self, id: NodeId) -> Option<Vec<String>> {
        let (mut steps, mut current) = (Vec::new(), id);
        loop {
            match self.expression.form(current) {
                Form::Chain(inner) => current = *inner,
                Form::Member { base, property, .. } => {
                    let Form::Text(step) = self.expression.form(*property) else { return None };
                    steps.push(step.clone());
                    current = *base;
                }
                Form::Name(name) => {
                    steps.push(name.clone());
                    steps.reverse();
                    return Some(steps);
                }
                _ => return None,
            }
        }
    }
}

/// Returns the nodes that Argo skips when it checks for missing variables: paths on the left of `??`, and those before
/// a `?.`.
fn skipped(expression: &Expression) -> BTreeSet<NodeId> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let member = |id: NodeId| matches!(expression.form(id), Form::Member { .. });
    for (_, node) in expression.nodes() {
        match &node.form {
            Form::Binary { operator: BinaryOperator::Coalesce, left, .. } => {
                let mut open = vec![*left];
                while let Some(id) = open.pop() {
                    // The children of a seen node have been seen too.
                    if seen.insert(id) {
                        open.extend(expression.children(id));
                        found.extend(Some(id).filter(|id| member(*id)));
                    }
                }
            }
            Form::Member { base, optional: true, .. } if member(*base) => {
                found.insert(*base);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::parse;

    fn shown(text: &str) -> String {
        let show = |reference: &Reference| {
            let guards = reference.guards;
            let marks = [
                (reference.computed, "[…]".to_owned()),
                (guards.coalesced, " ??".to_owned()),
                (guards.optional, " ?.".to_owned()),
                (guards.status.is_some(), format!(" {:?}", guards.status.unwrap_or(StatusTest::Other))),
                (reference.required < reference.path.len(), format!(" <{}", reference.required)),
            ];
            let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| mark.as_str()).collect();
            assert!(text.is_char_boundary(reference.span.end), "{text}");
            format!("{}{marks}", reference.dotted())
        };
        references(&parse(text).unwrap()).iter().map(show).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn variables_are_found_with_their_guards() {
        for (text, expected) in [
            ("1 + 'a' + len([true, nil])", ""),
            ("inputs.parameters.a + item", "inputs.parameters.a, item"),
            ("inputs.parameters['a-b'].x", "inputs.parameters.a-b.x"),
            ("inputs.parameters[name].x", "inputs.parameters[…], name"),
            ("f(a, b.c) | upper()", "a, b.c"),
            ("sprig.trim(item).foo()", "item"),
            ("let x = a; x.b + c", "a, c"),
            ("map(a.items, #.b + .c + d)", "a.items, d"),
            ("a.b ?? c.d", "a.b ?? <1, c.d"),
            ("(a.b + e) ?? c", "a.b ?? <1, e ??, c"),
            ("tasks['x']?.outputs?.parameters?.['p']", "tasks.x.outputs.parameters.p ?. <1"),
            ("tasks.x.outputs?.p", "tasks.x.outputs.p ?. <2"),
            ("tasks?.x", "tasks.x ?. <1"),
            ("t.x.status == 'Succeeded' ? t.x.o : t.y.o", "t.x.status, t.x.o Succeeded, t.y.o"),
            ("t.x.status != 'Succeeded' ? 1 : t.x.o", "t.x.status, t.x.o Succeeded"),
            ("t.x.status != '' && t.x.o == 'a'", "t.x.status, t.x.o Other"),
            ("!(t.x.status != 'Succeeded' || b) ? t.x.o : 1", "t.x.status, b, t.x.o Succeeded"),
            ("'Succeeded' == t['x'].status ? t.x.o : 1", "t.x.status, t.x.o Succeeded"),
            ("t.x.status == 'Succeeded' || t.x.o", "t.x.status, t.x.o Other"),
            ("$env['a-b'].c", "a-b.c <0"),
            ("1 < a < 3", "a"),
            ("{'k': a}[b:c]", "a, b, c"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
