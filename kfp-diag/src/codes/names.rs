//! `KFP05xx`: names and numbers of inputs, tasks and pipelines.

use super::code::{Code, Row, codes};

codes! {
    NAMES_ROWS;

    PIPELINE_NAME = "KFP0501", "invalid pipeline name",
    "The names of runs start with the name of the pipeline, and runs are Kubernetes objects. A pipeline name consists \
     of lowercase letters, digits and `-`, starts and ends with a letter or digit, and has at most 57 characters.\n\n\
     Change the name.";

    DUPLICATE_TASK_ID = "KFP0502", "duplicate task id",
    "References identify tasks by id, so ids must be unique within a pipeline.\n\n\
     Rename one of the tasks.";

    DUPLICATE_TASK_NAME = "KFP0503", "duplicate task name",
    "Tasks in one region, and arms of one branch, need different names so that you can tell them apart in the \
     graph and in logs.\n\nRename one of them.";

    COLLIDING_NAMES = "KFP0504", "names that collide on Argo",
    "Argo task names are lowercase, and other characters between letters and digits become a single `-`. Names that \
     differ only in case or in such characters become identical. A keyword of expressions gets a suffix: `in` becomes \
     `in-task`. The `otherwise` arm of a branch `b` becomes the task `b-otherwise`, and the exit tasks of an exit \
     handler `h` become the task `h-exit`. The same applies to names of inputs, or of outputs, that differ only in \
     case.\n\n\
     Rename one of them.";

    BAD_NAME = "KFP0505", "invalid name",
    "Names of inputs, outputs and yields are identifiers: a letter or `_`, then letters, digits and `_`. Names of \
     tasks and components need at least one letter or digit.\n\nChange the name.";

    COMPONENT_CONFLICT = "KFP0506", "two different components with the same name",
    "Two components in the document have the same name but different content. Templates, caches and mocks identify \
     components by name.\n\nRename one of them.";

    TOO_MANY_PARAMETERS = "KFP0507", "too many parameters",
    "The API server rejects workflows with more than 500 parameters.\n\n\
     Combine related parameters into a struct.";

    DUPLICATE_PIPELINE = "KFP0508", "duplicate pipeline name",
    "Calls identify pipelines by name, so names must be unique within a document.\n\n\
     Rename one of the pipelines.";
}
