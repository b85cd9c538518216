//! The threads that read and write files while the dispatcher waits for messages.

use std::thread;

/// The size of their stacks in bytes. Folders are copied and removed recursively, and a path has up to 2,048 of them.
const STACK: usize = 64 << 20;

/// Does the work on a separate thread.
pub(super) fn spawn_worker(work: impl FnOnce() + Send + 'static) {
    let worker = thread::Builder::new().stack_size(STACK).spawn(work);
    worker.expect("the system can create another thread");
}
