//! `KFP06xx`: limits of the target.

use super::code::{Code, Row, codes};

codes! {
    LOWERING_ROWS;

    NOT_LOWERED = "KFP0601", "unsupported construct",
    "The pipeline is valid, but this version of the compiler cannot translate the construct to Argo.\n\n\
     Rewrite the pipeline without it, or run the pipeline locally.";

    NO_IMAGE = "KFP0602", "missing image",
    "A Rust step runs in the image that contains your binary, a Python step in a Python image. Neither the component \
     nor the settings specify an image.\n\n\
     Pass `--image REFERENCE` or `--python-image REFERENCE`, set the key in `kfpc.toml`, or set an image on the \
     component.";

    TOO_MANY_TEMPLATES = "KFP0603", "too many templates",
    "The API server accepts at most 200 templates in one workflow. Components with the same interface, image and \
     policy already share a template, and so do loops, branches and pipelines with equal graphs.\n\n\
     The notes list what the templates are used for. Use the same policies where possible, split the pipeline, or \
     use a loop for steps that differ only in their values.";

    TOO_MANY_TASKS = "KFP0604", "too many tasks in one graph",
    "The API server accepts at most 200 tasks in one graph. kfpc splits larger graphs into parts, but cannot split \
     between a task and another task that may be skipped, or behind a task whose failure does not stop the others.\n\n\
     Group tasks into sub-pipelines.";

    TOO_LARGE = "KFP0605", "workflow too large",
    "A workflow and its status share one object of at most about 1 MiB in etcd. A workflow of more than 900 KiB would \
     be accepted but never start, so kfpc rejects it.\n\n\
     The notes list what takes the space. Move long constants into files or images, and split the pipeline.";

    LOWERED_IN_PARTS = "KFP0606", "a scope that is compiled in parts",
    "Argo accepts 200 tasks in one graph, and is slow to validate long chains. kfpc splits a larger scope into a graph \
     of parts. A part starts when all parts that it depends on have succeeded. The results are the same, but after a \
     failure no later part runs, not even the tasks in it that do not depend on the failed task.\n\n\
     You do not have to change anything. To control the split, group tasks into sub-pipelines.";

    LARGE = "KFP0607", "a workflow that leaves little room for its status",
    "A workflow and its status share one object of at most about 1 MiB in etcd, and the status grows with every task. \
     A workflow of more than 300 KiB with many tasks may not be able to finish.\n\n\
     The notes list what takes the space. Move long constants into files or images, and split the pipeline.";

    UNKNOWN_STORE = "KFP0608", "import from an undeclared store",
    "Imported artifacts must be below the pipeline root, or in a store that `kfpc.toml` declares. The declaration \
     has the scheme of the store's URIs, its endpoint, and the secrets to read it with. An import whose URI is \
     unknown until run time can read from all declared stores.\n\n\
     Declare the store: `[stores.lake]` with `scheme = \"s3\"`, `endpoint = \"minio.example.org:9000\"`, and \
     `access-key` and `secret-key` as `SECRET/KEY`. For local runs, set `path` to the folder with its buckets.";

    TOO_DEEP = "KFP0610", "pipeline nested too deeply",
    "Argo ends a run when templates are nested more than 99 levels deep. Each pipeline, branch, loop and group adds a \
     level. Each recursion adds all levels between the pipeline and its recursive call.\n\n\
     Lower the recursion bound, or reduce the nesting: a loop repeats steps without adding levels.";

    NEWER_ARGO = "KFP0611", "unsupported by this version of Argo",
    "The selected version of Argo would accept the workflow, but ignore fields that it does not know and behave \
     differently. Every feature works in 3.7.16 and later 3.7 releases, in 4.0.7 and later 4.0 releases, and in 4.1.0 \
     and later.\n\n\
     Use a newer Argo and set `--argo-version`, or remove the feature.";

    OPTION = "KFP0612", "invalid option of the compiler",
    "Options are written into the workflow: images, the service account, stores and their secrets, and URIs of \
     artifacts. Argo accepts any string there, and the run fails later: a pod with an invalid image waits with \
     `InvalidImageName`, and a pod with an unknown service account is never created.\n\n\
     `--image` and `--python-image` have the format `[HOST[:PORT]/]PATH[:TAG][@DIGEST]` with a lowercase path. \
     `--service-account` has up to 253 lowercase letters, digits, `-` and `.`. Pass an artifact to `-p` as its URI \
     below the pipeline root. The same rules apply to the keys with these names in `kfpc.toml`. The `endpoint` of a \
     store is `HOST[:PORT]` without `https://`, and `access-key` and `secret-key` are `SECRET/KEY`. None of them can \
     contain tags (`{{…}}`).";

    TOO_MANY_VALUES = "KFP0613", "too many inputs or outputs of a template",
    "Each value that a graph receives or returns is a parameter of its template, and the API server accepts at most \
     500 of them. If a list is passed to a step and its items are produced in several parts of a split scope, each \
     part counts once. Values that branches, loops and groups read are counted individually.\n\n\
     Collect the values in an earlier step and pass the list on, or produce them in a loop, which collects them into a \
     single value.";

    LARGE_SOURCE = "KFP0614", "Python source too long for an argument",
    "A workflow contains the source of a Python step or notebook, and its modules, as arguments of the container. Linux \
     limits each argument to 128 KiB, and a container with a longer one fails to start. The source of a function is \
     one argument; its modules are together another one, in which each line break and quote counts twice. A notebook \
     is JSON in a single argument.\n\n\
     Move code into a package that the image contains or that `packages` installs, list only modules that the step \
     imports, or split the step.";
}
