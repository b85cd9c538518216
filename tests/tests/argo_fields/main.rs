//! The table of Argo's types, made from its own definitions.
//!
//! `kfp-lint` knows the fields of manifests by a table that is generated here from the custom resource definitions,
//! which are what the API server goes by, and from the JSON schema, which has the names of the types and what Argo
//! itself reads. Both are not part of this repository; they are looked for beside it, and where they are missing the
//! test says so and passes. With `KFP_UPDATE_TABLE=1` the table is written anew.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod join;
mod schema;
mod write;

use std::fs;

use tests::workspace;

/// The release that the definitions belong to.
const VERSION: &str = "4.1.2";

#[test]
fn the_table_of_fields_is_fresh() {
    let folder = workspace().join("../shared/argo");
    let Some(definitions) = schema::load(&folder) else {
        println!("skipped: there are no definitions of Argo's resources beside the repository");
        return;
    };
    let fresh = write::table(&join::types(&definitions), VERSION);
    let path = workspace().join("kfp-lint/src/structure/argo.txt");
    if std::env::var_os("KFP_UPDATE_TABLE").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differing = committed.lines().zip(fresh.lines()).find(|(old, new)| old != new);
    assert!(committed == fresh, "the table is not what the definitions give: {differing:?}");
}
