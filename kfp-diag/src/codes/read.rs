//! `KFP01xx`: input that cannot be read as a pipeline document.

use super::code::{Code, Row, codes};

codes! {
    READ_ROWS;

    NOT_TEXT = "KFP0101", "not a UTF-8 text file",
    "A pipeline document is JSON or YAML in UTF-8. The file contains bytes that are not valid UTF-8: it may be an \
     archive, an image, a compiled program, or text in another encoding.\n\n\
     Pass the document itself, or save it as UTF-8. kfpc runs a binary that was built with the SDK instead of \
     reading it.";

    EMPTY = "KFP0102", "empty document",
    "The input contains only white space and comments.\n\n\
     The smallest document is `{\"schema_version\": 1, \"pipelines\": [], \"components\": {}}`.";

    SYNTAX = "KFP0103", "neither valid JSON nor valid YAML",
    "The input ends early, or has a syntax error at the place shown. Input that starts with `{` and a quoted key is \
     read as JSON, everything else as YAML.\n\n\
     Fix the syntax at that place, or just before it: a missing comma, quote or bracket is only noticed at the next \
     token.";

    DUPLICATE_KEY = "KFP0104", "duplicate key",
    "Two members of one object have the same key. Parsers disagree about which of the two counts, so kfpc accepts \
     neither.\n\nRemove or rename one of them.";

    UNKNOWN_KEY = "KFP0105", "unknown key",
    "This object has no such key. Unknown keys are errors, because a misspelled `retry` would otherwise be silently \
     ignored.\n\n\
     Use one of the keys listed in the message, or remove the key.";

    MISSING_KEY = "KFP0106", "missing key",
    "The object lacks a key that has no default.\n\nAdd the key named in the message.";

    WRONG_SHAPE = "KFP0107", "value of the wrong kind",
    "A different kind of value is expected here: for example, the document has a number instead of a string, a list \
     instead of an object, an unknown keyword, or a string that cannot be parsed.\n\n\
     In YAML, quote strings that look like a number or a boolean. Kubernetes manifests and compiled Kubeflow pipelines \
     are not pipeline documents; to check Argo manifests, use `kfpc check`.";

    SCHEMA_VERSION = "KFP0108", "unsupported version of the document format",
    "The document uses a format version that this kfpc does not read. A newer format may contain settings that an \
     older kfpc would misinterpret.\n\n\
     Write the document with the SDK version that matches this kfpc, or use the kfpc that matches the SDK.";

    TOO_MUCH = "KFP0109", "document too deep or too large",
    "Input is limited to 128 levels of nesting, 32 MiB, and two million values in JSON or one million in YAML. The \
     expansion of YAML aliases is limited too.\n\n\
     No pipeline that can run comes close to these limits. Check for a runaway generator.";

    SEVERAL_DOCUMENTS = "KFP0110", "more than one YAML document",
    "The input contains several YAML documents, separated by `---`. A pipeline document must be a single YAML \
     document.\n\n\
     Split the file. One document can contain several pipelines.";

    AUTHOR = "KFP0111", "the pipeline binary reported an error while building the graph",
    "The SDK found a mistake in the pipeline code while building the graph, such as an invalid default, a duplicate \
     argument, or a handle from another pipeline; or the code panicked. The resulting document cannot run.\n\n\
     The message describes the mistake. Fix it at the line shown.";

    UNREADABLE = "KFP0112", "unreadable file or folder",
    "`kfpc check FOLDER` found a folder, or a file with the extension of a document, that it cannot read: the \
     operating system denies access, or the scan exceeds its limits. The check fails, because the file may be a \
     manifest. The rest of the folder is still checked.\n\n\
     Make it readable, or pass the files and folders to check.";

    SKIPPED = "KFP0113", "file skipped by the scan",
    "`kfpc check FOLDER` reads regular files below the folder. It skips anything else that has the extension of a \
     document: pipes, sockets and devices, dangling links, links that form a cycle or point outside the folder, files \
     that are too large to be a manifest, and files that are not UTF-8 text.\n\n\
     Remove or rename it, or silence this warning with `--allow KFP0113`. Files that you pass explicitly are always \
     read.";

    NOT_COMPILED = "KFP0114", "the pipeline binary does not compile",
    "kfpc builds the cargo package with the pipelines, and rustc found an error in it. Reports for programs, such as \
     `--format json`, contain the errors of rustc under this code; the message ends with rustc's own code, such as \
     `E0308`. On a terminal, cargo prints the errors as usual.\n\n\
     Fix the error at the line shown. Run `rustc --explain E0308` for an explanation of rustc's code.";

    NOT_PORTABLE = "KFP0115", "YAML that Argo reads differently",
    "Argo and Kubernetes read manifests as YAML 1.1. They reject some input that is valid in YAML 1.2, or interpret it \
     differently: a tab where indentation is expected, also at the start of a block (`|`) without an indentation \
     indicator; the characters U+0085, U+2028 and U+2029, which end a line; null keys; unquoted keys that are booleans \
     or numbers, such as `on` or `0x10`; and unquoted strings that start with `:` or `?` between brackets or \
     braces.\n\n\
     Indent with spaces, quote such keys and strings, and escape such characters in a double-quoted string.";
}
