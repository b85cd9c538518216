//! `KFP09xx`: what is wrong with a manifest of Argo.

use super::code::{Code, Row, codes};

codes! {
    LINT_ROWS;

    ARGO_KIND = "KFP0901", "a manifest of no known kind",
    "The document belongs to Argo by its `apiVersion`, but its `kind` is none that Argo has. The API \
     server refuses it.\n\n\
     Write `Workflow`, `WorkflowTemplate`, `ClusterWorkflowTemplate` or `CronWorkflow`.";

    ARGO_FIELD = "KFP0902", "a field that Argo does not have",
    "The field is misspelt, stands in the wrong object, or belongs to another release of Argo. Argo's own reader and \
     a strict API server refuse the manifest; an API server that is not strict drops the field without a word, and \
     the run does something else than the manifest says.\n\n\
     Use the spelling that the message offers, or move the field where the message says that it belongs. Fields are \
     those of Argo Workflows 4.1.2.";

    ARGO_TYPE = "KFP0903", "a value of the wrong type in a manifest",
    "Each field takes values of one type. Values of parameters are texts, so numbers and truth values are written in \
     quotes there. Argo and Kubernetes read YAML 1.1, in which `yes`, `no`, `on`, `off`, `y` and `n` without quotes \
     are truth values, and `1_000`, `0o17` and `1e3` are numbers.\n\n\
     Write the value as the field wants it; quotes make a text of anything.";

    ARGO_MISSING = "KFP0904", "a manifest without a field that is required",
    "The API server refuses the object without this field. A field with nothing under it is no field.\n\n\
     Add the field.";

    ARGO_LIMIT = "KFP0905", "more or less than the API server takes",
    "The definitions of Argo limit how many templates, tasks and parameters there are, how long names are, and how \
     large some numbers are. `argo lint` does not know these limits; the API server refuses what is beyond them.\n\n\
     Templates can be moved to a `WorkflowTemplate`, and tasks to a template that one task calls.";

    ARGO_CHOICE = "KFP0906", "a word that is none of the choices",
    "The field takes a few words only, in exactly this spelling.\n\n\
     Use one of the words that the message names.";

    ARGO_PATTERN = "KFP0907", "a text that has not the form of its field",
    "Names of templates, tasks, parameters, artifacts and metrics, and schedules, have a form that the API server \
     checks before anything runs.\n\n\
     Write it as the message says.";

    ARGO_RULE = "KFP0908", "fields that cannot stand together",
    "The definitions of Argo have rules on several fields of one object: a template does one thing, an artifact lies \
     in one place, a task waits by `depends` or by `dependencies`, and limits of time are for templates with pods. \
     The API server refuses what breaks a rule.\n\n\
     Keep one of the fields.";

    ARGO_TWICE = "KFP0909", "items of a list that are the same",
    "Environment variables, ports, mounts and devices of a container differ in what identifies them. The API server \
     refuses two items that are the same.\n\n\
     Remove one of both, or name it otherwise.";

    ARGO_NOTHING = "KFP0910", "a field with nothing under it",
    "A key without a value is dropped, as if it were not there. That is rarely meant where a field says something by \
     being there, as `suspend` or `emptyDir` do; often what follows is not indented enough.\n\n\
     Write `{}` for an object without fields, indent what belongs under the field, or leave it out.";

    ARGO_PRUNED = "KFP0911", "a field that the API server drops",
    "Argo knows the field, but its definition does not mention it at this place, so the API server takes it away; a \
     strict one refuses the manifest.\n\n\
     Leave the field out.";

    ARGO_QUANTITY = "KFP0912", "no quantity",
    "Quantities have a number and one of the units `m`, `k`, `M`, `G`, `T`, `P`, `E`, `Ki`, `Mi`, `Gi`, `Ti`, `Pi` and \
     `Ei`. The API server checks them when the manifest is created, so tags cannot stand in them.\n\n\
     Write `500m`, `2` or `16Gi`. What is known at run time only is set by `podSpecPatch`.";

    ARGO_DURATION = "KFP0913", "no duration in a manifest",
    "Durations have numbers with the units `h`, `m`, `s`, `ms`, `us` and `ns`; there are no days. Some fields take a \
     bare number of seconds, too; `timeout`, `pendingTimeout` and `maxAge` do not.\n\n\
     Write `90s`, `1h30m` or `168h`.";

    ARGO_SCHEDULE = "KFP0914", "no schedule, or one that never comes",
    "A schedule has five fields: minute, hour, day of month, month and day of week, where 0 is Sunday. Words as \
     `@daily` and `@every 1h30m` stand for a schedule, too. There are no seconds, no `L`, `W` and `#`.\n\n\
     The zone is named in `timezone` and not in the schedule.";

    ARGO_ZONE = "KFP0915", "a time zone that does not exist",
    "Argo looks zones up in the time zone database, by their exact names.\n\n\
     Write a name as `Europe/Berlin` or `UTC`.";

    ARGO_DAYLIGHT = "KFP0916", "a time of the day that is skipped or comes twice",
    "In zones with daylight saving time the clock is set forward and back once a year. A time that is skipped then \
     does not come on that day, so nothing runs; one that comes twice may start two runs.\n\n\
     Choose a time outside of that hour, or a zone without such days, as `UTC`.";

    ARGO_IMAGE = "KFP0917", "no reference to an image in a manifest",
    "A reference to an image is `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`, and its path has no upper case letters. The pod \
     is refused, or waits for ever for an image that cannot be pulled.\n\n\
     Write it as `registry.example.com/team/image:1.2`.";

    ARGO_LABEL = "KFP0918", "no label, annotation or node selector that Kubernetes takes",
    "Keys have 63 letters, digits, `-`, `_` and `.` at most, begin and end with a letter or a digit, and may have a \
     domain and `/` before them. Values of labels have the same form, or are empty. Pods with others are refused.\n\n\
     Write what is longer, or has other characters, as an annotation.";

    ARGO_ENVIRONMENT = "KFP0919", "no environment variable",
    "Names of environment variables have no blanks and no `=`; before Kubernetes 1.34 they have letters, digits, `-`, \
     `_` and `.` only, with no digit at the start. The value comes from `value` or from `valueFrom`.\n\n\
     Write names with letters, digits and `_`.";

    KUBERNETES_NAME = "KFP0920", "a name that Kubernetes does not take",
    "Names of resources have lower case letters, digits, `-` and `.`, and begin and end with a letter or a digit. \
     Names of workflows have 63 characters at most, those of cron workflows 52, because Argo adds to them.\n\n\
     Write a name of that form. A resource has a `name` or a `generateName`.";

    ARGO_MOUNT = "KFP0921", "a path that nothing can be mounted at",
    "Paths in a container begin with `/`, have no `..` and no `:`, and nothing else appears at the same path: no other \
     volume and no artifact. The pod is refused otherwise.\n\n\
     Give each volume and artifact a path of its own.";

    ARGO_PORT = "KFP0922", "no port",
    "Ports go from 1 to 65535, protocols are `TCP`, `UDP` and `SCTP`, and names of ports have 15 lower case letters, \
     digits and `-` at most. The pod is refused otherwise.\n\n\
     Write a port that there is.";

    KUBERNETES_RESOURCE = "KFP0923", "no resource, or a request above its limit",
    "Nodes have `cpu`, `memory`, `ephemeral-storage` and `hugepages-…`; all others have a domain, as `nvidia.com/gpu`. \
     A request is at most as large as its limit. The pod is refused otherwise.\n\n\
     Use the name that the node announces, and raise the limit or lower the request.";

    ARGO_SIZE = "KFP0924", "a manifest that is large",
    "A workflow is stored with the state of its run in one object of about 1 MiB, and only the state is compressed. \
     From 300 KiB on a long run may not fit; above 900 KiB it is refused.\n\n\
     Move templates to a `WorkflowTemplate`, and long texts to artifacts, config maps or images.";
}
