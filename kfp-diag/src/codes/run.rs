//! `KFP08xx`: errors of local runs and of the run store.

use super::code::{Code, Row, codes};

codes! {
    RUN_ROWS;

    RUN_ARGUMENTS = "KFP0801", "invalid run arguments",
    "An argument is missing, unknown, or has the wrong type. All such errors are reported at once, and nothing was \
     started.\n\n\
     Pass parameters with `-p NAME=VALUE` or `--params FILE`: strings as they are, everything else as JSON.";

    RUN_UNSUPPORTED = "KFP0802", "no container engine on this machine",
    "The pipeline is valid, but contains a plain container step, and neither docker nor podman responds on this \
     machine. Nothing was started.\n\n\
     Install or start one of them so that `docker info` or `podman info` succeeds, or run the pipeline on Argo.";

    RUN_SETUP = "KFP0803", "missing prerequisites of a local run",
    "A secret or config map has no source, the binary of the Rust steps is unknown, or there is no Python \
     interpreter that can run the Python steps. Nothing was started.\n\n\
     Set sources with `--secret NAME/KEY=env:VARIABLE` or `--secret NAME/KEY=file:PATH`, the binary with \
     `--binary PATH`, and the interpreter with `--python PATH`.";

    RUN_RESUME = "KFP0804", "a run that cannot be resumed",
    "A run can be resumed with the same pipeline and arguments, unless it is still running or has succeeded. Processes \
     of its steps that are still running are killed first. If the binary of the Rust steps or the Python interpreter \
     has changed, `kfpc run` warns: finished steps keep their results, and the remaining steps use the new \
     version.\n\n\
     Start a new run. Cached results are still reused.";

    STORE_LOCKED = "KFP0805", "run store in use",
    "Another process holds the lock of the run store, and did not release it in time.\n\n\
     Wait until it ends, or use another folder with `--store FOLDER`.";

    STORE_NEWER = "KFP0806", "run store written by a newer version",
    "A newer kfpc wrote the run store. This version might misinterpret it.\n\n\
     Use the newer version, or another folder with `--store FOLDER`.";

    STORE_DAMAGED = "KFP0807", "damaged run store",
    "`runs.sqlite` in the store folder is not a database, belongs to another program, has an invalid version, or is \
     partly unreadable. It was not changed.\n\n\
     Use another folder with `--store FOLDER`, or move this one away and start with a new store. The store does not \
     contain your source files.";

    STORE_FAILED = "KFP0808", "run store not accessible",
    "Reading or writing the run store failed, usually because the disk is full or another user owns the folder. \
     Everything recorded before is intact.\n\n\
     Free disk space, or use another folder with `--store FOLDER`; then continue with `kfpc run --resume`.";

    RUN_APPROVALS = "KFP0809", "approvals without an answer",
    "A task waits for an approval. `kfpc run` asks for it on a terminal; without a terminal, the answer must be \
     passed as an option. Values must have the types that the approval declares. All errors are reported at once, \
     and nothing was started.\n\n\
     Pass the answer with `--approve NAME` or, if the approval has values, with \
     `--approve 'NAME={\"value\": 3}'`, where NAME is the name or id of the task.";
}
