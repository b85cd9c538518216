//! Imports make an artifact of a text.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{TaskKind, Type};

use crate::check::ctx::Ctx;
use crate::check::sites::Role;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        if let TaskKind::Import(import) = &entry.task.kind
            && !matches!(import.r#type, Type::Artifact(_))
        {
            let message =
                format!("import `{}` makes `{}`, which is no artifact", entry.task.name, import.r#type);
            let place = entry.place.key("kind").key("import").key("type");
            found.push(
                Diagnostic::error(codes::IMPORT_TYPE, &place, message).label("expected an artifact type"),
            );
        }
    }
    for site in &ctx.sites.expressions {
        let expected = match site.role {
            Role::Uri => Type::String,
            Role::Metadata => Type::Any,
            _ => continue,
        };
        let Some(given) = ctx.inference().expression(site.expression) else { continue };
        if !expected.accepts(&given) && *given.present() != Type::Secret {
            let what = if matches!(site.role, Role::Uri) { "the URI of an import" } else { "metadata" };
            let message = format!("{what} is `{given}`, but `{expected}` is needed");
            let diagnostic = Diagnostic::error(codes::IMPORT_TYPE, &site.place, message);
            found.push(diagnostic.label(format!("this is `{given}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_tasks, input};

    #[test]
    fn a_text_becomes_an_artifact() {
        let import = json!({"import": {"uri": input("count"), "type": "string"}});
        check_tasks(
            json!([{"id": "i", "name": "i", "kind": import}]),
            &[
                "KFP0312 tasks/0/kind/import/type: import `i` makes `String`, which is no artifact",
                "KFP0312 tasks/0/kind/import/uri: the URI of an import is `i64`, but `String` is needed",
            ],
        );
    }
}
