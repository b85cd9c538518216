//! `KFP093x` to `KFP096x`: what a manifest of Argo means, and would not do.

use super::code::{Code, Row, codes};

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
    "`depends`, `dependencies` and `target` name tasks of the same DAG; between two names of a `target` is one \
     blank. Its tags are replaced by what is known when the workflow is checked: the values of `spec.arguments`, \
     and the inputs of the templates that `entrypoint` and `onExit` name. Argo refuses the workflow where a name \
     is no task, and also where an argument has no value yet, or a tag reads something of the run.\n\n\
     Correct the name, or give the argument a value: `target: \"{{workflow.parameters.stage}}\"` with `{name: \
     stage, value: deploy}`. Whoever submits the workflow may give another one.";

    ARGO_DEPENDS = "KFP0951", "ways of waiting that do not go together",
    "A DAG says of all its tasks either by `depends` or by `dependencies` what they wait for, and `continueOn` \
     goes with the latter only. `AnySucceeded` and `AllFailed` ask how the turns of a loop ended, so the task \
     before the dot has one. Argo refuses the workflow.\n\n\
     Write `depends` everywhere: `dependencies: [a, b]` is `depends: a && b`, and what waits for a task `a` with \
     `continueOn: {failed: true}` has `depends: a || a.Failed`. Of a single task ask `Succeeded` and `Failed`.";

    ARGO_EMPTY_GRAPH = "KFP0952", "a template that runs nothing",
    "Argo refuses a DAG without tasks. A template of steps without any is accepted and ends at once, as if its \
     work were done.\n\n\
     Add a task or a step. Where nothing is to be done, say so by a template with `suspend: {duration: \"0\"}`.";

    ARGO_LOOP = "KFP0953", "a loop that Argo does not run",
    "A task or a step runs over one of three: `withItems`, a list as it stands; `withParam`, a text with a list \
     in JSON; `withSequence`, whole numbers up to a `count` or an `end`. Argo refuses the workflow if there are \
     two of them, or both ends. What is no list or no number, an item that is null, and a sequence without an end \
     are accepted, and fail when the task is due.\n\n\
     Write it as `withItems: [a, b]`, `withParam: \"{{tasks.list.outputs.parameters.items}}\"` or `withSequence: \
     {count: \"3\"}`. For a loop in a loop, put the inner one into a template of its own.";

    ARGO_ITEM = "KFP0954", "an item that cannot be read so",
    "`{{item}}` is what a loop is at, and stands in the task or step that has the loop. Elsewhere, as in the \
     template that this runs, `{{item}}` stays as it is written, and Argo refuses `{{item.key}}`. In a loop over \
     objects, `{{item.key}}` takes a text out of JSON as it stands there: quotes, `\\`, `<`, `>`, `&` and line \
     breaks keep their escapes.\n\n\
     Hand the item over, as `{name: row, value: \"{{item}}\"}` among the arguments, and read \
     `{{inputs.parameters.row}}` in the template. Where its texts may hold anything, hand over the whole \
     `{{item}}`, and let the program decode it.";

    ARGO_RECURSION = "KFP0955", "a recursion that does not end",
    "A template that runs itself, directly or through others, goes on until a condition leaves the call out. \
     Without one, Argo ends the run with an error after about a hundred levels.\n\n\
     Give the task that goes round a condition, as `when: \"{{inputs.parameters.left}} > 0\"`, and its next turn \
     another value; or make it depend on how a task ended that may fail or be skipped.";

    ARGO_VARIABLE = "KFP0956", "a variable that is not there",
    "A tag reads what can be seen from its place: `workflow.…` anywhere, `inputs.…` in their own template, \
     `tasks.…` and `steps.…` in the tasks and the outputs of a `dag` and of `steps`, `item` in a loop, `pod.name` \
     where there is a pod, `retries` and `lastRetry.…` in a template that retries. Argo refuses the workflow if \
     the name begins with `workflow.`, `inputs.`, `tasks.`, `steps.`, `item.` or `pod.`. It leaves other tags as \
     they are written, so that programs get the braces; and for a task that an expression reads and that is not \
     there it waits for ever.\n\n\
     Correct the name. What another template knows is handed over: as an argument of the task, and as an input of \
     the template that it runs.";

    ARGO_TAG = "KFP0957", "a tag without an end",
    "`{{` begins a tag in every text of a workflow, and `}}` ends it. Argo keeps a template as JSON, and takes \
     everything up to the next `}}` in that for the tag, whatever it belongs to: the tag is not replaced, `{{=` \
     ends the node as an error, and without another `}}` the template cannot be read. A workflow with such an \
     argument is accepted and never starts, and nothing says why.\n\n\
     Close the tag. Two braces that are meant so stand in a value that the program decodes, as `{\\u007b` in \
     JSON, or apart from each other.";

    ARGO_ORDER = "KFP0958", "a task that reads what is not made yet",
    "A task of a DAG reads outputs of tasks that it waits for, directly or through others; a step those of \
     earlier groups, not of steps beside it. Argo refuses a step that reads a later group, and an argument of a \
     task that begins with such a tag. Anywhere else it accepts the workflow; the value is never there when the \
     task is due, and the run waits for it for ever.\n\n\
     Add the task to what is waited for, as `depends: load.Succeeded`, or move the step to a later group.";

    ARGO_ABSENT = "KFP0960", "a value that may not be there",
    "Outputs are there if the task that makes them ran to a good end. Another one may run although it failed, was \
     skipped or was omitted, and then reads what is not there: after a failure the run waits for it for ever; \
     else the node ends as an error, unless the output has a `default` in its `valueFrom`, or the tag is all of \
     an argument whose input has a `default`.\n\n\
     Depend on success, as `depends: x.Succeeded`; give the output or the input a default; or read by the status: \
     `{{=tasks['x'].status == 'Succeeded' ? (tasks['x']?.outputs?.parameters?.['p'] ?? 'null') : 'null'}}`.";

    ARGO_FORGIVEN = "KFP0962", "a failure that is forgotten",
    "A DAG ends as its targets end; where none are named, these are the tasks that nobody waits for. So once \
     something has run after a task that failed, as `depends: train.Failed` makes it, the failure no longer \
     counts: the run succeeds, and whoever asks for its status is told so.\n\n\
     Name every task whose failure is to count, as `target: train report`, with `failFast: false` so that what is \
     to run after a failure does. Where it is to be forgotten, this warning can be left out by `--allow KFP0962`.";

    ARGO_FAN_IN = "KFP0963", "outputs of a loop that cannot be read so",
    "Of a task with a loop, `outputs.parameters.p` is a list in JSON, of the turns that succeeded. Artifacts are \
     not collected. `outputs.result` ends the node as an error if one result is no JSON. A loop over nothing has \
     no outputs at all, and no default helps where the task is read; if `when` skipped all turns, who reads waits \
     for ever.\n\n\
     Put the loop into a template of its own with the list as an output, whose `valueFrom` has a `default: '[]'`. \
     Write results to files, and make them output parameters. Write artifacts below a common prefix, and read \
     that as a folder.";

    ARGO_MEMOIZE = "KFP0964", "a cache that does not work",
    "`memoize` has a `key`, a `cache` with a `configMap`, and a `maxAge`. The key is of letters, digits and `-`, \
     and starts with a letter or a digit; with another one, or without a config map, the run ends as an error. \
     Without `maxAge` the API server refuses the workflow. On a template that retries, the first hit makes the \
     run stay running for ever.\n\n\
     Take a digest of everything that the outcome depends on, as `key: \
     \"{{=sprig.sha256sum(inputs.parameters.rows)}}\"`. Write `maxAge: 24h`, or `maxAge: \"\"` for results that \
     never grow old. Put `memoize` on a DAG around the template that retries.";

    ARGO_RETRY = "KFP0965", "a retry that does not end, or retries too much",
    "Without a `limit` a step that always fails is tried for ever, and without the pauses of its `backoff`, of \
     which only `maxDuration` still holds. A `retryStrategy` of the workflow or of `templateDefaults` holds for \
     DAGs and steps too, which then run again as a whole.\n\n\
     Write `limit: \"2\"` for three attempts at most, and set `retryStrategy` on the templates of the steps that \
     are to be tried again.";

    ARGO_HOOK = "KFP0966", "a hook that never runs",
    "A hook runs as soon as its `expression` holds; the one called `exit` runs at the end and needs none. Without \
     an expression, Argo refuses a hook of the workflow and of a step. One of a task in a DAG it accepts, and the \
     task ends as an error.\n\n\
     Give it an expression, as `expression: tasks.train.status == \"Running\"`, or call it `exit` if it is to run \
     at the end.";

    ARGO_PATH = "KFP0968", "two things in one place of a container",
    "Each volume and each input artifact of a container has a path of its own, as what is mounted last would hide \
     what lies there. Argo refuses the workflow.\n\n\
     Choose another path for one of them.";

    ARGO_EXIT_VARIABLE = "KFP0969", "a value that is there at the end only",
    "`workflow.failures` is known to the template that `onExit` names, and to the arguments of `hooks.exit`; Argo \
     refuses a workflow that reads it elsewhere. `workflow.status` is `Running` until the end, so that what a \
     task makes of it is the same in every run.\n\n\
     Hand it over as an argument of the exit handler, as `{name: status, value: \"{{workflow.status}}\"}`. In the \
     middle of a run ask for the status of a task: `{{tasks.train.status}}`.";
}
