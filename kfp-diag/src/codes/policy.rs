//! `KFP07xx`: policies and settings.

use super::code::{Code, Row, codes};

codes! {
    POLICY_ROWS;

    QUANTITY = "KFP0701", "a quantity that Kubernetes does not read",
    "Processor time is written in cores (`2`, `0.5`) or thousandths (`500m`), memory in bytes with a unit \
     (`512Mi`, `16Gi`, `2G`). Both are greater than zero, and there are no blanks.\n\n\
     Correct the quantity: `16GB` is `16G` or `16Gi`.";

    DURATION = "KFP0702", "a duration of nothing",
    "Timeouts, pauses and the age of cached results are longer than zero seconds.\n\n\
     Write a duration as `30s`, `90m`, `24h` or `7d`, or leave the setting out.";

    RETRY = "KFP0703", "a retry that makes no sense",
    "The limit of retries is at least 1, the factor of a backoff is a number of at least 1, and its cap is \
     not shorter than its first pause.\n\nCorrect the number, or leave the retry out.";

    ENVIRONMENT = "KFP0704", "an environment variable that cannot be set",
    "Names of environment variables are letters, digits and `_` and do not start with a digit. Names of \
     secrets and config maps are lower case letters, digits, `-` and `.`; their keys are letters, digits, \
     `-`, `_` and `.`.\n\nCorrect the name.";

    ACCELERATOR = "KFP0705", "an accelerator that cannot be asked for",
    "Accelerators are asked for by the full name of their resource with its domain, as `nvidia.com/gpu`, and \
     by a count of at least 1.\n\nCorrect the resource or the count.";

    IMAGE = "KFP0706", "an image reference that no registry reads",
    "An image is written `[HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST]`. The path is in lower case, and there \
     are no blanks.\n\nCorrect the reference.";

    CACHE_SECRET = "KFP0707", "a cached step that receives a secret",
    "The key of a cached result covers all inputs, and neither the content of a secret nor its name belongs \
     into it: a step with a secret would be reused after the secret has changed.\n\n\
     Turn the cache off for the step, or give the secret to a step that is not cached.";

    BOUND = "KFP0708", "a bound of zero",
    "With a parallelism of zero nothing would ever start, and a loop that may have no items is no loop.\n\n\
     Use at least 1, or leave the bound out.";

    TIER = "KFP0709", "a tier of a retry that makes no sense",
    "A tier has a limit of at least 1 and not above that of its retry, as no failure is followed by more tries \
     than the retry has. Memory grows after failures of class `oom` only, by a factor of at least 1.1, and \
     machines are changed after those of class `spot_reclaimed` only. Memory grows from what the step asks for, \
     so the step has to ask for some; it has a cap that is not below that, or few tries.\n\n\
     Correct the number, give the step memory, or give the tier to the class that it is for.";

    METADATA = "KFP0710", "a label or annotation that a pod cannot have",
    "Labels and annotations of a step become those of its pods. Kubernetes refuses a pod with others than these, \
     so that the step would fail before it starts: keys are up to 63 letters, digits, `-`, `_` and `.` that begin \
     and end with a letter or digit, perhaps after a domain in lower case and `/`, as `example.com/team`; values \
     of labels are of the same form, or empty; values of annotations are any text, 256 KiB in all with their \
     keys. A `{{` in one would be replaced by Argo, and what begins with `workflows.argoproj.io/` is what Argo \
     finds its pods by.\n\n\
     Correct the key or value, as `.label(\"example.com/team\", \"search\")`, or make an annotation of the label.";

    POLICY_COMBINATIONS = "KFP0711", "too many combinations of policies",
    "The cache, the retries and the timeout of a call or a group apply to the steps in it that do not set them. A \
     pipeline that is called under several policies is compiled once for each of them, and calls inside of calls \
     multiply: 20 timeouts around 20 retries around 20 caches are 8000 combinations.\n\n\
     Set the policies on components, or on the calls nearest to the steps, instead of on each level of calls.";
}
