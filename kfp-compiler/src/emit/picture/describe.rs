//! Readable forms of conditions and expressions.

use kfp_model::{Comparison, ConcatPart, Condition, Expression, Reference};

/// Describes a condition.
pub(crate) fn condition(of: &Condition) -> String {
    let joined = |conditions: &[Condition], operator: &str| {
        conditions.iter().map(nested).collect::<Vec<_>>().join(&format!(" {operator} "))
    };
    match of {
        Condition::Compare(comparison) => {
            let Comparison { left, operator, right } = &**comparison;
            format!("{} {} {}", expression(left), operator.symbol(), expression(right))
        }
        Condition::Holds(value) => expression(value),
        Condition::Present(value) => format!("{} is present", expression(value)),
        Condition::And(conditions) => joined(conditions, "and"),
        Condition::Or(conditions) => joined(conditions, "or"),
        Condition::Not(inner) => format!("not {}", nested(inner)),
    }
}

fn nested(of: &Condition) -> String {
    match of {
        Condition::And(_) | Condition::Or(_) => format!("({})", condition(of)),
        _ => condition(of),
    }
}

/// Describes an expression.
pub(crate) fn expression(of: &Expression) -> String {
    let joined = |items: &[Expression]| items.iter().map(expression).collect::<Vec<_>>().join(", ");
    match of {
        Expression::Constant(value) => value.to_string(),
        Expression::Reference(reference) => self::reference(reference),
        Expression::Field(access) => format!("{}.{}", expression(&access.of), access.name),
        Expression::List(items) => format!("[{}]", joined(items)),
        Expression::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, field)| format!("{name}: {}", expression(field))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Expression::Concat(parts) => parts
            .iter()
            .map(|part| match part {
                ConcatPart::Literal(literal) => literal.clone(),
                ConcatPart::Value(value) => format!("{{{}}}", expression(value)),
            })
            .collect(),
        Expression::FirstPresent(options) => format!("first of {}", joined(options)),
    }
}

fn reference(of: &Reference) -> String {
    match of {
        Reference::Input(name) => name.clone(),
        Reference::Output(output) | Reference::Guarded(output) => {
            let task = output.task.0.rsplit('.').next().unwrap_or(&output.task.0);
            format!("{task}.{}", output.output)
        }
        Reference::Item(_) => "item".to_owned(),
        Reference::Status(_) => "status".to_owned(),
    }
}
