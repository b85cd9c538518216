//! The scheduler: decides which tasks run and when.
//!
//! One dispatcher owns all state: the frames, which are running instances of regions, the jobs, which are started
//! steps, and the store. Each attempt of a job runs on its own thread, which sends [`Message`]s to the dispatcher; in
//! tests, a [`Simulator`] replaces it. The scheduler does not start processes or read their files.

mod approvals;
mod cache;
mod composite;
mod dispatcher;
mod drive;
mod ending;
mod exit_handlers;
mod expected;
mod expecting;
mod frame;
mod job;
mod jobs;
mod loops;
mod message;
mod pending;
mod place;
mod plan;
#[cfg(feature = "store")]
mod preview;
#[cfg(feature = "store")]
mod reached;
mod record;
mod retry;
mod simulator;
mod steps;
mod stop;
mod stopping;
mod worker;

pub(crate) use dispatcher::{Dispatcher, Setup};
pub(crate) use message::Message;
pub(crate) use plan::{Needs, Plan};
#[cfg(feature = "store")]
pub(crate) use reached::{Preview, Reached, ReachedStep, Stores};
pub(crate) use simulator::{AttemptContext, SimulatedAttempt, Simulator};
