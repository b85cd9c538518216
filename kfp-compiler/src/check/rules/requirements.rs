//! The packages of Python steps are valid requirement specifiers.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, Place};

use crate::check::requirement::{self, Invalid};

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let (kind, packages) = match &component.implementation {
        Implementation::Python(step) => ("python", &step.packages),
        Implementation::Notebook(step) => ("notebook", &step.packages),
        Implementation::Rust(_) | Implementation::Container(_) => return,
    };
    let place = place.key("implementation").key(kind).key("packages");
    for (idx, package) in packages.iter().enumerate() {
        let Err(Invalid { problem, fixed }) = requirement::check(package) else { continue };
        let message = format!("invalid requirement `{package}`");
        let diagnostic = Diagnostic::error(codes::REQUIREMENT, &place.index(idx), message).label(problem);
        found.push(match fixed {
            Some(fixed) => diagnostic.replace(format!("use `{fixed}`"), package, &fixed),
            None => diagnostic.help("use a requirement such as `pandas==2.2.3`, or `NAME @ URL`"),
        });
    }
}
