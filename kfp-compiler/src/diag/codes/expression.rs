//! `KFP097x` and `KFP098x`: expressions, conditions and `depends` in a manifest of Argo.

use super::{Code, Row, codes};

codes! {
    EXPRESSION_ROWS;

    TAG_BRACES = "KFP0971", "braces inside of a tag",
    "A tag ends at the first `}}`, wherever that stands, so an expression is cut short by a text or by maps that \
     close twice; and `{{` inside of a tag begins no other one.\n\n\
     Write `} }` with a blank between the braces, put texts with two braces together as `'{' + '{'`, and name \
     variables inside of `{{=…}}` without braces.";

    EXPRESSION_BRACES = "KFP0972", "a tag in a field that holds an expression",
    "Fields as `valueFrom.expression`, `retryStrategy.expression` and `hooks.*.expression` hold an expression as \
     it is. Braces in them are read as a map, and the expression cannot be compiled.\n\n\
     Name the variables without braces.";

    EXPRESSION_SYNTAX = "KFP0973", "an expression that cannot be read",
    "Argo compiles expressions with expr-lang 1.17, which cannot read this one. A tag with such an expression \
     stays as it is, as literal text; in a field of its own it ends the node as an error.\n\n\
     The label shows the word that does not fit. Equality is `==`, `and` and `&&` are the same, and a name with \
     `-` is written in brackets: `tasks['a-b'].status`.";

    EXPRESSION_NAME = "KFP0974", "an expression with a name that stands for nothing",
    "An expression names a variable or a function that is not there. If it is the first word of a name, the whole \
     tag stays literal text, without any error; behind the first word the value is `nil`; and Argo waits for ever \
     for what begins with `tasks` or `steps`.\n\n\
     Take a name that exists in this place. Functions of Sprig begin with `sprig.`, and numbers become texts by \
     `string(…)`.";

    EXPRESSION_CALL = "KFP0975", "a function that is called with the wrong arguments",
    "A function is given too few or too many arguments, or one that it cannot use. What is known before the run \
     keeps the expression from being compiled; what shows only with the values ends it as an error.\n\n\
     Every parameter is a text: `asInt(…)` and `asFloat(…)` make numbers of it, and `fromJSON(…)` lists and maps.";

    EXPRESSION_OPERANDS = "KFP0976", "an operator between values that it does not take",
    "An operator stands between values that it cannot join, as `+` and `<` between a text and a number. The \
     evaluation fails.\n\n\
     Every parameter is a text: `asInt(…)` and `asFloat(…)` make numbers of it, and `string(…)` makes a text of a \
     number.";

    EXPRESSION_NEVER_EQUAL = "KFP0977", "a comparison that is never true",
    "Values of different types are never equal, so `==` and `in` are silently false. The classic is \
     `lastRetry.exitCode == 5`: exit codes, like all variables of Argo, are texts.\n\n\
     Write the number in quotes, or convert the text: `asInt(lastRetry.exitCode) == 5`.";

    EXPRESSION_PRETTY_JSON = "KFP0978", "JSON over several lines",
    "`toJSON`, which belongs to the language, writes several lines with blanks. As an argument, a key or a \
     parameter that is hardly what was meant.\n\n\
     Write `toJson`, which Argo adds and which writes one line.";

    EXPRESSION_NOTHING = "KFP0979", "an expression that gives nothing",
    "The value of the expression is `nil`. Argo takes that for a failure: the tag stays as it is, or the node ends \
     as an error.\n\n\
     Give a value for every case, with `?? '…'` or in both branches of a choice.";

    EXPRESSION_CONDITION = "KFP0980", "a condition that is no boolean",
    "A condition must be `true` or `false`. A text is neither, even if it says so, and Argo ends the node as an \
     error.\n\n\
     Compare it, as in `inputs.parameters.dry == 'true'`.";

    EXPRESSION_PATTERN = "KFP0981", "a pattern that Go does not take",
    "The text after `matches` is no pattern of Go's `regexp` (RE2), so the expression cannot be compiled. Go has no \
     looking ahead or back, and no references back to a group.\n\n\
     Mind that the text is unescaped before: `'\\\\d'` is the pattern `\\d`, and so is one in backquotes.";

    EXPRESSION_CONSTANT = "KFP0982", "a condition that is the same every time",
    "The condition reads no variable, so that it always takes the same way. Most often a name stands in quotes, or \
     without the braces that would have made it a tag.\n\n\
     Compare a variable, or remove the condition.";

    WHEN_SYNTAX = "KFP0983", "a `when` that cannot be read",
    "After its tags are replaced, `when` is read by govaluate, which is another language than that of expressions: \
     it knows `== != < <= > >= =~ !~ in`, `&& || !`, arithmetic, parentheses and `? :`, and bare words are texts. \
     It cannot read this one, and the node ends as an error.\n\n\
     Write `when: \"{{= … }}\"`: an expression that gives `true` or `false` leaves govaluate nothing to read.";

    WHEN_UNQUOTED = "KFP0984", "a `when` that breaks with some values",
    "A tag stands in `when` without quotes around it. Its value becomes a part of the condition: one with blanks, \
     signs or nothing at all cannot be read, and one that looks like a number is compared as a number.\n\n\
     Put the tag in single quotes, or better write the whole condition as `{{= … }}`, in which values stay values.";

    WHEN_DATE = "KFP0985", "a text in `when` that is taken for a date",
    "govaluate takes a text in quotes that looks like a date for a point in time, and compares seconds. It is never \
     equal to a text that a tag puts there in another form, and `=~` fails.\n\n\
     Write the condition as `{{= … }}`, in which a text stays a text.";

    WHEN_NEVER_EQUAL = "KFP0986", "a `when` that is never true",
    "A text in quotes and a number are never equal for govaluate, so that the condition is the same with every \
     value.\n\n\
     Put both in quotes, or neither, or write the condition as `{{= … }}`.";

    DEPENDS_SYNTAX = "KFP0987", "a `depends` that cannot be read",
    "`depends` joins results of tasks, as `a.Succeeded`, by `&&`, `||`, `!` and parentheses. Argo's linter looks for \
     names only; the controller compiles the text once the tasks are done, and then ends the node as an error.\n\n\
     Join the tasks by operators, as in `a.Succeeded && (b.Succeeded || b.Skipped)`.";

    DEPENDS_RESULT = "KFP0988", "a result that tasks do not have",
    "The results of a task are `Succeeded`, `Failed`, `Errored`, `Skipped`, `Omitted` and `Daemoned`, and for a loop \
     `AnySucceeded` and `AllFailed`. Anything else is refused, or ends the node as an error.\n\n\
     Take one of these words; mind the case of their letters.";

    DEPENDS_WORD = "KFP0989", "a task whose name is a word of the language",
    "`depends` and `dependencies` become an expression, in which the name of the task is read as an operator or a \
     constant, as `in`, `not` or `true`. The node ends as an error at run time.\n\n\
     Give the task another name.";
}
