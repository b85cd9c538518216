//! Checks names, fields, indices and slices.

use kfp_argo::expression::{Form, NodeId};
use kfp_diag::codes;

use super::kind::Kind;
use super::walk::Walk;
use super::{Pass, builtin, library, name};
use crate::expression::scope::Variable;

impl Walk<'_> {
    /// Returns whether the name is defined outside the expression.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.scope.names.has(name) || builtin::is_name(name) || self.is_function(name)
    }

    pub(super) fn is_function(&self, name: &str) -> bool {
        self.scope.argo && library::FUNCTIONS.contains(&name)
    }

    pub(super) fn name(&mut self, id: NodeId, name: &str) -> Kind {
        if let Some((_, kind)) = self.locals.iter().rev().find(|(local, _)| *local == name) {
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
                if self.pass == Pass::Engine {
                    let (message, help) = name::unknown(self.scope, &[name], self.cut.get(&id).cloned());
                    self.wrong(id, codes::EXPRESSION_NAME, message, help);
                }
                Kind::Unknown
            }
        }
    }

    /// Returns the type of a variable. The engine does not know the types of nested names.
    fn kind_of(&self, variable: &Variable) -> Kind {
        match (Kind::of(variable), self.pass) {
            (Kind::Names(_), Pass::Engine) => Kind::Map,
            (kind, _) => kind,
        }
    }

    pub(super) fn member(&mut self, id: NodeId, base: NodeId, property: NodeId) -> Kind {
        let expression = self.expression;
        if let (Form::Name(name), Form::Text(field)) = (expression.form(base), expression.form(property))
            && name == "$env"
            && !self.locals.iter().any(|(local, _)| local == name)
        {
            return self.scope.names.get(field).map_or(Kind::Unknown, |variable| self.kind_of(variable));
        }
        let (of, by) = (self.visit(base), self.visit(property));
        let field = match expression.form(property) {
            Form::Text(field) => Some(field.as_str()),
            _ => None,
        };
        // At run time, the engine truncates a float index.
        let cut = self.pass == Pass::Values && by == Kind::Float;
        let fits = |wanted: &Kind| by == *wanted || by.is_unknown() || (cut && *wanted == Kind::Integer);
        match &of {
            _ if of.is_unknown() => Kind::Unknown,
            Kind::Names(names) if fits(&Kind::Text) => {
                field.and_then(|field| names.get(field)).map_or(Kind::Unknown, Kind::of)
            }
            Kind::Map if fits(&Kind::Text) => Kind::Any,
            Kind::AnyMap => Kind::Any,
            Kind::List(_) | Kind::Texts | Kind::Bytes if fits(&Kind::Integer) => of.element(),
            // One byte of the string.
            Kind::Text if self.pass == Pass::Values && fits(&Kind::Integer) => Kind::Integer,
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
            _ => format!("cannot index {} with {}", of.shown(), by.shown()),
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
        if kind.is_unknown() && self.pass == Pass::Engine {
            // The engine does not check further.
            return Kind::Unknown;
        }
        if kind != Kind::Text && !kind.is_list() && !kind.is_unknown() {
            let message = format!("cannot slice {}", kind.shown());
            self.wrong(id, codes::EXPRESSION_OPERANDS, message, None);
            return Kind::Unknown;
        }
        for bound in [from, to].into_iter().flatten() {
            let of = self.visit(bound);
            let cut = self.pass == Pass::Values && of == Kind::Float;
            if of != Kind::Integer && !of.is_unknown() && !cut {
                let message = format!("slice bounds must be integers, found {}", of.shown());
                self.wrong(bound, codes::EXPRESSION_OPERANDS, message, self.conversion(&of, "a number"));
            }
        }
        if kind.is_unknown() { Kind::Unknown } else { kind }
    }
}

/// Returns the letter of a type with methods.
pub(super) fn letter(of: &Kind) -> char {
    match of {
        Kind::Time => 'T',
        Kind::Duration => 'D',
        _ => 'Z',
    }
}
