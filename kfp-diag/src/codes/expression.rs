//! `KFP097x` and `KFP098x`: expressions, conditions and `depends` in an Argo manifest.

use super::code::{Code, Row, codes};

codes! {
    EXPRESSION_ROWS;

    TAG_BRACES = "KFP0971", "braces inside a tag",
    "A tag ends at the first `}}`, even in a quoted string or where two maps are closed. A `{{` inside a tag does not \
     start another tag. The truncated expression is invalid, and the node ends with an error.\n\n\
     Write `} }` with a space between the braces, build strings that contain two braces with `'{' + '{'`, and use \
     variables inside `{{=…}}` without braces, such as `{{=inputs.parameters.name + '-' + workflow.uid}}`.";

    EXPRESSION_BRACES = "KFP0972", "a tag in an expression field",
    "Fields such as `valueFrom.expression`, `retryStrategy.expression` and `hooks.*.expression` contain an expression \
     without braces. Tags of inputs and of the workflow are replaced by their values, without quotes. Other braces are \
     parsed as a map, so the expression does not compile and the node ends with an error.\n\n\
     Use variables without braces, such as `expression: asInt(lastRetry.exitCode) > 1`.";

    EXPRESSION_SYNTAX = "KFP0973", "syntax error in an expression",
    "Argo compiles expressions with expr-lang 1.17, which cannot parse this one. Argo's linter does not report it; at \
     run time, the node ends with an error.\n\n\
     The note shows the unexpected token. Strings are quoted, equality is `==`, `and` is the same as `&&`, and a name \
     that contains `-` goes in brackets: `tasks['a-b'].status`.";

    EXPRESSION_NAME = "KFP0974", "unknown name in an expression",
    "An expression uses a variable or function that does not exist. If the first part of a name is unknown, the whole \
     tag is left unreplaced, without an error. If a later part is unknown, the value is `nil`, and comparisons \
     continue with it. For names that start with `tasks` or `steps`, Argo waits forever. In an expression field, such \
     as `retryStrategy.expression`, the node ends with an error.\n\n\
     Use a name that is available in this place. In addition to the functions of the language, Argo has `asInt`, \
     `asFloat`, `jsonpath`, `toJson`, and the functions of Sprig with the prefix `sprig.`. To convert a number to a \
     string, use `string(…)`. Steps of `data.transformation` can only use `data` and the functions of the language.";

    EXPRESSION_CALL = "KFP0975", "a function call with invalid arguments",
    "A function is called with too few or too many arguments, or with an argument of the wrong type. In the arguments \
     and the `when` of a task, and in expression fields, the node ends with an error. In the template of a container, \
     the tag is left unreplaced, and the program receives the braces.\n\n\
     The message shows what the function expects. Every parameter is a string: convert it to a number with `asInt(…)` \
     or `asFloat(…)`, or to a list or map with `fromJSON(…)`.";

    EXPRESSION_OPERANDS = "KFP0976", "invalid operands of an operator",
    "An operator does not support the types of its operands, such as `+` or `<` between a string and a number. In the \
     arguments and the `when` of a task, and in expression fields, the node ends with an error. In the template of a \
     container, the tag is left unreplaced, and the program receives the braces.\n\n\
     Every parameter is a string: convert it to a number with `asInt(…)` or `asFloat(…)`, as in \
     `asInt(inputs.parameters.count) + 1`, or convert the number to a string with `string(…)`.";

    EXPRESSION_NEVER_EQUAL = "KFP0977", "a comparison that is never true",
    "Values of different types are never equal: `==` and `in` are false for every value, without an error. A typical \
     example is `lastRetry.exitCode == 5`: exit codes, like all variables of Argo, are strings. A status is one of a \
     few keywords, such as `Error` (not `Errored`).\n\n\
     Quote the number, or convert the string: `asInt(lastRetry.exitCode) == 5`.";

    EXPRESSION_PRETTY_JSON = "KFP0978", "JSON over several lines",
    "`toJSON`, a function of the language, returns several indented lines. This is rarely intended in an argument, \
     key or parameter: programs that read line by line receive only a part, and Argo rejects it as a cache key.\n\n\
     Use `toJson(…)`, a function of Argo that returns a single line.";

    EXPRESSION_NOTHING = "KFP0979", "an expression without a value",
    "The value of the expression is `nil`, which Argo treats as a missing value. In the template of a container, the \
     tag is left unreplaced. Anywhere else, the node ends with an error, unless a `valueFrom` has a `default`.\n\n\
     Return a value in every case, such as `inputs.parameters.name ?? ''`, or in both branches of a conditional.";

    EXPRESSION_CONDITION = "KFP0980", "a condition that is not a boolean",
    "A condition must be `true` or `false`. Argo does not convert other values, such as the string `true`, a number or \
     a list, and ends the node with an error.\n\n\
     Use a comparison, such as `inputs.parameters.dry == 'true'` or `asInt(retries) > 0`.";

    EXPRESSION_PATTERN = "KFP0981", "invalid regular expression",
    "The string after `matches` is not valid for Go's `regexp` (RE2), which does not support look-around or \
     backreferences. The expression does not compile: the node ends with an error, or a tag is left unreplaced.\n\n\
     Correct the pattern. Escapes in the string are processed first: `'\\\\d'` is the pattern `\\d`, and so is `\\d` \
     in backquotes.";

    EXPRESSION_CONSTANT = "KFP0982", "constant condition",
    "The condition of an expression reads no variable, so it has the same value in every run. Usually a name is in quotes, as in \
     `'inputs.parameters.dry' == 'true'`, or lacks the braces that make it a tag. In `depends`, the condition waits for a result that the task never \
     has: only tasks with `when`, and loops over an empty list, are skipped, and only tasks that depend on other tasks \
     are omitted.\n\n\
     Compare a variable, such as `inputs.parameters.dry == 'true'`, or remove the condition. A plain `true` or `false` \
     is not reported.";

    WHEN_SYNTAX = "KFP0983", "syntax error in `when`",
    "Argo replaces the tags in `when`, and evaluates the result with govaluate, whose syntax is different from that of \
     expressions: it has `== != < <= > >= =~ !~ in`, `&& || !`, arithmetic, parentheses and `? :`, and unquoted words \
     are strings. govaluate cannot parse this condition, and the node ends with an error.\n\n\
     Use an expression, such as `when: \"{{=inputs.parameters.mode == 'fast'}}\"`. govaluate then only receives \
     `true` or `false`.";

    WHEN_UNQUOTED = "KFP0984", "unquoted tag in `when`",
    "The value of an unquoted tag becomes part of the condition. The node ends with an error if the value is empty or \
     contains spaces or operators, and a value that looks like a number is compared as a number.\n\n\
     Put the tag in single quotes, as in `\"'{{inputs.parameters.mode}}' == 'fast'\"`. Better, write the whole \
     condition as an expression: `\"{{=inputs.parameters.mode == 'fast'}}\"`.";

    WHEN_DATE = "KFP0985", "a string in `when` that is parsed as a date",
    "govaluate parses a quoted string that looks like a date, such as `'2024-01-31'`, as a point in time, and compares \
     it in seconds. Different spellings of the same time are equal to each other and to the number of seconds, and \
     `=~` ends the node with an error.\n\n\
     Write the condition as an expression, in which strings stay strings: `\"{{=inputs.parameters.day == \
     '2024-01-31'}}\"`.";

    WHEN_NEVER_EQUAL = "KFP0986", "a `when` that is never true",
    "In govaluate, a quoted string and a number are never equal, as in `'{{inputs.parameters.count}}' == 3`. The \
     condition has the same result for every value.\n\n\
     Quote both sides or neither, or write the condition as an expression: `\"{{=inputs.parameters.count == \
     '3'}}\"`.";

    DEPENDS_SYNTAX = "KFP0987", "syntax error in `depends`",
    "`depends` combines task results such as `a.Succeeded` with `&&`, `||`, `!` and parentheses. A name alone means \
     that the task succeeded or was skipped. Argo's linter only checks the names. The controller compiles the \
     expression once the tasks are done, and then ends the node with an error.\n\n\
     Combine the tasks with operators, as in `a.Succeeded && (b.Succeeded || b.Skipped)`.";

    DEPENDS_RESULT = "KFP0988", "unknown task result",
    "The results of a task are `Succeeded`, `Failed`, `Errored`, `Skipped`, `Omitted` and `Daemoned`, and for a loop \
     `AnySucceeded` and `AllFailed`. Argo rejects the workflow, or ends the node with an error once the tasks are \
     done.\n\n\
     Use one of these results, with an initial capital: `depends: train.Succeeded || train.Failed`.";

    DEPENDS_WORD = "KFP0989", "a task whose name is a reserved word",
    "Argo converts `depends` and `dependencies` into an expression, in which the name of the task would be an operator \
     or a constant: `in`, `not`, `and`, `or`, `matches`, `contains`, `startsWith`, `endsWith`, `let`, `if`, `else`, \
     `true`, `false` or `nil`. Argo accepts the workflow, and the node ends with an error.\n\n\
     Rename the task.";
}
