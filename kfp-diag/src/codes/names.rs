//! `KFP05xx`: names and numbers of things.

use super::code::{Code, Row, codes};

codes! {
    NAMES_ROWS;

    PIPELINE_NAME = "KFP0501", "a name that no pipeline can have",
    "The name of a pipeline begins the names of its runs, which are Kubernetes objects: lower case letters, \
     digits and `-`, starting and ending with a letter or digit, at most 57 characters.\n\n\
     Change the name.";

    DUPLICATE_TASK_ID = "KFP0502", "a task id that stands twice",
    "References name tasks by their ids, which are therefore unique in their pipeline.\n\n\
     Rename one of the tasks.";

    DUPLICATE_TASK_NAME = "KFP0503", "a task name that stands twice",
    "The tasks of a region, and the arms of its branches, have different names: people could not tell them \
     apart otherwise.\n\nGive one of them another name.";

    COLLIDING_NAMES = "KFP0504", "names that become the same",
    "On Argo, names of tasks are written in lower case with `-` for everything that is neither letter nor \
     digit, and names that only differ in that become the same. So do the names of inputs and outputs that \
     differ only in case or in `_` and `-`.\n\nGive one of them another name.";

    BAD_NAME = "KFP0505", "a name that cannot be used",
    "Names of inputs and outputs are identifiers: a letter or `_`, then letters, digits and `_`. Names of \
     tasks and components need at least one letter or digit.\n\nChange the name.";

    COMPONENT_CONFLICT = "KFP0506", "two different components of one name",
    "Two components of the document have the same name and differ in content. Templates, caches and mocks \
     know components by their names.\n\nRename one of them.";

    TOO_MANY_PARAMETERS = "KFP0507", "too many parameters",
    "The API server refuses workflows with more than 500 parameters.\n\n\
     Put parameters that belong together into a struct.";

    DUPLICATE_PIPELINE = "KFP0508", "two pipelines of one name",
    "The pipelines of a document are called by their names, which are therefore unique.\n\n\
     Rename one of them.";
}
