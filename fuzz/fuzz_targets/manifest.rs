//! Reads and lints Argo manifests, and renders the diagnostics.
#![no_main]

use kfp_lint::lint;
use kfp_model::Locations;
use libfuzzer_sys::fuzz_target;
use kfp_diag::{Diagnostic, Format, NoSources, Surroundings, Written, render};
use kfp_diag::source::manifests;

fuzz_target!(|bytes: &[u8]| match manifests("manifest", bytes) {
    Err(rejected) => render_all(rejected.written(), &rejected.diagnostics),
    Ok(file) => {
        for diagnostics in lint(std::slice::from_ref(&file)) {
            render_all(file.written(), &diagnostics);
        }
    }
});

fn render_all(written: Written<'_>, diagnostics: &[Diagnostic]) {
    let surroundings =
        Surroundings { written: Some(written), locations: &Locations::default(), world: &NoSources };
    render(diagnostics, surroundings, Format::Text, false);
}
