//! The scheduler: decides what runs when, and what becomes of the rest.
//!
//! One dispatcher owns all state: the frames, which are running instances of regions, the jobs, which are steps
//! that were started, and the store. Each attempt of a job has a thread that knows nothing but its process and
//! tells the dispatcher by [`Message`]s; in a rehearsal, a [`Stage`] plays it instead. Nothing here starts
//! processes or reads their files.

mod approvals;
mod cache;
mod composite;
mod dispatcher;
mod frame;
mod guards;
mod jobs;
mod leaf;
mod loops;
mod message;
mod plan;
mod record;
mod retry;
mod stage;
mod stop;

pub(crate) use dispatcher::{Dispatcher, Setup};
pub(crate) use message::Message;
pub(crate) use plan::Plan;
pub(crate) use stage::{Cue, Played, Stage};
