//! Steps: Rust functions, Python functions and commands in containers.
//!
//! # Python functions
//! The path is relative to the root of the crate. The build fails if the file does not define the function.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Preprocess raw data.
//! #[component(python = "tests/it/components/preprocess.py", packages = ["pandas==2.2.3"])]
//! fn preprocess_data(raw_data_path: String, processed_data: Output<Dataset>, #[default(0.2)] validation_split: f64);
//!
//! #[pipeline]
//! fn preprocessing(p: &Pipeline, path: In<String>) -> Out<Dataset> {
//!     p.add(PreprocessData::new().raw_data_path(path)).processed_data
//! }
//! # assert_eq!(Preprocessing::definition().problems, []);
//! ```
//!
//! # Plain containers
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Write a greeting with a shell command.
//! #[component(image = "alpine:3.20", command = ["sh", "-c", "echo \"$0\" > \"$1\""], args = ["{inputs.name}", "{outputs.greeting.path}"])]
//! #[output(greeting)]
//! fn hello(name: String) -> String;
//!
//! #[pipeline]
//! fn greeting(p: &Pipeline, name: In<String>) -> Out<String> {
//!     p.add(Hello::new().name(name)).greeting
//! }
//! # assert_eq!(Greeting::definition().problems, []);
//! ```
//!
//! # Resources, timeouts and other policies
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Train a model.
//! #[component(cpu = "1", cache = "24h")]
//! fn train(token: Secret) -> Result<i64> {
//!     Ok(i64::try_from(token.expose()?.len())?)
//! }
//!
//! #[pipeline]
//! fn training(p: &Pipeline, token: In<Secret>) {
//!     let labels = Policy::new().label("team", "search").annotation("example.com/owner", "ml@example.com");
//!     p.add(Train::new().token(token))
//!         .with(&labels)
//!         .cpu(4)
//!         .memory("16Gi")
//!         .gpu("nvidia.com/gpu", 1)
//!         .timeout("2h")
//!         .cache(false)
//!         .env("MODE", "fast")
//!         .env_from_secret("MLFLOW_TOKEN", "mlflow", "token")
//!         .env_from_config_map("REGION", "site", "region");
//! }
//! # assert_eq!(Training::definition().problems, []);
//! ```
//!
//! # What a cached result depends on
//! A result is reused if the component, its environment and its inputs are the same. In a local run, the pipeline
//! binary or the version of the Python interpreter must be the same as well. For a Python step, the source of its file
//! and the declared packages count, but not other modules that it imports, such as those on `PYTHONPATH` and packages
//! that are installed but not declared. After a change there, turn the cache off for the step or change its
//! `cache_version`. Artifacts count by their content, up to 10 GiB; those of plain containers and larger ones count by
//! their location, which is new in each run.
//!
//! # How secrets are protected
//! Only the steps that you pass a secret to receive its value, in an environment variable. In a local run, `***`
//! replaces it in logs and messages; on a cluster, the step masks it in its failure message, while pod logs contain
//! whatever the step prints. Both find a secret as it is and in the usual encodings: JSON and other backslash escapes,
//! percent encoding, base64 and hexadecimal digits. White space and line breaks in encoded text do not hide it.
//!
//! A step fails with a data error if an output parameter, or the metadata of an artifact, contains a secret. The
//! content of artifact files is not searched: a step that writes a secret to a file stores it there.
//!
//! A secret shorter than four bytes is masked as a whole word only. Use longer secrets. Values of config maps are not
//! treated as secrets.
