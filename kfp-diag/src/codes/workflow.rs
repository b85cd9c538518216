//! `KFP093x` to `KFP096x`: semantic errors of an Argo manifest.

use super::code::{Code, Row, codes};

codes! {
    WORKFLOW_ROWS;

    ARGO_NAME = "KFP0930", "missing or invalid name in a manifest",
    "The names of templates, tasks, steps and containers consist of letters, digits and `-`, start with a letter or \
     digit, and have at most 128 characters. The names of parameters, artifacts and global outputs consist of letters, \
     digits, `-` and `_`. Argo rejects the workflow.\n\n\
     Add a `name`, or correct it.";

    ARGO_NAME_TWICE = "KFP0931", "duplicate name in a manifest",
    "Names must be unique among the templates of a workflow, the tasks of a DAG, the steps in all groups of a template, \
     and the parameters or artifacts of one list. Argo rejects the workflow.\n\n\
     Rename one of them.";

    ARGO_OBJECT_NAME = "KFP0932", "invalid object name",
    "`metadata.name` consists of lowercase letters, digits, `-` and `.`, and starts and ends with a letter or digit. \
     It has at most 63 characters, because it becomes the value of a label, and 52 for a cron workflow, which appends \
     the time. Only the first 58 characters of a `generateName` are used.\n\n\
     Correct or shorten the name.";

    ARGO_NAME_FAILS = "KFP0933", "a name that fails at run time",
    "Argo accepts the name and fails later. The name of a template becomes part of the pod name, where Kubernetes only \
     allows lowercase letters. The name of a task that other tasks wait for becomes part of an expression, in which \
     names cannot start with a digit.\n\n\
     Choose another name.";

    ARGO_CONTAINER_NAME = "KFP0934", "invalid container name",
    "Argo adds containers named `wait`, `supervisor` and `artifact-plugin-…` to each pod, so your containers cannot \
     have these names. Init containers need a name.\n\n\
     Rename the container.";

    ARGO_ENTRYPOINT = "KFP0935", "unknown entrypoint",
    "`entrypoint` is the first template of a workflow; `onExit` and `hooks` name further templates. Each of them must \
     be a template of the workflow, or of the workflow template that it uses. Argo rejects the workflow.\n\n\
     Use the name of an existing template.";

    ARGO_UNKNOWN_TEMPLATE = "KFP0936", "unknown template",
    "`template` must be the name of a template in the same manifest. Argo rejects the workflow.\n\n\
     Use the name of an existing template, or add the template.";

    ARGO_UNKNOWN_REFERENCE = "KFP0937", "unresolved workflow template",
    "`templateRef` and `workflowTemplateRef` refer to a workflow template and a template in it. kfpc cannot check the \
     call and its arguments without the file that contains it. The workflow template may exist on the cluster, so this \
     is a warning; `--deny warnings` makes it an error.\n\n\
     Correct the name, or check the file with the workflow template together with this one.";

    ARGO_CALL_FORM = "KFP0938", "a task with no template, or with more than one",
    "A task, step or hook has exactly one of these: the `template` to run from the same manifest, a `templateRef` with \
     `name` and `template`, or a template under `inline`. A workflow with a `workflowTemplateRef` has no templates. \
     Argo rejects the workflow.\n\n\
     Keep exactly one of them.";

    ARGO_UNUSED_TEMPLATE = "KFP0939", "unused template",
    "The template is not reachable from the entrypoint or an exit handler, so it never runs. Argo does not report \
     this.\n\n\
     Use the template, or remove it.";

    ARGO_TEMPLATE_KIND = "KFP0940", "a template with no type, or with more than one",
    "A template has exactly one of `container`, `containerSet`, `script`, `resource`, `data`, `http`, `plugin`, \
     `suspend`, `steps` and `dag`. Argo rejects templates with none or several of them.\n\n\
     Keep exactly one of them.";

    ARGO_KIND_FIELD = "KFP0941", "a field that does not apply to the template type",
    "Deadlines and timeouts apply to templates that do work themselves, and `parallelism` to templates that run other \
     templates. Argo rejects any other combination. Fields of a pod are silently ignored in templates without a \
     pod.\n\n\
     Move the field to a template of the right type.";

    ARGO_CONTAINER = "KFP0942", "a container without an image or command",
    "A container or script needs an image, either directly or from `templateDefaults`. Without a `command`, the \
     controller has to look up the command of the image in the registry before it can start the pod, which needs \
     access to the registry and takes time. A container set with inputs or outputs needs a container named `main`, and \
     the dependencies of its containers must exist and must not form a cycle.\n\n\
     Add the missing part.";

    ARGO_RESOURCE = "KFP0943", "invalid resource template",
    "The action of a resource template is `get`, `create`, `apply`, `delete`, `replace` or `patch`. All of them except \
     `get` and `delete` need a `manifest` in YAML with an `apiVersion` and a `kind`, or a `manifestFrom` that refers to \
     an input artifact. `successCondition` and `failureCondition` are comma-separated requirements, such as \
     `status.succeeded > 0, status.phase != Failed`, not expressions.\n\n\
     Correct the action, the manifest or the condition.";

    ARGO_MISSING_ARGUMENT = "KFP0944", "missing argument of a template",
    "Each call of a template must pass an argument for every input parameter that has neither a value nor a default, \
     and for every input artifact that is not optional and has no location. Argo rejects the workflow.\n\n\
     Pass the argument, or set a `default` for the input.";

    ARGO_UNKNOWN_ARGUMENT = "KFP0945", "unknown argument of a template",
    "Argo ignores arguments that do not match an input of the template. If the name is misspelt, the template \
     runs with the default.\n\n\
     Correct the name, or remove the argument.";

    ARGO_ARGUMENT = "KFP0946", "argument without a value",
    "An argument has a `value`, or a `valueFrom` with `configMapKeyRef` or `supplied`. An `enum` must not be empty and \
     must contain the value. The missing values of a workflow can be set on submission, but those of a cron workflow \
     cannot. A `default` has no effect on an argument: only inputs have defaults. Argo rejects the workflow, or does \
     not start it.\n\n\
     Set a value.";

    ARGO_ARTIFACT = "KFP0947", "artifact without a source or path",
    "An artifact argument has exactly one source: `from`, `fromExpression`, or a location with at least a key. Input \
     artifacts cannot have `from`. In a container, an artifact needs a `path`, which must not leave its folder with \
     `..`; in a DAG or in steps, it has none. Argo rejects the workflow.\n\n\
     Add the source or the path of the artifact.";

    ARGO_OUTPUT = "KFP0948", "output parameter without a source",
    "An output parameter has a `value`, or a `valueFrom` with one source: `path` in a container, script or container \
     set, `jsonPath` or `jqFilter` in a resource, `parameter` or `expression` in a DAG or in steps, and `supplied` in \
     a suspend template. Argo rejects the workflow, or fails when it reads the value.\n\n\
     Use the source that matches the template type.";

    ARGO_CYCLE = "KFP0949", "a cycle in a DAG",
    "The tasks wait for each other, so none of them can start. Argo rejects the workflow.\n\n\
     Remove one of the edges.";

    ARGO_UNKNOWN_TASK = "KFP0950", "unknown task in a DAG",
    "`depends`, `dependencies` and `target` refer to tasks of the same DAG. Names in `target` are separated by a single \
     space. Its tags are replaced with the values known at validation: those of `spec.arguments`, and of the inputs \
     of the templates that `entrypoint` and `onExit` name. Argo rejects the workflow if a name is not a task, an \
     argument has no value yet, or a tag reads a value of the run.\n\n\
     Correct the name, or set a value for the argument: `target: \"{{workflow.parameters.stage}}\"` with `{name: \
     stage, value: deploy}`. The value can be changed on submission.";

    ARGO_DEPENDS = "KFP0951", "incompatible dependency settings",
    "All tasks of a DAG use either `depends` or `dependencies`, and only the latter supports `continueOn`. \
     `AnySucceeded` and `AllFailed` refer to the iterations of a loop, so the task must have one. Argo rejects the \
     workflow.\n\n\
     Use `depends` everywhere: `dependencies: [a, b]` becomes `depends: a && b`, and a dependency on a task `a` with \
     `continueOn: {failed: true}` becomes `depends: a || a.Failed`. For a single task, use `Succeeded` and `Failed`.";

    ARGO_EMPTY_GRAPH = "KFP0952", "empty DAG or steps template",
    "Argo rejects a DAG without tasks. A steps template without steps is accepted, and succeeds immediately without \
     doing anything.\n\n\
     Add a task or a step. For an intentional no-op, use a template with `suspend: {duration: \"0\"}`.";

    ARGO_LOOP = "KFP0953", "invalid loop",
    "A task or step loops over one of these: `withItems`, a literal list; `withParam`, a string that contains a JSON \
     list; or `withSequence`, integers up to a `count` or an `end`. Argo rejects the workflow if there are two of \
     them, or both `count` and `end`. Invalid lists and numbers, null items, and a sequence without an end are \
     accepted, and fail when the task starts.\n\n\
     Use `withItems: [a, b]`, `withParam: \"{{tasks.list.outputs.parameters.items}}\"` or `withSequence: \
     {count: \"3\"}`. For nested loops, move the inner loop into its own template.";

    ARGO_ITEM = "KFP0954", "a loop item that cannot be read",
    "`{{item}}` is the current item of a loop, and can only be used in the task or step with the loop. Elsewhere, for \
     example in the template that the task runs, `{{item}}` is left unreplaced, and Argo rejects `{{item.key}}`. In a \
     loop over objects, `{{item.key}}` inserts the string as it is in the JSON: quotes, `\\`, `<`, `>`, `&` and line \
     breaks stay escaped.\n\n\
     Pass the item as an argument, such as `{name: row, value: \"{{item}}\"}`, and read \
     `{{inputs.parameters.row}}` in the template. If its strings can contain any characters, pass the whole `{{item}}` \
     and decode it in the program.";

    ARGO_RECURSION = "KFP0955", "unbounded recursion in a manifest",
    "A template that runs itself, directly or through other templates, repeats until a condition skips the call. \
     Without a condition, Argo ends the run with an error after about a hundred levels.\n\n\
     Add a condition to the recursive task, such as `when: \"{{inputs.parameters.left}} > 0\"`, and pass a different \
     value to the next level. Alternatively, make the task depend on the result of a task that can fail or be skipped.";

    ARGO_VARIABLE = "KFP0956", "unknown variable",
    "A tag can read these variables: `workflow.…` everywhere, `inputs.…` in the template itself, `tasks.…` and \
     `steps.…` in the tasks and outputs of a `dag` or `steps` template, `item` in a loop, `pod.name` in templates with \
     a pod, and `retries` and `lastRetry.…` in templates with retries. Argo rejects unknown names that start with \
     `workflow.`, `inputs.`, `tasks.`, `steps.`, `item.` or `pod.`. It leaves other tags unreplaced, so the program \
     receives the braces. If an expression reads an unknown task, Argo waits for it forever.\n\n\
     Correct the name. To use a value of another template, pass it as an argument of the task, and declare it as an \
     input of the template that the task runs.";

    ARGO_TAG = "KFP0957", "unterminated tag",
    "`{{` starts a tag in every string of a workflow, and `}}` ends it. Argo replaces tags in the JSON of a template, \
     so an unterminated tag extends to the next `}}` in any field: the tag is not replaced, `{{=` ends the node with \
     an error, and without another `}}` the template cannot be read. A workflow with an unterminated tag in an argument \
     is accepted and never starts, without an error.\n\n\
     Close the tag. If you need two literal braces, encode them so that the program can decode them, such as \
     `{\\u007b` in JSON, or keep the braces apart.";

    ARGO_ORDER = "KFP0958", "a task that reads an output before it exists",
    "A task of a DAG can read outputs of the tasks that it waits for, directly or indirectly. A step can read outputs \
     of earlier groups, but not of its own group. Argo rejects a step that reads a later group, and an argument of a \
     task that starts with such a tag. Otherwise it accepts the workflow, the value does not exist when the task \
     starts, and the run waits for it forever.\n\n\
     Add the dependency, such as `depends: load.Succeeded`, or move the step to a later group.";

    ARGO_LOCK = "KFP0959", "a lock that waits for itself",
    "A workflow or template holds its locks until everything that it runs has ended. If one of these templates takes \
     the same mutex, or a semaphore of size 1, it waits forever.\n\n\
     Take the lock in one place: in the workflow or in the templates.";

    ARGO_ABSENT = "KFP0960", "an output that may not exist",
    "An output exists only if its task succeeded. A task that also runs after its dependency failed, was skipped or was \
     omitted reads an output that does not exist. After a failure, the run waits for it forever. In the other cases the \
     node ends with an error, unless the output has a `default` in its `valueFrom`, or the tag is the whole value of an \
     argument whose input has a `default`.\n\n\
     Depend on success, such as `depends: x.Succeeded`, set a default for the output or the input, or check the status: \
     `{{=tasks['x'].status == 'Succeeded' ? (tasks['x']?.outputs?.parameters?.['p'] ?? 'null') : 'null'}}`.";

    ARGO_FORGIVEN = "KFP0962", "a failure that does not fail the run",
    "The result of a DAG is the result of its targets. Without `target`, these are the tasks that no other task waits \
     for. If a task runs after a failed one, because of a condition such as `depends: train.Failed`, the failure no \
     longer counts, and the run is reported as succeeded.\n\n\
     List every task whose failure must count, such as `target: train report`, and set `failFast: false` so that \
     later tasks run after a failure. If the failure should be ignored, silence this warning with \
     `--allow KFP0962`.";

    ARGO_FAN_IN = "KFP0963", "loop outputs that cannot be collected",
    "For a task with a loop, `outputs.parameters.p` is a JSON list with the values of the iterations that succeeded. \
     Artifacts are not collected. `outputs.result` ends the node with an error if a result is not JSON. An empty loop \
     has no outputs, and a default where they are read has no effect. If `when` skips all iterations, the consumers \
     wait forever.\n\n\
     Move the loop into its own template with the list as an output, and set `default: '[]'` in its `valueFrom`. Write \
     results to files and make them output parameters. Write artifacts below a common prefix, and read it as a \
     folder.";

    ARGO_MEMOIZE = "KFP0964", "invalid memoization",
    "`memoize` has a `key`, a `cache` with a `configMap`, and a `maxAge`. The key consists of letters, digits and `-`, \
     and starts with a letter or digit. With an invalid key, or without a config map, the run ends with an error. \
     Without `maxAge`, the API server rejects the workflow. In a template with retries, the first cache hit keeps the \
     run running forever.\n\n\
     Use a digest of everything that the result depends on, such as `key: \
     \"{{=sprig.sha256sum(inputs.parameters.rows)}}\"`. Set `maxAge: 24h`, or `maxAge: \"\"` for results that never \
     expire. For a template with retries, move `memoize` to a DAG around it.";

    ARGO_RETRY = "KFP0965", "unbounded or too broad retry",
    "Without a `limit`, a step that always fails is retried forever. Its `backoff` is also ignored, except for \
     `maxDuration`. A `retryStrategy` of the workflow or of `templateDefaults` also applies to DAGs and steps, which \
     are then retried as a whole.\n\n\
     Set `limit: \"2\"` for at most three attempts, and set `retryStrategy` on the templates of the steps to retry.";

    ARGO_HOOK = "KFP0966", "a hook that never runs",
    "A hook runs when its `expression` becomes true. The hook named `exit` runs at the end and does not need an \
     expression. Argo rejects other hooks of a workflow or step without an expression. It accepts them for a task of a \
     DAG, and the task ends with an error. The expression of the workflow's own hook `exit` is ignored: the hook always \
     runs. The expression of a task's hook cannot read the exit code of the task, so comparisons with it are \
     false.\n\n\
     Add an expression, such as `expression: tasks.train.status == \"Running\"`, or rename the hook to `exit` to run it \
     at the end.";

    ARGO_HOOK_LIMIT = "KFP0967", "a limit that ends the controller",
    "A DAG lists a task that waits for `parallelism` before the task has a node. Below an exit handler or hook of a \
     workflow, the controller treats that as a fatal error: it exits, and exits again whenever it processes the \
     workflow, so that no other workflow makes progress. Argo does not report this. A template with `steps` is not \
     affected.\n\n\
     Use `steps` in the templates that the hook runs, or remove the limit.";

    ARGO_PATH = "KFP0968", "conflicting paths in a container",
    "Each volume and each input artifact of a container needs its own path, because a later mount would hide an \
     earlier one. Argo rejects the workflow.\n\n\
     Change one of the paths.";

    ARGO_EXIT_VARIABLE = "KFP0969", "a variable that is only set at the end",
    "`workflow.failures` is only available to the template that `onExit` names and to the arguments of `hooks.exit`; \
     Argo rejects a workflow that reads it elsewhere. `workflow.status` is `Running` until the end, so a task that \
     reads it gets the same value in every run.\n\n\
     Pass it as an argument of the exit handler, such as `{name: status, value: \"{{workflow.status}}\"}`. In other \
     tasks, use the status of a task: `{{tasks.train.status}}`.";

    ARGO_VOLUME = "KFP0970", "unknown volume",
    "A container mounts a volume that neither the template nor the workflow defines, so its pod is never created. The \
     volumes of a workflow are its `volumes` and `volumeClaimTemplates`. A template that is called with `templateRef` \
     uses the volumes of the workflow that calls it, not those of its workflow template.\n\n\
     Correct the name, or define the volume in the workflow, or in the `volumes` of the template, which are available \
     wherever it is called.";
}
