//! Reads, checks and lowers pipeline documents, renders the diagnostics, and lints the emitted workflows.
#![no_main]

use kfp_compiler::check::check;
use kfp_argo::yaml::yaml;
use kfp_compiler::lower::{Options, lower};
use kfp_compiler::read::read;
use kfp_lint::lint;
use kfp_model::Locations;
use libfuzzer_sys::fuzz_target;
use kfp_diag::{Diagnostic, Format, NoSources, Severity, Surroundings, Written, render};
use kfp_diag::source::manifests;

fuzz_target!(|bytes: &[u8]| {
    let source = match read("document", bytes) {
        Ok(source) => source,
        Err(rejected) => return render_all(rejected.written(), &Locations::default(), &rejected.diagnostics),
    };
    let image = Some("registry.example/steps:1".to_owned());
    let options = Options { image: image.clone(), python_image: image, ..Options::default() };
    for pipeline in &source.document.pipelines {
        let outcome = check(&source.document, pipeline);
        render_all(source.written(), &source.document.locations, &outcome.diagnostics);
        let Some(program) = outcome.program else { continue };
        match lower(&program, &options) {
            Err(diagnostics) => render_all(source.written(), &source.document.locations, &diagnostics),
            Ok(lowering) => passes_the_linter(&yaml(&lowering.workflow)),
        }
    }
});

fn render_all(written: Written<'_>, locations: &Locations, diagnostics: &[Diagnostic]) {
    let surroundings = Surroundings { written: Some(written), locations, world: &NoSources };
    render(diagnostics, surroundings, Format::Text, false);
}

fn passes_the_linter(text: &str) {
    let file = manifests("workflow", text.as_bytes()).expect("the emitted YAML can be read");
    let found = lint(std::slice::from_ref(&file)).concat();
    let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
}
