//! Images are valid image references.

use kfp_argo::kubernetes::{image_problem, nearest_image};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, Place};

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let place = place.key("implementation");
    let (image, place) = match &component.implementation {
        Implementation::Rust(step) => (step.image.as_deref(), place.key("rust")),
        Implementation::Notebook(step) => (step.image.as_deref(), place.key("notebook")),
        Implementation::Python(step) => (step.image.as_deref(), place.key("python")),
        Implementation::Container(step) => (Some(step.image.as_str()), place.key("container")),
    };
    if let Some(image) = image
        && let Some(problem) = image_problem(image)
    {
        let message = format!("invalid image `{image}`: {problem}");
        let diagnostic = Diagnostic::error(codes::IMAGE, &place.key("image"), message);
        let diagnostic = diagnostic.label(format!("the image of `{}`", component.name));
        found.push(match nearest_image(image) {
            Some(right) => diagnostic.replace(format!("use `{right}`"), image, &right),
            None => diagnostic.help("use a reference such as `registry.example.com/team/image:1.2`"),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn the_image_of_a_component_is_checked() {
        check_with(
            &[
                ("tasks", json!([load()])),
                ("/components/load/implementation/container/image", json!("Alpine")),
            ],
            &[
                "KFP0706 /components/load/implementation/container/image: invalid image `Alpine`: the path contains \
               uppercase letters",
            ],
        );
    }
}
