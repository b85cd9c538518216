//! `kfpc schema`: prints the JSON Schema of a file format.

use kfp_model::{document_schema, schema_of};

use crate::Outcome;
use crate::arguments::{SchemaArguments, SchemaSubject};
use crate::printer::Printer;
use crate::settings::Settings;

pub(crate) fn schema(arguments: &SchemaArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    printer.json(&match arguments.subject {
        SchemaSubject::Document => document_schema(),
        SchemaSubject::Config => schema_of::<Settings>("kfpc.toml"),
    })?;
    Ok(Outcome::Success)
}
