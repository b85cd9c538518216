//! `KFP097x` and `KFP098x`: expressions, conditions and `depends` in a manifest of Argo.

use super::code::{Code, Row, codes};

codes! {
    EXPRESSION_ROWS;

    TAG_BRACES = "KFP0971", "braces inside of a tag",
    "A tag ends at the first `}}`, wherever that stands: in a text in quotes, or where two maps are closed. And \
     `{{` inside of a tag begins no other one. What is left of the expression cannot be read, and Argo ends the \
     node as an error.\n\n\
     Write `} }` with a blank between the braces, put texts with two braces together as `'{' + '{'`, and name \
     variables inside of `{{=…}}` without braces, as in `{{=inputs.parameters.name + '-' + workflow.uid}}`.";

    EXPRESSION_BRACES = "KFP0972", "a tag in a field that holds an expression",
    "Fields as `valueFrom.expression`, `retryStrategy.expression` and `hooks.*.expression` hold an expression as \
     it is. Tags of inputs and of the workflow are pasted into it as they are, without quotes; other braces are \
     read as a map, so that the expression cannot be compiled and the node ends as an error.\n\n\
     Name the variables without braces, as in `expression: asInt(lastRetry.exitCode) > 1`.";

    EXPRESSION_SYNTAX = "KFP0973", "an expression that cannot be read",
    "Argo compiles expressions with expr-lang 1.17, which cannot read this one. Its linter says nothing; once the \
     run gets there, the node ends as an error.\n\n\
     The note shows the word that does not fit. Texts stand in quotes, equality is `==`, `and` and `&&` are the \
     same, and a name with `-` is written in brackets: `tasks['a-b'].status`.";

    EXPRESSION_NAME = "KFP0974", "an expression with a name that stands for nothing",
    "An expression names a variable or a function that is not there. If it is the first word of a name, the whole \
     tag stays as it is written, without any error; behind the first word the value is `nil`, with which \
     comparisons go on; for what begins with `tasks` or `steps` Argo waits for ever. In a field of its own, as \
     `retryStrategy.expression`, it ends the node as an error.\n\n\
     Take a name that exists in this place. To the functions of the language Argo adds `asInt`, `asFloat`, \
     `jsonpath`, `toJson` and those of Sprig behind `sprig.`; numbers become texts by `string(…)`. Steps of \
     `data.transformation` see `data` and the functions of the language alone.";

    EXPRESSION_CALL = "KFP0975", "a function that is called with the wrong arguments",
    "A function is given too few or too many arguments, or one that it cannot use. In the arguments and the \
     `when` of a task, and in fields that hold an expression, the node ends as an error. In the template of a \
     container the tag stays as it is written, and the program gets the braces.\n\n\
     Give what the message says. Every parameter is a text: `asInt(…)` and `asFloat(…)` make numbers of it, and \
     `fromJSON(…)` lists and maps.";

    EXPRESSION_OPERANDS = "KFP0976", "an operator between values that it does not take",
    "An operator stands between values that it cannot join, as `+` and `<` between a text and a number. In the \
     arguments and the `when` of a task, and in fields that hold an expression, the node ends as an error. In the \
     template of a container the tag stays as it is written, and the program gets the braces.\n\n\
     Every parameter is a text: `asInt(…)` and `asFloat(…)` make numbers of it, as in \
     `asInt(inputs.parameters.count) + 1`, and `string(…)` makes a text of a number.";

    EXPRESSION_NEVER_EQUAL = "KFP0977", "a comparison that is never true",
    "Values of different types are never equal, so that `==` and `in` are false with every value, and nothing \
     says so. The classic is `lastRetry.exitCode == 5`: exit codes, like all variables of Argo, are texts. A \
     status is one of a few words, as `Error` and not `Errored`.\n\n\
     Write the number in quotes, or convert the text: `asInt(lastRetry.exitCode) == 5`.";

    EXPRESSION_PRETTY_JSON = "KFP0978", "JSON over several lines",
    "`toJSON`, which belongs to the language, writes several lines with blanks. As an argument, a key or a \
     parameter that is hardly what was meant: who reads it by lines gets a part, and as the key of a cache it is \
     refused.\n\n\
     Write `toJson(…)`, which Argo adds and which writes one line.";

    EXPRESSION_NOTHING = "KFP0979", "an expression that gives nothing",
    "The value of the expression is `nil`, which Argo takes for a value that is still missing: in the template of \
     a container the tag stays as it is written; anywhere else the node ends as an error, unless a `valueFrom` \
     has a `default`.\n\n\
     Give a value for every case, as `inputs.parameters.name ?? ''`, or in both branches of a choice.";

    EXPRESSION_CONDITION = "KFP0980", "a condition that is no boolean",
    "A condition gives `true` or `false`, and Argo makes neither of anything else: not of a text that says \
     `true`, not of a number or a list. The node ends as an error.\n\n\
     Compare it, as in `inputs.parameters.dry == 'true'` or `asInt(retries) > 0`.";

    EXPRESSION_PATTERN = "KFP0981", "a pattern that Go does not take",
    "The text after `matches` is no pattern of Go's `regexp` (RE2), which has no looking ahead or back, and no \
     references back to a group. The expression cannot be compiled: the node ends as an error, or a tag stays as \
     it is written.\n\n\
     Correct the pattern. Mind that the text is unescaped before: `'\\\\d'` is the pattern `\\d`, and so is one \
     in backquotes.";

    EXPRESSION_CONSTANT = "KFP0982", "a condition that is the same every time",
    "The condition reads no variable, so that it goes the same way in every run. Most often a name stands in \
     quotes, as in `'inputs.parameters.dry' == 'true'`, or without the braces that would have made it a tag.\n\n\
     Compare a variable, as `inputs.parameters.dry == 'true'`, or remove the condition. A plain `true` or `false` \
     is taken as meant.";

    WHEN_SYNTAX = "KFP0983", "a `when` that cannot be read",
    "After its tags are replaced, `when` is read by govaluate, which is another language than that of \
     expressions: it knows `== != < <= > >= =~ !~ in`, `&& || !`, arithmetic, parentheses and `? :`, and bare \
     words are texts. It cannot read this one, and the node ends as an error.\n\n\
     Write `when: \"{{= … }}\"`, as `when: \"{{=inputs.parameters.mode == 'fast'}}\"`: of that, govaluate gets \
     `true` or `false` and has nothing left to read.";

    WHEN_UNQUOTED = "KFP0984", "a `when` that breaks with some values",
    "A tag stands in `when` without quotes around it. Its value becomes a part of the condition: one with blanks, \
     signs or nothing at all cannot be read, and ends the node as an error; one that looks like a number is \
     compared as a number.\n\n\
     Put the tag in single quotes, as `\"'{{inputs.parameters.mode}}' == 'fast'\"`, or better write the whole \
     condition as an expression, in which values stay values: `\"{{=inputs.parameters.mode == 'fast'}}\"`.";

    WHEN_DATE = "KFP0985", "a text in `when` that is taken for a date",
    "govaluate takes a text in quotes that looks like a date, as `'2024-01-31'`, for a point in time, and \
     compares seconds. All writings of one time are equal, a number of seconds is equal to it, and `=~` ends the \
     node as an error.\n\n\
     Write the condition as an expression, in which a text stays a text: `\"{{=inputs.parameters.day == \
     '2024-01-31'}}\"`.";

    WHEN_NEVER_EQUAL = "KFP0986", "a `when` that is never true",
    "A text in quotes and a number are never equal for govaluate, as in `'{{inputs.parameters.count}}' == 3`, so \
     that the condition is the same with every value.\n\n\
     Put both in quotes, or neither, or write the condition as an expression: `\"{{=inputs.parameters.count == \
     '3'}}\"`.";

    DEPENDS_SYNTAX = "KFP0987", "a `depends` that cannot be read",
    "`depends` joins results of tasks, as `a.Succeeded`, by `&&`, `||`, `!` and parentheses; a name alone stands \
     for a task that succeeded or was skipped. Argo's linter looks for names only; the controller compiles the \
     text once the tasks are done, and then ends the node as an error.\n\n\
     Join the tasks by operators, as in `a.Succeeded && (b.Succeeded || b.Skipped)`.";

    DEPENDS_RESULT = "KFP0988", "a result that tasks do not have",
    "The results of a task are `Succeeded`, `Failed`, `Errored`, `Skipped`, `Omitted` and `Daemoned`, and for a \
     loop `AnySucceeded` and `AllFailed`. Argo refuses the workflow, or ends the node as an error once the tasks \
     are done.\n\n\
     Take one of these words, with a capital at the beginning: `depends: train.Succeeded || train.Failed`.";

    DEPENDS_WORD = "KFP0989", "a task whose name is a word of the language",
    "`depends` and `dependencies` become an expression, in which the name of the task would be an operator or a \
     constant: `in`, `not`, `and`, `or`, `matches`, `contains`, `startsWith`, `endsWith`, `let`, `if`, `else`, \
     `true`, `false` or `nil`. Argo accepts the workflow, and the node ends as an error.\n\n\
     Give the task another name.";
}
