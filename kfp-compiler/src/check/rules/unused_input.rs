//! Parameters are used (a warning).

use std::collections::BTreeSet;

use kfp_diag::{Diagnostic, codes};
use kfp_model::Reference;

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for site in &ctx.sites.expressions {
        site.expression.for_each_reference(&mut |reference| {
            if let Reference::Input(name) = reference {
                used.insert(name);
            }
        });
    }
    for name in ctx.pipeline.inputs.keys().filter(|name| !used.contains(name.as_str())) {
        let message = format!("parameter `{name}` of pipeline `{}` is never used", ctx.pipeline.name);
        let place = ctx.place.key("inputs").key(name);
        let diagnostic = Diagnostic::warning(codes::UNUSED_INPUT, &place, message);
        found.push(diagnostic.label("unused parameter").help("remove the parameter"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::check;
    use crate::check::testing::{document, load};

    #[test]
    fn every_unused_parameter_is_reported() {
        let document = document(&json!([load()]));
        let found = check(&document, &document.pipelines[0]).diagnostics;
        let messages: Vec<&str> = found.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        assert_eq!(messages.len(), document.pipelines[0].inputs.len() - 1);
        assert!(messages.contains(&"parameter `count` of pipeline `demo` is never used"));
    }
}
