//! Artifacts: files and folders with a kind and metadata.
//!
//! # Writing and reading artifacts
//! A step writes a file or folder to the path of its output, and can set metadata. Methods such as
//! [`read_to_string`](crate::Input::read_to_string) and [`write`](crate::Output::write) name the path in their errors,
//! while errors of `std::fs` do not. Artifacts can be passed where a path is expected, as in
//! `std::fs::copy(&rows, &model)`.
//!
//! `Metrics` and `ClassificationMetrics` need no file: if a step only logs metrics, their file is empty. The kinds are
//! [`Dataset`](crate::Dataset), [`Model`](crate::Model), [`Metrics`](crate::Metrics),
//! [`ClassificationMetrics`](crate::ClassificationMetrics), [`Html`](crate::Html), [`Markdown`](crate::Markdown) and
//! [`Artifact`](crate::Artifact), which accepts all kinds; [`artifact!`](crate::artifact) defines your own.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! kfp_sdk::artifact! {
//!     /// A search index.
//!     pub Index = "search.Index";
//! }
//!
//! /// Train a model and log its metrics.
//! #[component]
//! fn train(
//!     rows: Input<Dataset>,
//!     model: Output<Model>,
//!     index: Output<Index>,
//!     metrics: Output<Metrics>,
//!     classes: Output<ClassificationMetrics>,
//!     page: Output<Html>,
//!     notes: Output<Markdown>,
//! ) -> Result<()> {
//!     std::fs::copy(&rows, &model)?;
//!     model.metadata("framework", "smartcore");
//!     std::fs::create_dir_all(&index)?;
//!     std::fs::write(index.path().join("vectors.bin"), [0; 4])?;
//!     metrics.log_metric("accuracy", 0.75);
//!     classes.log_roc_point(0.1, 0.8, 0.5);
//!     classes.log_confusion_matrix(&["no", "yes"], &[vec![8, 2], vec![1, 9]]);
//!     page.write("<p>trained</p>")?;
//!     notes.write("# Trained")
//! }
//!
//! /// Deploy a model.
//! #[component]
//! fn deploy(model: Input<Model>, report: Input<Artifact>) -> Option<String> {
//!     let _ = report;
//!     model.metadata("framework").and_then(|name| name.as_str()).map(str::to_owned)
//! }
//!
//! /// Artifacts can be inputs and outputs of pipelines.
//! #[pipeline]
//! fn training(p: &Pipeline, rows: In<Dataset>) -> Out<Model> {
//!     let trained = p.add(Train::new().rows(rows));
//!     p.add(Deploy::new().model(trained.model).report(trained.page));
//!     trained.model
//! }
//! # assert_eq!(Training::definition().problems, []);
//! ```
//!
//! # Imports
//! [`Pipeline::import`](crate::Pipeline::import) makes an artifact of a file or folder that exists already. A local run
//! imports local paths; on a cluster, the URI is below the pipeline root or in a store that `kfpc.toml` declares
//! (`[stores.NAME]`). A cached step that reads an import depends on its content, while a path in a string parameter
//! only counts as text.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Count the rows of a table.
//! #[component(cache = "7d")]
//! fn count(rows: Input<Dataset>) -> Result<i64> {
//!     Ok(i64::try_from(rows.read_to_string()?.lines().count())?)
//! }
//!
//! #[pipeline]
//! fn counted(p: &Pipeline, table: In<String>) -> Out<i64> {
//!     let rows = p.import::<Dataset>(table).artifact;
//!     p.add(Count::new().rows(rows)).output
//! }
//! # assert_eq!(Counted::definition().problems, []);
//! ```
//!
//! # Optional artifacts
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Write the number of empty rows, if there are any.
//! #[component]
//! fn validate(rows: Input<Dataset>, invalid: Option<Output<Dataset>>) -> Result<()> {
//!     let found = rows.read_to_string()?.lines().filter(|row| row.is_empty()).count();
//!     match invalid {
//!         Some(invalid) if found > 0 => invalid.write(found.to_string()),
//!         _ => Ok(()),
//!     }
//! }
//!
//! /// Report invalid rows.
//! #[component]
//! fn report(rows: Input<Dataset>) {
//!     let _ = rows;
//! }
//!
//! #[pipeline]
//! fn validation(p: &Pipeline, rows: In<Dataset>) {
//!     let invalid: Out<Option<Dataset>> = p.add(Validate::new().rows(rows)).invalid;
//!     p.when("invalid", invalid.is_some(), |p| p.add(Report::new().rows(invalid.or(rows))));
//! }
//! # assert_eq!(Validation::definition().problems, []);
//! ```
//!
//! # Lists of artifacts
//! A loop collects the artifacts that its body returns. A step can read the whole list, or another loop can iterate
//! over it.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Write one part.
//! #[component]
//! fn part(name: String, rows: Output<Dataset>) -> Result<()> {
//!     rows.write(name)
//! }
//!
//! /// Count the rows of a part.
//! #[component]
//! fn count(rows: Input<Dataset>) -> Result<i64> {
//!     Ok(i64::try_from(rows.read_to_string()?.lines().count())?)
//! }
//!
//! /// Concatenate parts.
//! #[component]
//! fn merge(parts: Vec<Input<Dataset>>, rows: Output<Dataset>) -> Result<()> {
//!     let contents: Result<String> = parts.iter().map(Input::read_to_string).collect();
//!     rows.write(contents?)
//! }
//!
//! #[pipeline]
//! fn parts(p: &Pipeline) -> Out<Vec<i64>> {
//!     let parts = p.parallel_for(["a", "b"]).each(|p, name| p.add(Part::new().name(name)).rows);
//!     p.add(Merge::new().parts(parts));
//!     p.parallel_for(parts).name("counts").each(|p, part| p.add(Count::new().rows(part)).output)
//! }
//! # assert_eq!(Parts::definition().problems, []);
//! ```
