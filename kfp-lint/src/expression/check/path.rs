//! Names, fields, indices and slices.

use kfp_argo::expression::{Form, NodeId};
use kfp_diag::codes;

use super::kind::Kind;
use super::walk::Walk;
use super::{Look, builtin, library, name};
use crate::expression::scope::Variable;

impl Walk<'_> {
    /// Whether the name stands for something before the expression makes names of its own.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.scope.names.has(name) || builtin::is_name(name) || self.is_function(name)
    }

    pub(super) fn is_function(&self, name: &str) -> bool {
        self.scope.argo && library::FUNCTIONS.contains(&name)
    }

    pub(super) fn name(&mut self, id: NodeId, name: &str) -> Kind {
        if let Some((_, kind)) = self.made.iter().rev().find(|(made, _)| *made == name) {
            return kind.clone();
        }
        if name == "$env" {
            return Kind::Unknown;
        }
        if self.is_function(name) {
            return if name == "sprig" { Kind::Map } else { Kind::Function };
        }
        match self.scope.names.get(name) {
            Some(variable) => self.kind_of(variable),
            None if builtin::is_name(name) => Kind::Function,
            None => {
                if self.look == Look::Engine {
                    let (message, help) = name::unknown(self.scope, &[name], self.cut.get(&id).cloned());
                    self.wrong(id, codes::EXPRESSION_NAME, message, help);
                }
                Kind::Unknown
            }
        }
    }

    /// The engine knows that there are names in a map, and not what they stand for.
    fn kind_of(&self, variable: &Variable) -> Kind {
        match (Kind::of(variable), self.look) {
            (Kind::Names(_), Look::Engine) => Kind::Map,
            (kind, _) => kind,
        }
    }

    pub(super) fn member(&mut self, id: NodeId, base: NodeId, property: NodeId) -> Kind {
        let expression = self.expression;
        if let (Form::Name(name), Form::Text(field)) = (expression.form(base), expression.form(property))
            && name == "$env"
            && !self.made.iter().any(|(made, _)| made == name)
        {
            return self.scope.names.get(field).map_or(Kind::Unknown, |variable| self.kind_of(variable));
        }
        let (of, by) = (self.visit(base), self.visit(property));
        let field = match expression.form(property) {
            Form::Text(field) => Some(field.as_str()),
            _ => None,
        };
        // The engine cuts off what stands behind the point, where it did not know of it before.
        let cut = self.look == Look::Values && by == Kind::Float;
        let fits = |wanted: &Kind| by == *wanted || by.is_unknown() || (cut && *wanted == Kind::Integer);
        match &of {
            _ if of.is_unknown() => Kind::Unknown,
            Kind::Names(names) if fits(&Kind::Text) => {
                field.and_then(|field| names.get(field)).map_or(Kind::Unknown, Kind::of)
            }
            Kind::Map if fits(&Kind::Text) => Kind::Any,
            Kind::AnyMap => Kind::Any,
            Kind::List(_) | Kind::Texts | Kind::Bytes if fits(&Kind::Integer) => of.element(),
            // One byte of the text.
            Kind::Text if self.look == Look::Values && fits(&Kind::Integer) => Kind::Integer,
            Kind::Time | Kind::Duration | Kind::Location
                if field.is_some_and(|field| library::method(letter(&of), field).is_some()) =>
            {
                Kind::Function
            }
            _ => {
                self.no_member(id, &of, &by, field);
                Kind::Unknown
            }
        }
    }

    fn no_member(&mut self, id: NodeId, of: &Kind, by: &Kind, field: Option<&str>) {
        let message = match field {
            Some(field) if !of.is_map() => format!("{} has no field `{field}`", of.shown()),
            _ => format!("nothing of {} is named by {}", of.shown(), by.shown()),
        };
        let help = match (of, by) {
            (Kind::List(_) | Kind::Texts, Kind::Text) => self.conversion(by, "a number"),
            _ => self.conversion(of, "a map"),
        };
        self.wrong(id, codes::EXPRESSION_OPERANDS, message, help);
    }

    pub(super) fn slice(
        &mut self,
        id: NodeId,
        base: NodeId,
        from: Option<NodeId>,
        to: Option<NodeId>,
    ) -> Kind {
        let kind = self.visit(base);
        if kind.is_unknown() && self.look == Look::Engine {
            // The engine looks no further.
            return Kind::Unknown;
        }
        if kind != Kind::Text && !kind.is_list() && !kind.is_unknown() {
            let message = format!("only texts and lists have parts, and this is {}", kind.shown());
            self.wrong(id, codes::EXPRESSION_OPERANDS, message, None);
            return Kind::Unknown;
        }
        for bound in [from, to].into_iter().flatten() {
            let of = self.visit(bound);
            let cut = self.look == Look::Values && of == Kind::Float;
            if of != Kind::Integer && !of.is_unknown() && !cut {
                let message = format!("a part is named by whole numbers, and this is {}", of.shown());
                self.wrong(bound, codes::EXPRESSION_OPERANDS, message, self.conversion(&of, "a number"));
            }
        }
        if kind.is_unknown() { Kind::Unknown } else { kind }
    }
}

/// The letter of a type with methods.
pub(super) fn letter(of: &Kind) -> char {
    match of {
        Kind::Time => 'T',
        Kind::Duration => 'D',
        _ => 'Z',
    }
}
