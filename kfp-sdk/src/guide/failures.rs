//! Handling failures: retries, timeouts, fallbacks and exit handlers.
//!
//! When a step fails, the tasks that depend on it do not run, and all others continue. The run fails, even if the
//! pipeline handles the failure.
//!
//! # Retries by failure class
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Fetch rows. The class of an error decides whether the step is retried.
//! #[component]
//! fn fetch(url: String) -> Result<i64> {
//!     match url.strip_prefix("https://") {
//!         Some("") => Err(Error::data("the address is empty")),
//!         Some(host) => host.len().try_into().map_err(Error::transient),
//!         None => Err(Error::permanent("only https is allowed")),
//!     }
//! }
//!
//! #[pipeline]
//! fn careful(p: &Pipeline, url: In<String>) -> Out<i64> {
//!     let retry = Retry::times(4)
//!         .backoff("30s", 2.0)
//!         .cap("10m")
//!         .on(FailureClass::Transient, Tier::times(4))
//!         .on(FailureClass::Data, Tier::times(1))
//!         .on(Timeout, Tier::times(1))
//!         .on(Oom, Grow::memory(2.0).up_to("8Gi"))
//!         .on(SpotReclaimed, OnDemand);
//!     p.add(Fetch::new().url(url)).memory("1Gi").timeout("30m").retry(retry).output
//! }
//! # assert_eq!(Careful::definition().problems, []);
//! ```
//!
//! # Continuing after a failure
//! Either the task that may fail allows it, or the task that comes after it.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Count the rows of a table.
//! #[component]
//! fn count(table: String) -> Result<i64> {
//!     Ok(i64::try_from(std::fs::read_to_string(table)?.lines().count())?)
//! }
//!
//! /// Print two numbers.
//! #[component]
//! fn print(rows: Option<i64>, #[default(0)] others: i64) {
//!     eprintln!("{rows:?} and {others}");
//! }
//!
//! #[pipeline]
//! fn resilient(p: &Pipeline, table: In<String>) {
//!     // The outputs of a task that may fail become options.
//!     let rows = p.add(Count::new().table(table)).name("first").continue_on_failure().output;
//!     p.add(Print::new().rows(rows).others(rows.or(-1))).name("continues");
//!     // Here, the outputs keep their types, and the task that ignores failures needs fallbacks for them.
//!     let others = p.add(Count::new().table(table)).name("second").output;
//!     p.add(Print::new().rows(others).others(others.or(-1))).name("ignores").ignore_upstream_failure();
//! }
//! # assert_eq!(Resilient::definition().problems, []);
//! ```
//!
//! # Exit handlers
//! An exit handler covers a group of tasks. A pipeline can have several, and so can the pipelines that it calls. The
//! exit task receives the final status of the group, and those of its values that were computed.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Count the rows of a table.
//! #[component]
//! fn count(table: String) -> Result<i64> {
//!     Ok(i64::try_from(std::fs::read_to_string(table)?.lines().count())?)
//! }
//!
//! /// Report the final status.
//! #[component]
//! fn report(state: State, rows: Option<i64>) {
//!     eprintln!("{state:?}: {rows:?}");
//! }
//!
//! #[pipeline]
//! fn watched(p: &Pipeline, table: In<String>) {
//!     for part in ["one", "two"] {
//!         p.exit_handler(|p| p.add(Count::new().table(table)).name(part).output).finally(|p, status, rows| {
//!             p.add(Report::new().state(status.state()).rows(rows)).name(&format!("after-{part}"))
//!         });
//!     }
//! }
//! # assert_eq!(Watched::definition().problems, []);
//! ```
