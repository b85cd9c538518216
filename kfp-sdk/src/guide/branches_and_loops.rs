//! Branches, loops, sub-pipelines, ordering and approvals.
//!
//! The examples share these steps:
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Add two numbers.
//! #[component]
//! fn add(a: i64, #[default(1)] b: i64) -> i64 {
//!     a + b
//! }
//!
//! /// Print a message.
//! #[component]
//! fn print(message: String) {
//!     eprintln!("{message}");
//! }
//! ```
//!
//! # Branches with and without values
//! ```
//! # use kfp_sdk::prelude::*;
//! # #[component]
//! # fn add(a: i64, #[default(1)] b: i64) -> i64 { a + b }
//! # #[component]
//! # fn print(message: String) { eprintln!("{message}"); }
//! #[pipeline]
//! fn sizes(p: &Pipeline, rows: In<i64>, urgent: In<bool>) -> Out<i64> {
//!     // The value of the arm that ran: an output, a constant or an artifact.
//!     let size = p
//!         .when("big", rows.gt(1_000_000) & !urgent, |p| p.add(Add::new().a(rows)).name("large").output)
//!         .elif("medium", rows.gt(1_000), |p| p.add(Add::new().a(rows).b(2)).name("middle").output)
//!         .otherwise(|p| p.constant(0));
//!     // An optional value, and a fallback for it.
//!     let bonus: Out<Option<i64>> = p.when("urgent", urgent, |p| p.add(Add::new().a(size)).name("bonus").output).or_none();
//!     // No value.
//!     p.when("has-bonus", bonus.is_some(), |p| {
//!         p.add(Print::new().message("bonus"));
//!     });
//!     bonus.or(7)
//! }
//! # assert_eq!(Sizes::definition().problems, []);
//! ```
//!
//! # Loops
//! A loop iterates over constants, arguments, outputs or lists of structs. You can limit its parallelism and its number
//! of items; a list that is not constant can have 1,000 items unless `max_items` sets another number. The values that
//! the body returns are collected in lists, in the order of the items.
//!
//! ```
//! # use kfp_sdk::prelude::*;
//! # #[component]
//! # fn add(a: i64, #[default(1)] b: i64) -> i64 { a + b }
//! #[pipeline]
//! fn table(p: &Pipeline, rows: In<Vec<i64>>) -> Out<Vec<Vec<i64>>> {
//!     let (table, last) = p.parallel_for(rows).parallelism(3).max_items(50).each(|p, a| {
//!         let row = p.parallel_for([10, 20, 30]).parallelism(3).each(|p, b| p.add(Add::new().a(a).b(b)).output);
//!         (row, a)
//!     });
//!     // An inner list can be dynamic as well: here, it is an item of the outer list.
//!     p.parallel_for(table).name("again").each(|p, row| {
//!         p.parallel_for(row).name("each").each(|p, value| {
//!             p.add(Add::new().a(value));
//!         });
//!     });
//!     let _: Out<Vec<i64>> = last;
//!     table
//! }
//! # assert_eq!(Table::definition().problems, []);
//! ```
//!
//! # Ordering without data
//! ```
//! # use kfp_sdk::prelude::*;
//! # #[component]
//! # fn print(message: String) { eprintln!("{message}"); }
//! #[pipeline]
//! fn in_order(p: &Pipeline, loud: In<bool>) {
//!     let first = p.add(Print::new().message("first"));
//!     let each = p.parallel_for(["a", "b"]).after(&first);
//!     let all = each.group();
//!     each.each(|p, message| {
//!         p.add(Print::new().message(message)).name("each");
//!     });
//!     let branch = p.when("loud", loud, |p| p.add(Print::new().message("!")).name("shout")).after(&all);
//!     p.add(Print::new().message("last")).name("last").after(&branch);
//! }
//! # assert_eq!(InOrder::definition().problems, []);
//! ```
//!
//! # Sub-pipelines and recursion
//! A pipeline can call other pipelines, and itself up to a maximum depth. At that depth, the call is skipped, so its
//! outputs are options.
//!
//! ```
//! # use kfp_sdk::prelude::*;
//! # #[component]
//! # fn add(a: i64, #[default(1)] b: i64) -> i64 { a + b }
//! #[pipeline]
//! fn countdown(p: &Pipeline, left: In<i64>) -> Out<i64> {
//!     let next = p.add(Add::new().a(left).b(-1)).output;
//!     p.when("deeper", next.gt(0), |p| p.add(Countdown::new().left(next)).max_depth(5).output.or(next))
//!         .otherwise(|_| next)
//! }
//!
//! #[pipeline]
//! fn two_countdowns(p: &Pipeline) -> Out<i64> {
//!     let first = p.add(Countdown::new().left(3)).name("one").retry(1).output;
//!     p.add(Countdown::new().left(first)).name("two").output
//! }
//! # assert_eq!(TwoCountdowns::definition().problems, []);
//! ```
//!
//! # Approvals
//! ```
//! # use kfp_sdk::prelude::*;
//! # #[component]
//! # fn print(message: String) { eprintln!("{message}"); }
//! #[derive(Outputs)]
//! pub struct Decision {
//!     pub go: bool,
//!     pub reason: Option<String>,
//! }
//!
//! #[pipeline]
//! fn release(p: &Pipeline) {
//!     let decision = p.approval::<Decision>("Release the model?");
//!     p.when("released", decision.go, |p| {
//!         p.add(Print::new().message(decision.reason.or("no reason")));
//!     });
//! }
//! # assert_eq!(Release::definition().problems, []);
//! ```
