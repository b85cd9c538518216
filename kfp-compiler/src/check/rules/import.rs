//! Imports have a string as their URI and an artifact type.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{TaskKind, Type};

use crate::check::ctx::Ctx;
use crate::check::sites::Role;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        if let TaskKind::Import(import) = &entry.task.kind
            && !matches!(import.r#type, Type::Artifact(_))
        {
            let message = format!("invalid type `{}` of import `{}`", import.r#type, entry.task.name);
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
        let Some(actual) = ctx.inference().expression(site.expression) else { continue };
        if !expected.accepts(&actual) && *actual.present() != Type::Secret {
            let what =
                if matches!(site.role, Role::Uri) { "the URI of an import" } else { "import metadata" };
            let message = format!("expected `{expected}` for {what}, found `{actual}`");
            let diagnostic = Diagnostic::error(codes::IMPORT_TYPE, &site.place, message);
            found.push(diagnostic.label(format!("this is `{actual}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_tasks, input};

    #[test]
    fn imports_have_a_uri_and_an_artifact_type() {
        let import = json!({"import": {"uri": input("count"), "type": "string"}});
        check_tasks(
            json!([{"id": "i", "name": "i", "kind": import}]),
            &[
                "KFP0312 tasks/0/kind/import/type: invalid type `String` of import `i`",
                "KFP0312 tasks/0/kind/import/uri: expected `String` for the URI of an import, found `i64`",
            ],
        );
    }
}
