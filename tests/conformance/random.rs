//! `conformance random`: prints random pipelines with the arguments of a run.

use std::collections::BTreeMap;

use serde_json::json;
use tests::random::{Choices, RandomPipeline, pipeline};

use crate::components::random::steps;

/// Returns random pipelines as a JSON list, with consecutive seeds.
pub(crate) fn documents(options: &[&str]) -> Result<String, String> {
    let mut read = BTreeMap::from([("--seed", 1), ("--count", 1)]);
    for pair in options.chunks(2) {
        match pair {
            [name, number] if read.contains_key(name) => {
                let number = number.parse().map_err(|_| format!("invalid `{name}`: expected an integer"))?;
                read.insert(name, number);
            }
            _ => return Err(format!("unknown option `{}`", pair[0])),
        }
    }
    let (seed, count): (u64, u64) = (read["--seed"], read["--count"]);
    let components = steps().document.components;
    let all: Vec<_> = (seed..seed + count)
        .map(|seed| {
            let RandomPipeline { document, arguments } = pipeline(&mut Choices::random(seed), &components);
            json!({"seed": seed, "document": document, "arguments": arguments})
        })
        .collect();
    Ok(crate::json(&all))
}
