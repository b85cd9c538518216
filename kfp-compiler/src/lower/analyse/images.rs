//! Images of steps.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, ContainerStep, Implementation, NotebookStep, Place, PythonStep, RustStep};

use crate::lower::analyse::steps::Step;
use crate::lower::options::Options;

/// Reports each step without an image.
pub(in crate::lower) fn check(steps: &[Step<'_>], options: &Options) -> Vec<Diagnostic> {
    steps.iter().filter(|step| image(options, step.component).is_none()).map(missing_image).collect()
}

/// Returns the image of a component: its own, or else that of the options.
pub(in crate::lower) fn image<'o>(options: &'o Options, component: &'o Component) -> Option<&'o str> {
    let (own, default) = match &component.implementation {
        Implementation::Rust(RustStep { image }) => (image.as_ref(), options.image.as_ref()),
        Implementation::Python(PythonStep { image, .. })
        | Implementation::Notebook(NotebookStep { image, .. }) => {
            (image.as_ref(), options.python_image.as_ref())
        }
        Implementation::Container(ContainerStep { image, .. }) => (Some(image), None),
    };
    own.or(default).map(String::as_str)
}

fn missing_image(step: &Step<'_>) -> Diagnostic {
    let flag = match step.component.implementation {
        Implementation::Python(_) | Implementation::Notebook(_) => "python-image",
        Implementation::Rust(_) | Implementation::Container(_) => "image",
    };
    let place = &Place::root().key("components").key(&step.id.0);
    let name = &step.component.name;
    Diagnostic::error(codes::NO_IMAGE, place, format!("missing image of component `{name}`"))
        .help(format!("pass `--{flag} REFERENCE`, or set `{flag}` in kfpc.toml"))
        .help(format!("or set it on the component: `#[component(image = \"…\")]` on `{name}`"))
}
