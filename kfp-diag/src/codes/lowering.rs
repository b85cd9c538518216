//! `KFP06xx`: what the target cannot do.

use super::code::{Code, Row, codes};

codes! {
    LOWERING_ROWS;

    NOT_LOWERED = "KFP0601", "a construct that is not lowered yet",
    "The pipeline is right, but this version of the compiler does not translate the construct to Argo.\n\n\
     Write it in another way, or run the pipeline locally.";

    NO_IMAGE = "KFP0602", "a step without an image",
    "A Rust step runs in the image that holds your binary, a Python step in a Python image. Neither the \
     component nor the settings name one.\n\n\
     Give `--image REF` or `--python-image REF`, set the key in `kfpc.toml`, or name an image in the \
     component.";

    TOO_MANY_TEMPLATES = "KFP0603", "more templates than a workflow may have",
    "The API server takes at most 200 templates in one workflow. Components of one interface, image and policy \
     share a template already, and so do loops, branches and pipelines whose graphs are equal.\n\n\
     The notes tell what the templates are needed for. Give steps the same policies where it makes no \
     difference, split the pipeline into several, or let a loop repeat what differs in values only.";

    TOO_MANY_TASKS = "KFP0604", "more tasks than a graph may have",
    "The API server takes at most 200 tasks in one graph. Larger graphs are divided into parts, but not between \
     a task and one that may be skipped or whose failure is ignored.\n\n\
     Group tasks into pipelines of their own.";

    TOO_LARGE = "KFP0605", "more bytes than the API server takes",
    "A workflow and its status share about 1 MiB in the cluster's store. From 900 KiB on the workflow is \
     refused, as it would be accepted and never start.\n\n\
     The notes tell what takes the room. Move long constants into files or images, and split the pipeline.";

    LOWERED_IN_PARTS = "KFP0606", "a scope that is lowered in parts",
    "Argo takes 200 tasks in one graph, and its validation takes long over long chains. A scope that is larger \
     becomes a graph of parts. A part starts when all parts that it takes something from have succeeded. What \
     the pipeline gives is the same, but after a failure nothing of later parts runs, not even what does not \
     depend on the task that failed.\n\n\
     Nothing has to be done. To choose what belongs together, put it into pipelines of their own.";

    LARGE = "KFP0607", "a workflow that leaves little room for its status",
    "A workflow and its status share about 1 MiB in the cluster's store, and the status grows with every task. \
     From 300 KiB on a workflow with many tasks may not end.\n\n\
     The notes tell what takes the room. Move long constants into files or images, and split the pipeline.";

    UNKNOWN_STORE = "KFP0608", "an import from a store that is not declared",
    "What is imported lies below the pipeline root, or in a store that `kfpc.toml` declares: its URIs begin with the \
     store's scheme, and its endpoint and secrets say how to read it. An import whose URI is known at run time only \
     may take from all of them.\n\n\
     Declare the store: `[stores.lake]` with `scheme = \"s3\"`, `endpoint = \"minio.example.org:9000\"`, and \
     `access-key` and `secret-key` as `SECRET/KEY`. For runs on this machine, `path` is the folder with its buckets.";

    TOO_DEEP = "KFP0610", "a pipeline that is nested too deep",
    "Argo follows 99 levels of templates that start each other, and then ends the run. A pipeline, a branch, a \
     loop and a group are levels, and so is every turn of a pipeline that calls itself, with all levels that \
     lead to the call.\n\n\
     Lower the bound of the call, or put less into each other: a loop repeats without going deeper.";

    NEWER_ARGO = "KFP0611", "something that this version of Argo does not have",
    "The workflow would be accepted by the version of Argo that is asked for, and then do something else, as \
     fields that a version does not know are ignored. The versions that do everything right are 3.7.16, 4.0.7, \
     4.1.0, and all that came after one of them under the same minor version or a later one.\n\n\
     Use a newer Argo, and say so with `--argo-version`, or leave out what needs it.";

    OPTION = "KFP0612", "an option that cannot stand in a workflow",
    "What the compiler is told besides the pipeline is written into the workflow: images, the service account, where \
     stores are and how to read them, URIs of artifacts. Argo takes any text there, and the run fails later: a pod \
     whose image is none waits with `InvalidImageName`, one with an unknown service account is never made.\n\n\
     `--image` and `--python-image` take `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`, with a path in lower case; \
     `--service-account` lower case letters, digits, `-` and `.`, 253 at most; an artifact is given to `-p` as its \
     URI below the pipeline root. In kfpc.toml the same holds for the keys of these names; `endpoint` of a store is \
     `HOST[:PORT]` without `https://`, `access-key` and `secret-key` are `SECRET/KEY`. Tags as `{{…}}` can stand \
     in none of them.";

    TOO_MANY_VALUES = "KFP0613", "more values than a template may take or give",
    "Every value that a graph takes from outside, or gives to it, is a parameter of its template, and the API server \
     takes at most 500 of them. Items of a list that a step is given count as one for each part of a large scope that \
     makes them; what branches, loops and groups read counts one by one.\n\n\
     Let a step before gather the values and hand on the list, or let a loop make them: what it collects is one value.";
}
