//! `KFP01xx`: texts that are no pipeline document.

use super::code::{Code, Row, codes};

codes! {
    READ_ROWS;

    NOT_TEXT = "KFP0101", "the file is no text",
    "A pipeline document is JSON or YAML in UTF-8. The file holds bytes that are no such text: it may be an \
     archive, a picture, a compiled program, or text in another encoding.\n\n\
     Name the document itself, or save it as UTF-8. A binary that was built with the SDK is run, not read.";

    EMPTY = "KFP0102", "the document is empty",
    "The text holds nothing but blanks and comments.\n\n\
     The smallest document is `{\"schema_version\": 1, \"pipelines\": [], \"components\": {}}`.";

    SYNTAX = "KFP0103", "the text is neither JSON nor YAML",
    "The text breaks off, or breaks the rules of its notation at the place that is shown. A text that starts \
     with `{` and a quoted key is read as JSON, every other one as YAML.\n\n\
     Correct the text at that place, or just before it: a missing comma, quote or bracket is noticed only \
     where the next word makes no sense.";

    DUPLICATE_KEY = "KFP0104", "a key stands twice",
    "Two members of one object have the same key. Readers disagree about which one counts, so neither does \
     here.\n\nRemove or rename one of the two.";

    UNKNOWN_KEY = "KFP0105", "an unknown key",
    "The format has no such key at this place. Unknown keys are refused, as a misspelt `retry` would \
     otherwise be a policy that silently does nothing.\n\n\
     Use one of the keys that the message names, or remove the key.";

    MISSING_KEY = "KFP0106", "a key is missing",
    "The object lacks a key that has no default.\n\nAdd the key that the message names.";

    WRONG_SHAPE = "KFP0107", "a value of the wrong shape",
    "The value at this place is not of the kind that the format asks for: a number where text is needed, a \
     list where an object is needed, a word that is none of those allowed, or a text that cannot be read.\n\n\
     In YAML, put text that looks like a number or a truth value in quotes. Manifests of Kubernetes and compiled \
     pipelines of Kubeflow are no pipeline documents: `kfpc check` takes manifests of Argo.";

    SCHEMA_VERSION = "KFP0108", "another version of the format",
    "The document names a version of the format that this program does not read. A newer format may say \
     things that an older reader would misunderstand.\n\n\
     Write the document with the version of the SDK that belongs to this program, or use the program that \
     belongs to the SDK.";

    TOO_MUCH = "KFP0109", "the document is too deep or too large",
    "Reading is bounded in time and memory: 128 levels of nesting, 32 MiB of text, two million values in JSON and \
     one million in YAML, and a limit on what aliases may expand to.\n\n\
     No pipeline that can run comes near these limits. Look for a generator that runs away.";

    SEVERAL_DOCUMENTS = "KFP0110", "more than one YAML document",
    "The text holds several YAML documents, divided by `---`. A pipeline document is one.\n\n\
     Split the file. One document may hold several pipelines.";

    AUTHOR = "KFP0111", "something the pipeline's program could not write down",
    "The program that has the pipeline found a mistake while it built the graph: a duration or default that \
     is none, or a handle of another pipeline. A document with such a mistake describes nothing that could \
     run.\n\nThe message says what is wrong; correct it at the line that is shown.";

    UNREADABLE = "KFP0112", "a file or folder that cannot be read",
    "`kfpc check FOLDER` found a file with the name of a document, or a folder, that it cannot read: the system \
     refuses, or there is more than one check reads. It may be a manifest, so the check fails. The rest of the \
     folder is checked all the same.\n\n\
     Make it readable, or name the files and folders to check.";

    SKIPPED = "KFP0113", "a file that a scan skips",
    "`kfpc check FOLDER` reads regular files below the folder. Something else has the name of a document: a pipe, \
     socket or device, a link that is dangling, leads back to itself or leads out of the folder, or a file that is \
     too large to be a manifest.\n\n\
     Remove it, give it another name, or leave this warning out with `--allow KFP0113`. A file that you name \
     yourself is read wherever it is.";

    NOT_PORTABLE = "KFP0115", "YAML that Argo reads differently",
    "Argo and Kubernetes read manifests as YAML 1.1. Some texts that are valid in YAML 1.2 are refused there, or mean \
     something else: a tab where the indentation is expected, also at the start of a block (`|`) without an \
     indentation indicator; the characters U+0085, U+2028 and U+2029, which end a line; keys that are null; keys \
     without quotes that are booleans or numbers, such as `on` or `0x10`; and strings without quotes that start with \
     `:` or `?` between brackets or braces.\n\n\
     Indent with spaces, put such keys and strings in quotes, and escape such characters in a string in double quotes.";
}
