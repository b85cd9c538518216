//! Parameters: texts, numbers, truth values, lists, maps, options, enums and structs.
//!
//! # Every type, and values that may be absent
//! An option may be left out at every level: by whoever calls a step or a pipeline, and by whoever starts a run.
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
//! /// Try something.
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
//!     // A struct of handles and constants, a list of both, a map of constants.
//!     let trial = Trial::of(rate, size, None);
//!     let call = Attempt::new().trial(trial).weights(vec![p.constant(0.5), rate]).limits(BTreeMap::new());
//!     p.add(call.mode(Mode::Exact).seed(seed)).output
//! }
//! # assert_eq!(Trials::definition().problems, []);
//! ```
//!
//! # Fields of a value, and texts
//! The handle of a struct has a method for each field, and gives the field's handle. Handles go into texts by
//! [`text!`](crate::text!), and into conditions by methods.
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
//! /// Tell something.
//! #[component]
//! fn tell(message: String) {
//!     eprintln!("{message}");
//! }
//!
//! #[pipeline]
//! fn scores(p: &Pipeline, model: In<String>) {
//!     let score = p.add(ScoreModel::new().model(text!("{model}-v2"))).output;
//!     let (accuracy, name) = (score.accuracy(), score.model());
//!     p.when("good", accuracy.gt(0.9), |p| {
//!         p.add(Tell::new().message(text!("{name}: {accuracy}")));
//!     });
//! }
//! # assert_eq!(Scores::definition().problems, []);
//! ```
//!
//! # Constants
//! Wherever a handle may stand, a constant may; [`Pipeline::constant`](crate::Pipeline::constant) makes a handle of
//! one, for lists and branches that mix the two.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// The sum of numbers.
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
