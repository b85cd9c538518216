//! `KFP03xx`: values of the wrong type.

use super::code::{Code, Row, codes};

codes! {
    TYPES_ROWS;

    ARGUMENT_TYPE = "KFP0301", "an argument of the wrong type",
    "The value that a call gives to an input is not of the type that the input declares. Integers go where \
     floats are wanted, values where their option is, enums where text is, every artifact where \
     `system.Artifact` is; nothing else is converted.\n\n\
     Give a value of the declared type, or change the declaration.";

    CONSTANT_TYPE = "KFP0302", "a constant of the wrong type",
    "The constant is no value of the type that is declared for its place.\n\n\
     Write a value of the declared type: `1` is an integer, `1.0` a float, `\"1\"` text.";

    DEFAULT_TYPE = "KFP0303", "a default of the wrong type",
    "The default of an input is no value of the input's type.\n\n\
     Change the default or the type. An artifact has no default.";

    UNKNOWN_VARIANT = "KFP0304", "a text that the enum does not have",
    "The value is text, but none of the texts that the enum allows.\n\nUse one of them.";

    COMPARISON = "KFP0305", "values that cannot be compared",
    "Numbers are compared with numbers; texts with texts and truth values with truth values, for equality \
     only. Lists, structs, artifacts and secrets take part in no comparison.\n\n\
     Compare values of one kind. Let a step compute what is more than a comparison.";

    CONDITION_TYPE = "KFP0306", "a condition that is no truth value",
    "A value stands for itself as a condition only if it is a `bool`, and only an option can be asked whether \
     it is present.\n\nCompare the value with something, or use it as it is where it is no option.";

    OPTION_UNHANDLED = "KFP0307", "an option where a value is needed",
    "The value may be absent: its type is an option, or it comes from a branch that may not run. \
     Comparisons, text, fields and loops need a value that is there.\n\n\
     Say what holds otherwise with `.or(value)`, or ask with `.is_some()` first.";

    NO_SUCH_FIELD = "KFP0308", "a field that the value does not have",
    "Only structs and maps have fields, and a struct has only those that its type declares.\n\n\
     Use a field that the type declares.";

    TEXT_PART = "KFP0309", "a value that cannot be part of a text",
    "Texts are put together of texts, numbers, truth values and enums. Artifacts, lists and structs have no \
     text form of their own.\n\n\
     Take a field of the struct, or let a step write the text.";

    LOOP_ITEMS = "KFP0310", "a loop over something that is no list",
    "A loop repeats its body for each item of a list.\n\n\
     Give it a list; a single value can be put into one.";

    SECRET_USE = "KFP0311", "a secret where its content would leak",
    "A secret is given to inputs of type `Secret`, and to nothing else: not to text, conditions, loops, \
     structs, lists, outputs or metadata. Only the step that needs it learns its content, so that it stands \
     in no log, no store and no cache.\n\n\
     Give the secret to the step itself.";

    IMPORT_TYPE = "KFP0312", "an import of something that is no artifact",
    "An import makes an artifact of a URI: the URI is text, and the type is an artifact type.\n\n\
     Use an artifact type as `system.Dataset`, and a text for the URI.";

    FIRST_PRESENT = "KFP0313", "alternatives that do not fit together",
    "The first of several values that is present is taken. All but the last may be absent, so they are \
     options, and all have one type.\n\n\
     Remove alternatives that are never reached, and use values of one type.";

    MIXED_LIST = "KFP0314", "a list of values of different types",
    "The items of a list have one type, and artifacts and other values do not share any.\n\n\
     Use values of one type, or a struct.";

    BAD_TYPE = "KFP0315", "a type that no value has",
    "An enum needs at least one text and each only once; secrets stand in no lists, maps and structs; \
     artifacts stand in lists and options only.\n\nChange the declared type.";

    CONTAINER_OUTPUT = "KFP0316", "an optional artifact of a plain container",
    "The value of an artifact says what it is and where it lies. For a plain container it is written before the \
     container starts, and nothing of ours runs in it that could take the value back: who reads an artifact that \
     was left out would look for a file that is not there, and fail.\n\n\
     Declare the artifact without option and let the container write an empty file, or let a Rust or Python step \
     do the work.";
}
