//! `KFP06xx`: what the target cannot do.

use super::{Code, Row, codes};

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
    "The API server takes at most 200 templates in one workflow, and equal ones are shared already.\n\n\
     Split the pipeline into several, or let a loop repeat what differs in values only.";

    TOO_MANY_TASKS = "KFP0604", "more tasks than a graph may have",
    "The API server takes at most 200 tasks in one graph.\n\n\
     Group tasks into pipelines of their own.";

    TOO_LARGE = "KFP0605", "more bytes than the API server takes",
    "A workflow and its status share about 1 MiB in the cluster's store. From 900 KiB on the workflow is \
     refused, as it would be accepted and never start.\n\n\
     Move long constants into files or images, and split the pipeline.";
}
