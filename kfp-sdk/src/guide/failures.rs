//! What happens after a failure: retries, timeouts, fallbacks, exit handlers.
//!
//! A step that fails keeps what depends on it from running; everything else goes on, and the run has failed in the
//! end, whatever was done about it.
//!
//! # Retries by class of failure
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Fetch rows. The class of an error says whether trying again can help.
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
//! # Going on after a failure
//! Either the task that may fail says so, or the one that comes after it.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Count something.
//! #[component]
//! fn count(table: String) -> Result<i64> {
//!     Ok(i64::try_from(std::fs::read_to_string(table)?.lines().count())?)
//! }
//!
//! /// Tell something.
//! #[component]
//! fn tell(rows: Option<i64>, #[default(0)] others: i64) {
//!     eprintln!("{rows:?} and {others}");
//! }
//!
//! #[pipeline]
//! fn going_on(p: &Pipeline, table: In<String>) {
//!     // Its outputs become options.
//!     let rows = p.add(Count::new().table(table)).name("first").continue_on_failure().output;
//!     p.add(Tell::new().rows(rows).others(rows.or(-1))).name("goes-on");
//!     // Its outputs stay what they are; who ignores failures says what holds without them.
//!     let others = p.add(Count::new().table(table)).name("second").output;
//!     p.add(Tell::new().rows(others).others(others.or(-1))).name("ignores").ignore_upstream_failure();
//! }
//! # assert_eq!(GoingOn::definition().problems, []);
//! ```
//!
//! # Exit handlers
//! Around any group of tasks, several in a pipeline, and in pipelines that are called. The exit task is told how the
//! group ended, and values from inside as far as the group got.
//!
//! ```
//! use kfp_sdk::prelude::*;
//!
//! /// Count something.
//! #[component]
//! fn count(table: String) -> Result<i64> {
//!     Ok(i64::try_from(std::fs::read_to_string(table)?.lines().count())?)
//! }
//!
//! /// Tell how it ended.
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
