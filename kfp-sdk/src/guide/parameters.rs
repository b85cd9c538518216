//! Parameters: strings, numbers, booleans, lists, maps, options, enums and structs.
//!
//! # Types and optional values
//! An option can be left out wherever arguments are passed: in calls of components and pipelines, and when a run is
//! started.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use kfp_sdk::prelude::*;
//!
//! #[derive(Param, Clone, Copy)]
//! pub enum Mode {
//!     Fast,
//!     #[kfp(rename = "exact")]
//!     Exact,
//! }
//!
//! #[derive(Param)]
//! pub struct Trial {
//!     pub rate: f64,
//!     pub size: i64,
//!     pub note: Option<String>,
//! }
//!
//! /// Run one trial.
//! #[component]
//! fn attempt(
//!     trial: Trial,
//!     #[default(Mode::Fast)] mode: Mode,
//!     weights: Vec<f64>,
//!     limits: BTreeMap<String, i64>,
//!     seed: Option<i64>,
//! ) -> f64 {
//!     let _ = (mode, weights, limits, seed);
//!     trial.rate
//! }
//!
//! #[pipeline]
//! fn trials(p: &Pipeline, rate: In<f64>, seed: In<Option<i64>>, #[default(3)] size: In<i64>) -> Out<f64> {
//!     // A struct of handles and constants, a list of both, and a map of constants.
//!     let trial = Trial::of(rate, size, None);
//!     let call = Attempt::new().trial(trial).weights(vec![p.constant(0.5), rate]).limits(BTreeMap::new());
//!     p.add(call.mode(Mode::Exact).seed(seed)).output
//! }
//! # assert_eq!(Trials::definition().problems, []);
//! ```
//!
//! # Fields and string interpolation
//! The handle of a struct has a method for each field, which returns the handle of the field.
//! [`text!`](crate::text!) interpolates handles into strings, and comparison methods turn them into conditions.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! #[derive(Param)]
//! pub struct Score {
//!     pub accuracy: f64,
//!     pub model: String,
//! }
//!
//! /// Score a model.
//! #[component]
//! fn score_model(model: String) -> Score {
//!     Score { accuracy: 0.5, model }
//! }
//!
//! /// Print a message.
//! #[component]
//! fn print(message: String) {
//!     eprintln!("{message}");
//! }
//!
//! #[pipeline]
//! fn scores(p: &Pipeline, model: In<String>) {
//!     let score = p.add(ScoreModel::new().model(text!("{model}-v2"))).output;
//!     let (accuracy, name) = (score.accuracy(), score.model());
//!     p.when("good", accuracy.gt(0.9), |p| {
//!         p.add(Print::new().message(text!("{name}: {accuracy}")));
//!     });
//! }
//! # assert_eq!(Scores::definition().problems, []);
//! ```
//!
//! # Constants
//! A constant can be used wherever a handle can. [`Pipeline::constant`](crate::Pipeline::constant) turns a constant
//! into a handle, for lists and branches that mix the two.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Sum numbers.
//! #[component]
//! fn sum(numbers: Vec<i64>) -> i64 {
//!     numbers.iter().sum()
//! }
//!
//! #[pipeline]
//! fn sums(p: &Pipeline, many: In<bool>, one: In<i64>) -> Out<i64> {
//!     let numbers: Out<Vec<i64>> = p
//!         .when("many", many, |p| p.constant::<Vec<i64>>(vec![1_i64, 2]))
//!         .otherwise(|p| p.constant(Vec::<i64>::new()));
//!     let first = p.add(Sum::new().numbers(numbers)).name("first").output;
//!     p.add(Sum::new().numbers([first, one, p.constant(5)])).name("second").output
//! }
//! # assert_eq!(Sums::definition().problems, []);
//! ```
