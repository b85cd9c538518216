//! Snapshots of the expansions of the macros, as formatted code.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{component, outputs, param, pipeline, text};

/// Parses source code into tokens.
fn tokens(source: &str) -> TokenStream {
    source.parse().unwrap()
}

/// Compares the formatted code with its snapshot.
#[track_caller]
fn check(name: &str, expanded: TokenStream) {
    let file =
        syn::parse2(expanded).unwrap_or_else(|error| panic!("the expansion of `{name}` is invalid: {error}"));
    insta::assert_snapshot!(name, prettyplease::unparse(&file));
}

#[test]
fn components() {
    for (name, attribute, item) in [
        (
            "component_rust",
            r#"cpu = "1", memory = "2Gi", retry = 3, cache = "24h", cache_version = "2", gpu = 1, env = [("A", "1")]"#,
            r#"
            /// Train a model.
            pub fn train_model(
                /// The rows.
                processed_data: Input<Dataset>,
                trained_model: Output<Model>,
                earlier: Option<Input<Model>>,
                #[default(0.01)] learning_rate: f64,
                #[default("adam")] r#type: String,
                token: Secret,
            ) -> Result<Fit> {
                train(processed_data.path())
            }
            "#,
        ),
        ("component_without_anything", "", "fn tick() { println!(\"tick\"); }"),
        (
            "component_one_value",
            "name = \"rows\", type = \"Rows\"",
            "#[output(rows)] pub(crate) fn count() -> i64 { 0 }",
        ),
        (
            "component_notebook",
            r#"notebook = "src/expansions/train.ipynb", packages = ["pandas==2.2.3"]"#,
            "pub fn train(rows: Input<Dataset>, model: Output<Model>) -> f64;",
        ),
        (
            "component_python",
            r#"
            python = "src/expansions/preprocess.py",
            modules = ["lib/", "helpers.py"],
            image = "python:3.11-slim",
            packages = ["pandas==2.2.3"],
            pip_index = "https://example.org/simple"
            "#,
            r"
            /// Preprocess raw data.
            pub fn preprocess_data(
                raw_data_path: String,
                processed_data: Output<Dataset>,
                #[default(0.2)] validation_split: f64,
            );
            ",
        ),
        (
            "component_container",
            r#"
            image = "alpine:3.20",
            command = ["sh", "-c", "echo \"$0\" > \"$1\""],
            args = ["{inputs.name}", "{outputs.greeting.path}"],
            timeout = "5m",
            crate = my::sdk
            "#,
            "#[output(greeting)] fn hello(name: String) -> String;",
        ),
    ] {
        check(name, component::expand(tokens(attribute), tokens(item)));
    }
}

#[test]
fn pipelines() {
    for (name, attribute, item) in [
        (
            "pipeline",
            r#"name = "fine-tuning", version = "2", cache = "24h", timeout = "2h", parallelism = 10"#,
            r"
            /// Fine-tune a model.
            #[output(model)]
            pub fn training_pipeline(
                p: &Pipeline,
                /// The path of the rows.
                raw_data_path: In<String>,
                #[default(0.92)] threshold: In<f64>,
                earlier: In<Option<Model>>,
            ) -> Out<Model> {
                train(p, raw_data_path, threshold, earlier)
            }
            ",
        ),
        ("pipeline_of_several_values", "", "fn scores(p: &Pipeline) -> FitOut { add(p) }"),
    ] {
        check(name, pipeline::expand(tokens(attribute), tokens(item)));
    }
}

#[test]
fn derives() {
    let derive = |expand: fn(TokenStream) -> TokenStream, source: &str| expand(tokens(source));
    for (name, expand, source) in [
        (
            "derive_outputs",
            outputs::expand as fn(TokenStream) -> TokenStream,
            "pub struct Fit { /** The share of rows with the correct label. */ pub accuracy: f64, r#type: String }",
        ),
        (
            "derive_param_of_struct",
            param::expand,
            r#"pub struct Trial {
                /// The learning rate.
                pub lr: f64,
                #[kfp(rename = "batchSize", projection = "size")]
                bs: Option<i64>,
            }"#,
        ),
        ("derive_param_of_enum", param::expand, r#"enum Kind { #[kfp(rename = "fast")] Fast, Careful }"#),
    ] {
        check(name, derive(expand, source));
    }
}

#[test]
fn strings() {
    for (name, source) in [
        ("text", r#""lr-{lr}-bs-{train.batch_size}-{{x}}-{trial.lr()}""#),
        ("text_without_values", r#""plain""#),
        ("invalid_text", r#""{""#),
    ] {
        let text = text::expand(tokens(source));
        check(name, quote!(fn text() -> Out<String> { #text }));
    }
}
