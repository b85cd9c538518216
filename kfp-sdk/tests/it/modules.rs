//! Python modules are embedded in the document, and the arguments of a component have locations.

use kfp_model::{Implementation, Place};
use kfp_sdk::prelude::*;

/// Count the rows of a table.
#[component(
    python = "tests/it/components/modules/count.py",
    modules = ["lib/", "helpers.py", "lib/tables.py"],
    packages = ["pandas==2.2.3"],
)]
fn count(path: String) -> i64;

#[pipeline]
fn counting(p: &Pipeline, path: In<String>) {
    p.add(Count::new().path(path));
}

#[test]
fn modules_are_embedded_by_their_paths() {
    let document = Counting::definition();
    assert_eq!(document.problems, []);
    let component = document.components.values().next().unwrap();
    let Implementation::Python(step) = &component.implementation else { panic!("{component:#?}") };
    let modules: Vec<(&str, &str)> =
        step.modules.iter().map(|(path, source)| (path.as_str(), source.as_str())).collect();
    assert_eq!(
        modules,
        [
            ("helpers.py", include_str!("components/modules/helpers.py")),
            ("lib/__init__.py", ""),
            ("lib/tables.py", include_str!("components/modules/lib/tables.py")),
        ]
    );
    let place = Place::root().key("components").key("count").key("implementation").key("python");
    let line = |part: &str| {
        document.locations.get(&place.key(part)).map(|location| (location.line, location.column))
    };
    let source = include_str!("modules.rs");
    let at = |text: &str| {
        let (idx, line) = source.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
        Some((u32::try_from(idx + 1).unwrap(), u32::try_from(line.find('"').unwrap() + 1).unwrap()))
    };
    assert_eq!(line("file"), at("python = "));
    assert_eq!(line("packages"), at("packages = "));
    assert_eq!(line("modules"), None);
}
