//! Generates the table of Argo's types from Argo's own definitions.
//!
//! `kfp-lint` knows the fields of manifests from this table. It is generated from the custom resource definitions,
//! which the API server validates with, and from the JSON schema, which has the type names and the fields that Argo
//! reads. Neither is part of this repository; both are expected next to it, and without them the test passes with a
//! note. `KFP_UPDATE_TABLE=1` rewrites the table.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod join;
mod schema;
mod write;

use std::fs;

use tests::workspace;

/// The release that the definitions belong to.
const VERSION: &str = "4.1.2";

#[test]
fn the_field_table_is_up_to_date() {
    let folder = workspace().join("../shared/argo");
    let Some(definitions) = schema::load(&folder) else {
        println!("skipped: no definitions of Argo's resources next to the repository");
        return;
    };
    let fresh = write::table(&join::types(&definitions), VERSION);
    let path = workspace().join("kfp-lint/src/structure/argo.txt");
    if std::env::var_os("KFP_UPDATE_TABLE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differing = committed.lines().zip(fresh.lines()).find(|(old, new)| old != new);
    assert!(committed == fresh, "the table is out of date: {differing:?}");
}
