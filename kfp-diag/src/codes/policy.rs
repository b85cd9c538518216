//! `KFP07xx`: policies and settings.

use super::code::{Code, Row, codes};

codes! {
    POLICY_ROWS;

    QUANTITY = "KFP0701", "invalid quantity",
    "CPU is a number of cores (`2`, `0.5`) or millicores (`500m`). Memory is a number of bytes with a unit (`512Mi`, \
     `16Gi`, `2G`). Both must be greater than zero and must not contain spaces.\n\n\
     Correct the quantity: instead of `16GB`, use `16G` or `16Gi`.";

    DURATION = "KFP0702", "invalid duration",
    "A duration is a number and a unit (`s`, `m`, `h` or `d`), or several of these, such as `1h30m`. Timeouts, backoff \
     delays and the maximum age of cached results must be longer than zero seconds.\n\n\
     Use a duration such as `30s`, `90m`, `24h` or `7d`, or remove the setting.";

    RETRY = "KFP0703", "invalid retry",
    "The retry limit must be at least 1, the backoff factor must be at least 1, and the maximum delay must not be \
     shorter than the first delay.\n\nCorrect the number, or remove the retry.";

    ENVIRONMENT = "KFP0704", "invalid environment variable",
    "The name of an environment variable consists of letters, digits and `_`, and does not start with a digit. Names \
     of secrets and config maps consist of lowercase letters, digits, `-` and `.`; their keys of letters, digits, \
     `-`, `_` and `.`.\n\nCorrect the name.";

    ACCELERATOR = "KFP0705", "invalid accelerator",
    "An accelerator is requested by the full name of its resource, including the domain, such as `nvidia.com/gpu`, \
     and a count of at least 1.\n\nCorrect the resource or the count.";

    IMAGE = "KFP0706", "invalid image reference",
    "The format of an image reference is `[HOST[:PORT]/]PATH[:TAG][@sha256:DIGEST]`. The path is lowercase, and \
     spaces are not allowed.\n\nCorrect the reference.";

    CACHE_SECRET = "KFP0707", "a cached step that receives a secret",
    "A cache key covers all inputs of a step, but must not depend on the content of a secret. A cached step with a \
     secret would therefore return its old result after the secret has changed.\n\n\
     Turn off the cache for the step, or move the use of the secret into a step that is not cached.";

    BOUND = "KFP0708", "a bound of zero",
    "With a parallelism of zero, nothing would ever start. With a maximum of zero items, a loop would never run.\n\n\
     Use at least 1, or remove the bound.";

    TIER = "KFP0709", "invalid retry tier",
    "The limit of a tier must be at least 1 and not greater than the limit of its retry. Memory can only grow after \
     failures of class `oom`, by a factor of at least 1.1. Machines can only change after failures of class \
     `spot_reclaimed`. Memory grows from what the step requests, so the step must request memory. If you set a \
     maximum, it must not be lower than the request; if you do not, the number of retries must be small.\n\n\
     Correct the number, set the memory of the step, or move the setting to the right failure class.";

    METADATA = "KFP0710", "invalid label or annotation",
    "Labels and annotations of a step are set on its pods. Kubernetes rejects invalid ones, so the step would fail \
     before it starts. A key has up to 63 letters, digits, `-`, `_` and `.`, and starts and ends with a letter or \
     digit; it can have a prefix of a lowercase domain and `/`, such as `example.com/team`. A label value has the \
     same form, or is empty. An annotation value is any string; all annotations together, with their keys, can have \
     256 KiB. Argo would replace `{{`, and reserves keys that start with `workflows.argoproj.io/`.\n\n\
     Correct the key or value, such as `.label(\"example.com/team\", \"search\")`, or use an annotation instead of a \
     label.";

    POLICY_COMBINATIONS = "KFP0711", "too many combinations of policies",
    "The cache, retry and timeout of a call or group apply to all steps in it that do not set their own. A pipeline \
     that is called under several policies is compiled once for each of them, and nested calls multiply: 20 timeouts \
     around 20 retries around 20 caches are 8000 combinations.\n\n\
     Set policies on components, or on the calls closest to the steps, instead of on every level of calls.";

    FRESH_ARTIFACT = "KFP0712", "a cached step that never uses a cached result",
    "A cache key contains the digest of an input artifact, which the runtimes of Rust, Python and notebook steps compute. \
     An artifact of a plain container has none, so the key contains its location, which is new in each run. This is also \
     the case if `KFP_DIGEST_LIMIT` is `0`. A cached step that reads such an artifact never finds an earlier result.\n\n\
     Cache the step that writes the artifact as well, or disable the cache of the step that reads it.";
}
