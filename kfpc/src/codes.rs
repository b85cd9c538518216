//! The codes of warnings that are allowed.

use kfp_diag::Code;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::advice::Advised;

/// The code of a warning, such as `KFP0415`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(with = "String", extend("pattern" = "^KFP[0-9]{4}$"))]
#[serde(try_from = "String")]
pub(crate) struct Allowed(pub(crate) Code);

impl TryFrom<String> for Allowed {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        allowed(&name).map(Self).map_err(|error| format!("{error}: {}", error.help()))
    }
}

/// Returns the code of a warning to allow.
pub(crate) fn allowed(name: &str) -> Result<Code, Advised> {
    Code::parse(&name.to_ascii_uppercase()).ok_or_else(|| match Code::nearest(name) {
        Some(right) => Advised::new(format!("unknown code `{name}`"), format!("use `{right}`")),
        None => Advised::new(format!("unknown code `{name}`"), "run `kfpc explain` for a list of codes"),
    })
}
