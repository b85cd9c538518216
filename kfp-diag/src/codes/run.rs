//! `KFP08xx`: what keeps a run on this machine from starting, or from being written down.

use super::code::{Code, Row, codes};

codes! {
    RUN_ROWS;

    RUN_ARGUMENTS = "KFP0801", "arguments of a run that do not fit",
    "An argument is missing, is not one of the pipeline's, or is of another type than the declared one. All \
     of them are told at once, and nothing was started.\n\n\
     Give parameters with `-p NAME=VALUE` or `--params FILE`: text as it is, everything else as JSON.";

    RUN_UNSUPPORTED = "KFP0802", "a construct that does not run on this machine",
    "The pipeline is right, but a task of it is a plain container, and neither docker nor podman answers here. \
     Nothing was started.\n\n\
     Start or install one of them, so that `docker info` or `podman info` succeeds, or run the pipeline on Argo.";

    RUN_SETUP = "KFP0803", "something that steps need is not here",
    "A secret or config map has no source, the program of the Rust steps is not known, or there is no Python \
     that can run Python steps. Nothing was started.\n\n\
     Say where values come from with `--secret NAME/KEY=env:VARIABLE` or `=file:PATH`, name the program with \
     `--binary PATH`, or the interpreter with `--python PATH`.";

    RUN_RESUME = "KFP0804", "a run that cannot be resumed",
    "A run is resumed with the pipeline and the arguments that it was started with, unless it is still running or \
     has succeeded. Processes of its steps that are still running are killed first. If the program of the Rust steps \
     or the Python interpreter has changed, `kfpc run` warns: finished steps keep their results, and the others use \
     the new version.\n\n\
     Start a new run: cached results are reused in any case.";

    STORE_LOCKED = "KFP0805", "a run store that is in use",
    "Another program has held the store for longer than one waits.\n\n\
     Wait for it to end, or use another folder with `--store FOLDER`.";

    STORE_NEWER = "KFP0806", "a run store of a newer version",
    "The store was written by a newer kfpc, which may mean things by it that this one does not know.\n\n\
     Use that version, or another folder with `--store FOLDER`.";

    STORE_DAMAGED = "KFP0807", "a run store that is damaged",
    "`runs.sqlite` in the folder of the store is not a database, belongs to another program, has an invalid version, \
     or parts of it cannot be read. It was not changed.\n\n\
     Use another folder with `--store FOLDER`, or move this one away and start with a new one: pipelines are not \
     part of it.";

    STORE_FAILED = "KFP0808", "a run store that cannot be used",
    "Reading or writing the store failed, mostly because the disk is full or the folder belongs to somebody \
     else. What was recorded before is intact.\n\n\
     Make room, or use another folder with `--store FOLDER`; then continue with `kfpc run --resume`.";

    RUN_APPROVALS = "KFP0809", "approvals that nobody can give",
    "A task waits until somebody approves. On a terminal, `kfpc run` asks; elsewhere there is nobody to ask, so \
     the answer is to be given before. Values have the types that the approval says, and all are told at once. \
     Nothing was started.\n\n\
     Give the answer with `--approve NAME` or, where values are asked for, with \
     `--approve 'NAME={\"value\": 3}'`, by the name of the task or by its id.";
}
