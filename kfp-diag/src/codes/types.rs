//! `KFP03xx`: type errors.

use super::code::{Code, Row, codes};

codes! {
    TYPES_ROWS;

    ARGUMENT_TYPE = "KFP0301", "argument of the wrong type",
    "The type of the argument does not match the declared type of the input. The only conversions are from integer \
     to float, from a value to an option of it, from an enum to a string, and from any artifact to \
     `system.Artifact`.\n\n\
     Pass a value of the declared type, or change the declaration.";

    CONSTANT_TYPE = "KFP0302", "constant of the wrong type",
    "The constant does not have the type that is declared for this place.\n\n\
     Use a value of the declared type: `1` is an integer, `1.0` a float, `\"1\"` a string.";

    DEFAULT_TYPE = "KFP0303", "default of the wrong type",
    "The default of an input does not have the type of the input.\n\n\
     Change the default or the type. An artifact cannot have a default.";

    UNKNOWN_VARIANT = "KFP0304", "unknown enum value",
    "The value is a string, but not one of the values of the enum.\n\nUse one of the allowed values.";

    COMPARISON = "KFP0305", "values that cannot be compared",
    "Numbers can be compared with numbers. Strings can be compared with strings and booleans with booleans, for \
     equality only. Lists, structs, artifacts and secrets cannot be compared.\n\n\
     Compare values of the same type. Move anything more complex than a comparison into a step.";

    CONDITION_TYPE = "KFP0306", "invalid operand of a condition",
    "Only a `bool` can be used as a condition directly, and only an option can be tested for presence.\n\n\
     Compare the value with something. If it is not an option, remove the test for presence.";

    OPTION_UNHANDLED = "KFP0307", "an option where a value is required",
    "The value may be absent: its type is an option, or it comes from a branch that may not run. Comparisons, \
     string concatenation, field access and loops require a value.\n\n\
     Set a fallback with `.or(value)`, or test the option with `.is_some()` first.";

    NO_SUCH_FIELD = "KFP0308", "unknown field",
    "Only structs and maps have fields, and a struct only has the fields that its type declares.\n\n\
     Use a declared field.";

    TEXT_PART = "KFP0309", "a value that cannot be part of a string",
    "Strings can be built from strings, numbers, booleans and enums. Artifacts, lists and structs have no string \
     form.\n\n\
     Use a field of the struct, or move the formatting into a step.";

    LOOP_ITEMS = "KFP0310", "a loop over a value that is not a list",
    "A loop runs its body once for each item of a list.\n\n\
     Pass a list. To loop over a single value, wrap it in a list.";

    SECRET_USE = "KFP0311", "a secret where its content would leak",
    "A secret can only be passed to inputs of type `Secret`. It cannot be used in strings, conditions, loops, \
     structs, lists, outputs or metadata. Only the step that needs the secret receives its content, so it does not \
     end up in logs, stores or caches.\n\n\
     Pass the secret directly to the step.";

    IMPORT_TYPE = "KFP0312", "invalid import",
    "An import creates an artifact from a URI. The URI must be a string, and the type must be an artifact type.\n\n\
     Use an artifact type such as `system.Dataset`, and a string for the URI.";

    FIRST_PRESENT = "KFP0313", "incompatible alternatives",
    "The first alternative that is present is used. All alternatives have the same type, and all but the last must \
     be options; an alternative after one that is always present is never used.\n\n\
     Remove unreachable alternatives, and use values of one type.";

    MIXED_LIST = "KFP0314", "a list of values of different types",
    "All items of a list have the same type. Artifacts and other values have no type in common.\n\n\
     Use values of one type, or a struct.";

    BAD_TYPE = "KFP0315", "invalid type",
    "An enum needs at least one value, and all of its values must differ. Secrets cannot be in lists, maps or structs. \
     Artifacts can only be in lists and options.\n\nChange the declared type.";

    CONTAINER_OUTPUT = "KFP0316", "optional artifact of a plain container",
    "The record of an artifact (its type and location) is written before a plain container starts, and kfpc runs no \
     code in the container that could remove it afterwards. If the container left the artifact out, its consumers \
     would look for a missing file and fail.\n\n\
     Declare the artifact without an option and have the container write an empty file, or use a Rust or Python \
     step.";
}
