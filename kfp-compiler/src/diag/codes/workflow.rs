//! `KFP093x` to `KFP096x`: what a manifest of Argo means, and would not do.

use super::{Code, Row, codes};

codes! {
    WORKFLOW_ROWS;

    ARGO_NAME = "KFP0930", "a name that Argo does not take",
    "Templates, tasks, steps and containers have a name of letters, digits and `-` that starts with a letter or a \
     digit and has 128 letters at most. Parameters, artifacts and global names are of letters, digits, `-` and \
     `_`. Argo refuses the workflow.\n\n\
     Give what is named a `name`, or correct it.";

    ARGO_NAME_TWICE = "KFP0931", "a name that stands twice",
    "The templates of a workflow, the tasks of a DAG, the steps of all groups of a template, and the parameters and \
     the artifacts of one list each have a name of their own. Argo refuses the workflow.\n\n\
     Call one of them differently.";

    ARGO_OBJECT_NAME = "KFP0932", "a name that Kubernetes does not take",
    "`metadata.name` is of small letters, digits, `-` and `.`, with a letter or a digit at both ends. It has 63 \
     letters at most, as it becomes the value of a label, and 52 for a cron workflow, which adds the time to it. \
     Of a `generateName` only the first 58 letters are kept.\n\n\
     Correct or shorten the name.";

    ARGO_NAME_FAILS = "KFP0933", "a name that fails when the workflow runs",
    "Argo takes the name and fails on it later. The name of a template becomes part of the name of its pod, where \
     Kubernetes takes small letters only. The name of a task that others wait for stands in an expression, where no \
     name starts with a digit.\n\n\
     Choose another name.";

    ARGO_CONTAINER_NAME = "KFP0934", "a container that cannot be called so",
    "Argo adds containers called `wait`, `supervisor` and `artifact-plugin-…` to each pod, so none of yours can be \
     called so. Init containers need a name.\n\n\
     Give the container another name.";

    ARGO_ENTRYPOINT = "KFP0935", "an entrypoint that is not there",
    "A workflow starts with the template that `entrypoint` names, and ends with those that `onExit` and `hooks` name. \
     All of them are templates of the workflow, or of the workflow template that it is a run of. Argo refuses the \
     workflow.\n\n\
     Name a template that is there.";

    ARGO_UNKNOWN_TEMPLATE = "KFP0936", "a task that runs a template that is not there",
    "`template` names a template of the same manifest. Argo refuses the workflow.\n\n\
     Name a template that is there, or add it.";

    ARGO_UNKNOWN_REFERENCE = "KFP0937", "a workflow template that is in none of the files",
    "`templateRef` and `workflowTemplateRef` name a workflow template, and a template in it. Without the file that \
     holds it, neither the call nor its arguments can be checked. If other workflow templates are among the files, \
     this one is taken to be missing.\n\n\
     Correct the name, or check the file that holds the workflow template together with this one.";

    ARGO_CALL_FORM = "KFP0938", "a task that does not say what it runs, or says it twice",
    "A task, a step or a hook names a `template` of the same manifest or a `templateRef` with `name` and `template`, \
     or holds a template under `inline`. A workflow with a `workflowTemplateRef` has no templates of its own. Argo \
     refuses the workflow.\n\n\
     Write one of them.";

    ARGO_UNUSED_TEMPLATE = "KFP0939", "a template that nothing uses",
    "Neither the entrypoint nor an exit handler leads to the template, so it never runs. Argo says nothing.\n\n\
     Call it, or remove it.";

    ARGO_TEMPLATE_KIND = "KFP0940", "a template that is not of one kind",
    "A template is one of `container`, `containerSet`, `script`, `resource`, `data`, `http`, `plugin`, `suspend`, \
     `steps` and `dag`. Argo refuses one that is none or several of them.\n\n\
     Write one of them.";

    ARGO_KIND_FIELD = "KFP0941", "a field that its kind of template does not have",
    "Deadlines and timeouts hold for templates that do something themselves, `parallelism` for those that run \
     others. Argo refuses the one on the other. What belongs to a pod is ignored without a word where there is \
     none.\n\n\
     Move the field to a template of the right kind.";

    ARGO_CONTAINER = "KFP0942", "a container without image or command",
    "A container and a script need an image, of their own or from `templateDefaults`. Without a `command` the \
     controller asks the registry for that of the image before it can start the pod, which needs access to it and \
     takes time. A set of containers that reads or writes anything has a container called `main`, and its \
     dependencies are containers that are there and lead to no circle.\n\n\
     Add what is missing.";

    ARGO_RESOURCE = "KFP0943", "a resource template that does nothing",
    "The action of a resource is `get`, `create`, `apply`, `delete`, `replace` or `patch`. All but `get` and `delete` \
     need either a `manifest`, which is YAML, or a `manifestFrom` that names an input artifact.\n\n\
     Correct the action, or say what it is done with.";

    ARGO_MISSING_ARGUMENT = "KFP0944", "an input without an argument",
    "An input parameter without a value or a default, and an input artifact that is neither optional nor says where \
     it lies, need an argument in every call of the template. Argo refuses the workflow.\n\n\
     Give the argument, or give the input a `default`.";

    ARGO_UNKNOWN_ARGUMENT = "KFP0945", "an argument that the template has no input for",
    "Argo ignores arguments that the template has no input for, so that a slip of the pen makes it run with the \
     default.\n\n\
     Correct the name, or remove the argument.";

    ARGO_ARGUMENT = "KFP0946", "an argument without a value",
    "An argument has a `value`, or a `valueFrom` with `configMapKeyRef` or `supplied`. Where there is an `enum`, it is \
     not empty and the value is one of it. A workflow that is submitted gets the values that it lacks; a cron \
     workflow has nobody who gives them. Argo refuses the workflow.\n\n\
     Give a value.";

    ARGO_ARTIFACT = "KFP0947", "an artifact that comes from nowhere",
    "An artifact that is given as an argument comes `from` another one, by `fromExpression`, or from a location with \
     at least a key; only one of them. Inputs say no `from`. Where a container reads or writes it, an artifact has a \
     `path`, which does not lead out of its folder by `..`; a DAG and steps have no paths. Argo refuses the \
     workflow.\n\n\
     Say where the artifact comes from, or give it a path.";

    ARGO_OUTPUT = "KFP0948", "an output that comes from nowhere",
    "An output parameter has a `value`, or a `valueFrom` with one source: `path` in a container, a script and a set \
     of containers, `jsonPath` or `jqFilter` in a resource, `parameter` or `expression` in a DAG and in steps, \
     `supplied` in a suspension. Argo refuses the workflow, or fails when it looks for the value.\n\n\
     Write the source that fits the kind of template.";

    ARGO_CYCLE = "KFP0949", "tasks of a DAG that wait for each other",
    "None of them can start. Argo refuses the workflow.\n\n\
     Remove one of the edges.";

    ARGO_UNKNOWN_TASK = "KFP0950", "a task that is not there",
    "`depends`, `dependencies` and `target` name tasks of the same DAG. Argo refuses the workflow.\n\n\
     Correct the name.";

    ARGO_DEPENDS = "KFP0951", "ways of waiting that do not go together",
    "In one DAG there is either `depends` or `dependencies`, and `continueOn` with the latter only. `AnySucceeded` and \
     `AllFailed` are results of loops. Argo refuses the workflow.\n\n\
     Write `depends` everywhere, with the results that each task waits for.";

    ARGO_EMPTY_GRAPH = "KFP0952", "a template that runs nothing",
    "A DAG has at least one task; Argo refuses one without. Steps without any step end at once.\n\n\
     Add a task, or use a `suspend` of no time.";

    ARGO_LOOP = "KFP0953", "a loop that Argo does not run",
    "A task runs over one of `withItems`, `withParam` and `withSequence`. A `withParam` is a list in JSON. A sequence \
     has either a `count` or an `end`. Argo refuses the workflow, or fails when the task is due.\n\n\
     Correct what the task runs over.";

    ARGO_ITEM = "KFP0954", "an item that cannot be read so",
    "`{{item}}` stands in a task with a loop; elsewhere it stays as it is written. `{{item.key}}` takes the text out \
     of JSON without decoding it, so that quotes, line breaks and `\\` keep their escapes.\n\n\
     Hand the item over as a parameter, the whole `{{item}}` where its texts may hold anything.";

    ARGO_RECURSION = "KFP0955", "a recursion that does not end",
    "A template that calls itself needs a condition that ends it. Argo ends the run with an error after about a \
     hundred levels.\n\n\
     Give the task that calls it a `when`, or make it depend on a task that may be skipped.";

    ARGO_VARIABLE = "KFP0956", "a variable that is not there",
    "A tag reads a variable of its place: `workflow.…` anywhere, `inputs.…` and `outputs.…` of the same template, \
     `tasks.…` and `steps.…` in a template of that kind, `item` in a loop, `retries` and `lastRetry.…` in a template \
     that retries. Argo refuses the workflow, leaves the tag as it is written, or waits for the value for ever.\n\n\
     Correct the name.";

    ARGO_TAG = "KFP0957", "a tag without an end",
    "A `{{` begins a tag, wherever it stands, and `}}` ends it. Without an end Argo cannot read the template. A \
     workflow with such an argument is accepted and never starts, and nothing says why.\n\n\
     Close the tag. For two braces that are meant so, write them in a value that is decoded by the program, as \
     `{\\u007b` in JSON.";

    ARGO_ORDER = "KFP0958", "a task that reads what is not made yet",
    "A task reads outputs of tasks that it waits for, directly or through others, and a step those of earlier \
     groups. Argo refuses the workflow if the tag is all that the argument holds. Elsewhere it is accepted, and the \
     run waits for ever.\n\n\
     Add the task to `depends`, or move the step to a later group.";

    ARGO_ABSENT = "KFP0960", "a value that may not be there",
    "The task that makes the value may be skipped, omitted or failed when it is read. A tag on a failed task makes \
     the run wait for ever; on a skipped one it fails the node, unless the output has a `default`.\n\n\
     Read it by the status of the task that makes it: \
     `{{=tasks['x'].status == 'Succeeded' ? (tasks['x']?.outputs?.parameters?.['p'] ?? 'null') : 'null'}}`; or depend \
     on its success.";

    ARGO_FORGIVEN = "KFP0962", "a failure that is forgotten",
    "The phase of a DAG is that of its targets, which are the tasks that nobody waits for. A task that failed and \
     that another one ran after does not count, so the run succeeds.\n\n\
     List all tasks in `target`, with `failFast: false`.";

    ARGO_FAN_IN = "KFP0963", "outputs of a loop that cannot be read so",
    "Of a task with a loop, output parameters are lists in JSON. Artifacts are not collected. `outputs.result` fails \
     if one result is no JSON. A loop over nothing has no outputs at all, and no default helps where the task is \
     read; in one where all were skipped, whoever reads waits for ever.\n\n\
     Put the loop into a template of its own with the list as output, whose `valueFrom` has a `default: '[]'`. Write \
     artifacts under a common prefix and read that.";

    ARGO_MEMOIZE = "KFP0964", "a cache that does not work",
    "A key is of letters, digits and `-`, starts with a letter or a digit, and needs a `cache` with a `configMap`, and a `maxAge`. \
     On a template that retries, a hit makes the run stay running for ever.\n\n\
     Take a digest as the key: `{{=sprig.sha256sum(…)}}`. Put `memoize` on a DAG around the template that retries.";

    ARGO_RETRY = "KFP0965", "a retry that does not end, or retries too much",
    "Without a `limit` a step is retried for ever, and its backoff is ignored. A `retryStrategy` of the workflow or \
     of `templateDefaults` holds for DAGs too, which then run again as a whole.\n\n\
     Write a limit, and set `retryStrategy` on the templates of the steps.";

    ARGO_HOOK = "KFP0966", "a hook that never runs",
    "Every hook but `exit` has an `expression` that says when it runs. Argo refuses the workflow.\n\n\
     Give it an expression.";

    ARGO_PATH = "KFP0968", "two things in one place of a container",
    "Each volume of a container is mounted to a path of its own, and no input artifact has the path of a volume. Argo \
     refuses the workflow.\n\n\
     Choose another path.";

    ARGO_EXIT_VARIABLE = "KFP0969", "a value that is there at the end only",
    "`workflow.failures` is known to the template that `onExit` names, and to arguments of `hooks.exit`. \
     `workflow.status` is `Running` until then. Elsewhere Argo refuses the workflow, or what is read is of no use.\n\n\
     Hand it over as an argument of the exit handler.";
}
