//! `KFP090x` to `KFP092x`: fields and values of an Argo manifest.

use super::code::{Code, Row, codes};

codes! {
    LINT_ROWS;

    ARGO_KIND = "KFP0901", "unknown kind or API version of manifest",
    "The `apiVersion` of the document belongs to Argo, but Argo Workflows has no such `kind`, or no such version of its \
     API, or one of these fields is misspelt. The API server rejects it.\n\n\
     Use `apiVersion: argoproj.io/v1alpha1`, and `Workflow`, `WorkflowTemplate`, `ClusterWorkflowTemplate` or \
     `CronWorkflow`.";

    ARGO_FIELD = "KFP0902", "unknown field",
    "The field is misspelt, is in the wrong object, or belongs to another release of Argo. Argo's own parser and a \
     strict API server reject the manifest. Other API servers silently drop the field, so the run does not do what \
     the manifest says.\n\n\
     Use the spelling that the message suggests, or move the field to the object that the message names. kfpc knows \
     the fields of Argo Workflows 4.1.2.";

    ARGO_TYPE = "KFP0903", "value of the wrong type in a manifest",
    "Each field accepts values of one type. Parameter values are strings, so quote numbers and booleans there. Argo and \
     Kubernetes read YAML 1.1, in which unquoted `yes`, `no`, `on`, `off`, `y` and `n` are booleans, and `1_000`, \
     `0o17` and `1e3` are numbers.\n\n\
     Use a value of the expected type. Quotes turn any value into a string.";

    ARGO_MISSING = "KFP0904", "missing required field",
    "The API server rejects the object without this field. A field without a value counts as missing.\n\n\
     Add the field.";

    ARGO_LIMIT = "KFP0905", "limit of the API server exceeded",
    "Argo's CRDs limit the number of templates, tasks and parameters, the length of names, and some numbers. `argo \
     lint` does not check these limits; the API server rejects manifests that exceed them.\n\n\
     Move templates to a `WorkflowTemplate`, or move tasks to a template that one task calls.";

    ARGO_CHOICE = "KFP0906", "unknown value of an enum field",
    "The field only accepts a few values, in exactly this spelling. Argo does not check the fields of Kubernetes, such as \
     `imagePullPolicy`: with an invalid value, the pod is rejected.\n\n\
     Use one of the values listed in the message.";

    ARGO_PATTERN = "KFP0907", "invalid format",
    "Names of templates, tasks, parameters, artifacts and metrics, and schedules, must match a pattern that the API \
     server checks before anything runs.\n\n\
     Use the format that the message describes.";

    ARGO_RULE = "KFP0908", "mutually exclusive fields",
    "Argo's CRDs have rules that combine several fields of one object: a template has one type, an artifact has one \
     location, a task uses either `depends` or `dependencies`, and only templates with pods have deadlines. The API \
     server rejects violations.\n\n\
     Keep one of the fields.";

    ARGO_TWICE = "KFP0909", "duplicate list items",
    "Environment variables, ports, mounts and devices of a container must have different keys. The API server \
     rejects duplicates.\n\n\
     Remove or rename one of them.";

    ARGO_NOTHING = "KFP0910", "field without a value",
    "A key without a value is dropped. This is rarely intended for fields that have an effect by being present, such \
     as `suspend` or `emptyDir`. Often the lines below are not indented enough.\n\n\
     Write `{}` for an object without fields, indent the contents of the field, or remove it.";

    ARGO_PRUNED = "KFP0911", "a field that the API server drops",
    "Argo knows the field, but its CRD does not allow it here. The API server drops it, and a strict API server \
     rejects the manifest.\n\n\
     Remove the field.";

    ARGO_QUANTITY = "KFP0912", "invalid quantity in a manifest",
    "A quantity is a number, optionally with one of the units `m`, `k`, `M`, `G`, `T`, `P`, `E`, `Ki`, `Mi`, `Gi`, \
     `Ti`, `Pi` and `Ei`. The API server checks quantities when the manifest is created, so they cannot contain \
     tags.\n\n\
     Use a quantity such as `500m`, `2` or `16Gi`. To set a value at run time, use `podSpecPatch`.";

    ARGO_DURATION = "KFP0913", "invalid duration in a manifest",
    "A duration consists of numbers with the units `h`, `m`, `s`, `ms`, `us` and `ns`; there is no unit for days. Some \
     fields also accept a plain number of seconds, but `timeout`, `pendingTimeout` and `maxAge` do not.\n\n\
     Use a duration such as `90s`, `1h30m` or `168h`.";

    ARGO_SCHEDULE = "KFP0914", "invalid schedule",
    "A schedule has five fields: minute, hour, day of month, month and day of week, where 0 is Sunday. Shorthands \
     such as `@daily` and `@every 1h30m` are accepted too. There are no seconds, and no `L`, `W` or `#`. A schedule \
     that never matches a date is also an error.\n\n\
     Correct the schedule. Set the time zone in `timezone`, not in the schedule.";

    ARGO_ZONE = "KFP0915", "unknown time zone",
    "Argo looks up time zones in the time zone database, by their exact names.\n\n\
     Use a name such as `Europe/Berlin` or `UTC`.";

    ARGO_DAYLIGHT = "KFP0916", "a time that daylight saving skips or repeats",
    "In time zones with daylight saving, the clock is set forward and back once a year. On these days, a skipped time \
     starts no run, and a repeated time may start two runs.\n\n\
     Choose a time outside that hour, or a time zone without daylight saving, such as `UTC`.";

    ARGO_IMAGE = "KFP0917", "invalid image reference in a manifest",
    "The format of an image reference is `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`, with a lowercase path. Otherwise the \
     pod is rejected, or waits forever for an image that cannot be pulled.\n\n\
     Use a reference such as `registry.example.com/team/image:1.2`.";

    ARGO_LABEL = "KFP0918", "invalid label, annotation or node selector",
    "A key has up to 63 letters, digits, `-`, `_` and `.`, starts and ends with a letter or digit, and can have a \
     domain and `/` as a prefix. A label value has the same form, or is empty. Kubernetes rejects pods with other \
     keys or values.\n\n\
     Use an annotation for values that are longer or contain other characters.";

    ARGO_ENVIRONMENT = "KFP0919", "invalid environment variable in a manifest",
    "The name of an environment variable cannot contain spaces or `=`. Before Kubernetes 1.34, it can only contain \
     letters, digits, `-`, `_` and `.`, and cannot start with a digit. Its value is set by either `value` or \
     `valueFrom`.\n\n\
     Use a name of letters, digits and `_`.";

    KUBERNETES_NAME = "KFP0920", "invalid resource name",
    "The name of a resource consists of lowercase letters, digits, `-` and `.`, and starts and ends with a letter or \
     digit. A workflow name has at most 63 characters, and a cron workflow name at most 52, because Argo appends to \
     it.\n\n\
     Use a name of that form. A resource needs a `name` or a `generateName`.";

    ARGO_MOUNT = "KFP0921", "invalid mount path",
    "A path in a container starts with `/`, contains no `..` and no `:`, and is used by only one volume or artifact. \
     Otherwise the pod is rejected.\n\n\
     Use a different path for each volume and artifact.";

    ARGO_PORT = "KFP0922", "invalid port",
    "Ports are numbers from 1 to 65535, protocols are `TCP`, `UDP` and `SCTP`, and port names have at most 15 \
     lowercase letters, digits and `-`. Otherwise the pod is rejected.\n\n\
     Correct the port, its protocol or its name.";

    KUBERNETES_RESOURCE = "KFP0923", "unknown resource, or a request above its limit",
    "Nodes have `cpu`, `memory`, `ephemeral-storage` and `hugepages-…`. All other resources have a domain, such as \
     `nvidia.com/gpu`. A request cannot be greater than its limit. Otherwise the pod is rejected.\n\n\
     Use the resource name that the node advertises, and raise the limit or lower the request.";

    ARGO_SIZE = "KFP0924", "large manifest",
    "A workflow is stored together with the status of its run in one object of about 1 MiB, and only the status is \
     compressed. From 300 KiB on, the status of a long run may not fit. A manifest above 900 KiB is rejected.\n\n\
     Move templates to a `WorkflowTemplate`, and long strings to artifacts, config maps or images.";
}
