//! Containers mount volumes that exist: those of the workflow that runs, or of the template itself.

use std::collections::BTreeSet;

use kfp_argo::tag::has_tag;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Manifest, Template, YamlNode};

/// Volumes that Argo adds to every pod.
const OF_ARGO: [&str; 3] = ["var-run-argo", "tmp-dir-argo", "input-artifacts"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    // The volumes of a workflow template are those of the workflow that uses it.
    let Some(home) = ctx.home().filter(|_| !ctx.manifest.is_library()) else { return };
    let of_workflow: BTreeSet<&str> =
        [ctx.manifest, home].into_iter().flat_map(|manifest| of_spec(&manifest.spec)).collect();
    let mut reported = BTreeSet::new();
    for (template, manifest) in ctx.reached(ctx.roots()) {
        let own: BTreeSet<&str> = names(template.node.list("volumes")).collect();
        for mount in mounts(template) {
            let Some(name) = mount.text_at("name").filter(|name| !has_tag(name)) else { continue };
            if own.contains(name) || of_workflow.contains(name) || OF_ARGO.contains(&name) {
                continue;
            }
            let known = || own.iter().chain(&of_workflow).copied();
            if std::ptr::eq(manifest, ctx.manifest) {
                found.push(unknown(&mount, name, known()));
            } else if reported.insert((std::ptr::from_ref(template), name)) {
                found.push(lacks(ctx, manifest, template, name));
            }
        }
    }
}

fn of_spec<'a>(spec: &YamlNode<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let claims =
        spec.list("volumeClaimTemplates").filter_map(|claim| claim.at(&["metadata"])?.text_at("name"));
    let defaults = spec.get("templateDefaults").into_iter().flat_map(|defaults| defaults.list("volumes"));
    names(spec.list("volumes")).chain(claims).chain(names(defaults))
}

fn names<'a>(volumes: impl Iterator<Item = YamlNode<'a>>) -> impl Iterator<Item = &'a str> {
    volumes.filter_map(|volume| volume.text_at("name"))
}

/// Returns the mounts of all containers of the template.
fn mounts<'a>(template: &Template<'a>) -> impl Iterator<Item = YamlNode<'a>> + use<'a> {
    let node = &template.node;
    let main = ["container", "script", "containerSet"].map(|key| node.get(key));
    let set = node.at(&["containerSet", "containers"]).into_iter().flat_map(|set| set.items());
    let others = node.list("initContainers").chain(node.list("sidecars")).chain(set);
    main.into_iter().flatten().chain(others).flat_map(|container| container.list("volumeMounts"))
}

fn unknown<'n>(mount: &YamlNode<'_>, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> Diagnostic {
    let message = format!("unknown volume `{name}`");
    let diagnostic = Diagnostic::error(codes::ARGO_VOLUME, &mount.place.key("name"), message);
    match nearest(name, known.clone()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic.note(format!("the workflow has {}", having("volume", known))).help(format!(
            "add `{name}` to the `volumes` of the workflow or of the template, or to `volumeClaimTemplates`"
        )),
    }
}

fn lacks(ctx: &Ctx<'_, '_>, manifest: &Manifest<'_>, template: &Template<'_>, name: &str) -> Diagnostic {
    let message = format!(
        "{} of `{}` mounts the volume `{name}`, which this workflow does not define",
        template.describe(),
        manifest.name
    );
    Diagnostic::error(codes::ARGO_VOLUME, &ctx.reference_to(manifest), message)
        .note("a call of a template does not add the volumes of its workflow template")
        .help(format!("add `{name}` to the `volumes` of this workflow, or of the template"))
}
