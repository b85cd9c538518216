//! What a check says, in tables of expressions.

use kfp_argo::expression::parse;

use crate::expression::{Gravity, Kind, Scope, Variable, check};

fn scope() -> Scope {
    let mut scope = Scope::argo();
    for name in [
        "item",
        "retries",
        "lastRetry.exitCode",
        "lastRetry.status",
        "inputs.parameters.rate",
        "inputs.parameters.items",
        "inputs.parameters.a-b",
        "tasks.train.status",
        "tasks.train.outputs.result",
        "workflow.name",
    ] {
        scope.set_dotted(name, Variable::Text);
    }
    scope.set_dotted("workflow.parameters.known", Variable::Text);
    scope.open(&["workflow", "parameters"], Variable::Unknown);
    scope
}

/// What is wrong, one line for each problem.
fn found(text: &str) -> Vec<String> {
    let checked = check(&parse(text).unwrap(), &scope());
    let show = |problem: &crate::expression::Problem| {
        let gravity = match problem.gravity {
            Gravity::Hazard => "hazard",
            Gravity::Fails => "fails",
            Gravity::Refused => "refused",
        };
        let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{gravity} `{}`: {}{help}", &text[problem.span.clone()], problem.message)
    };
    checked.problems.iter().map(show).collect()
}

#[test]
fn what_works_is_left_alone() {
    for text in [
        "asInt(lastRetry.exitCode) in [75, 137] || lastRetry.status == 'Error'",
        "asInt(retries) < 2 ? 'In' : 'NotIn'",
        "sprig.sha256sum(toJson(['a', workflow.name, inputs.parameters['a-b']]))[:2]",
        "tasks['train'].status == 'Succeeded' ? (tasks['train']?.outputs?.result ?? 'null') : 'null'",
        "toJson(map(fromJSON(inputs.parameters.items), replace(toJson(#), '{'+'{', 'x')))",
        "'[' + join(map(fromJSON(item), #[1:]), ',') + ']'",
        "workflow.parameters.known + workflow.parameters.other",
        "string(fromJSON(inputs.parameters.rate) + 1)",
        "let x = asFloat(item); x > 0.5 && x < 1",
        "if item == 'a' { 1 } else { 2 }",
        "filter(fromJSON(item), .ok == true) | len()",
        "reduce(fromJSON(item), #acc + #.n, 0)",
        "item matches '^a+$' and not (item contains 'b')",
        "now().Format('2006-01-02') + sprig.date('2006', now())",
        "jsonpath(inputs.parameters.items, '$.a')",
        "get(fromJSON(item), 'a')",
        "split(item, ',')[0]",
        "item[1:] + 'x'",
        "nil ?? item",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn names_must_stand_for_something() {
    for (text, expected) in [
        ("intputs.parameters.rate", "refused `intputs`: there is no `intputs` (there is `inputs`)"),
        (
            "inputs.parameters.rat",
            "fails `inputs.parameters.rat`: there is no `inputs.parameters.rat` (there is `inputs.parameters.rate`)",
        ),
        ("inputs.parameters.a-b", "refused `b`: there is no `b` (a name with `-` is written `['a-b']`)"),
        (
            "tasks.train.outputs?.artifact ?? ''",
            "hazard `tasks.train.outputs?.artifact`: there is no `tasks.train.outputs.artifact` (there is `result`)",
        ),
        (
            "asStr(item)",
            "refused `asStr(item)`: there is no function `asStr` (`string(…)` makes a text of a number)",
        ),
        (
            "hasprefix(item, 'a')",
            "refused `hasprefix(item, 'a')`: there is no function `hasprefix` (there is `hasPrefix`)",
        ),
        (
            "sha256sum(item)",
            "refused `sha256sum(item)`: there is no function `sha256sum` (there is `sprig.sha256sum`)",
        ),
        (
            "sprig.env('HOME')",
            "fails `sprig.env('HOME')`: there is no function `sprig.env` (Argo does not let expressions read the environment)",
        ),
        (
            "map([1], #idx)",
            "refused `#`: there is no `#idx` here (`#` is the item, `#index` its index in `map` and `reduce`, `#acc` what `reduce` has so far)",
        ),
        (
            "let item = 1; item",
            "refused `item`: `item` stands for something else already (take another name after `let`)",
        ),
    ] {
        assert!(found(text).contains(&expected.to_owned()), "{text}: {:#?}", found(text));
    }
}

#[test]
fn operands_and_arguments_must_fit() {
    for (text, expected) in [
        (
            "lastRetry.exitCode == 1",
            "hazard `lastRetry.exitCode == 1`: a text is never equal to a number (write the number in quotes, or `asInt(…)` around the text)",
        ),
        (
            "lastRetry.exitCode in [1, 2]",
            "hazard `lastRetry.exitCode in [1, 2]`: a text is never in a list of which each item is a number (write the number in quotes, or `asInt(…)` around the text)",
        ),
        (
            "lastRetry.exitCode > 1",
            "fails `lastRetry.exitCode > 1`: `>` cannot stand between a text and a number (`asInt(…)` or `asFloat(…)` makes a number of a text)",
        ),
        (
            "item == 1",
            "refused `item == 1`: `==` cannot stand between a text and a number (write the number in quotes, or `asInt(…)` around the text)",
        ),
        (
            "inputs.parameters.rate + 1",
            "fails `inputs.parameters.rate + 1`: `+` cannot stand between a text and a number (`string(…)` makes a text of a number, `asInt(…)` and `asFloat(…)` a number of a text)",
        ),
        (
            "inputs.parameters.rate == true",
            "hazard `inputs.parameters.rate == true`: a text is never equal to a boolean (write `'true'` or `'false'` in quotes)",
        ),
        (
            "!inputs.parameters.rate",
            "fails `!inputs.parameters.rate`: `!` takes a boolean, and is given a text (a text is compared, as in `… == 'true'`)",
        ),
        (
            "inputs.parameters.rate ? 1 : 2",
            "fails `inputs.parameters.rate`: a condition is a boolean, and this is a text (a text is compared, as in `… == 'true'`)",
        ),
        (
            "item == 'a' && inputs.parameters.rate",
            "hazard `item == 'a' && inputs.parameters.rate`: the right side of `&&` is a text (a text is compared, as in `… == 'true'`)",
        ),
        (
            "inputs.parameters.items.name",
            "fails `inputs.parameters.items.name`: a text has no field `name` (`fromJSON(…)` reads a text that holds JSON)",
        ),
        (
            "map(inputs.parameters.items, #)",
            "hazard `inputs.parameters.items`: `map` takes a list, and is given a text (`fromJSON(…)` reads a text that holds JSON)",
        ),
        ("hasPrefix(item)", "refused `hasPrefix(item)`: `hasPrefix` takes 2 arguments, and is given 1"),
        (
            "hasPrefix(item, 1)",
            "refused `1`: `hasPrefix` takes a text, and is given a number (`string(…)` makes a text of a number, `toJson(…)` of anything)",
        ),
        (
            "abs(inputs.parameters.rate)",
            "fails `inputs.parameters.rate`: `abs` takes a number, and is given a text (`asInt(…)` or `asFloat(…)` makes a number of a text)",
        ),
        (
            "sprig.trunc(item, 1)",
            "fails `item`: `sprig.trunc` takes a number, and is given a text (`asInt(…)` or `asFloat(…)` makes a number of a text)",
        ),
        ("sprig.trim()", "fails `sprig.trim()`: `sprig.trim` takes 1 argument, and is given none"),
        (
            "toJSON(item)",
            "hazard `toJSON(item)`: `toJSON` writes several lines, with blanks (`toJson(…)` writes one line)",
        ),
        (
            "item matches '(?=a)'",
            "refused `item matches '(?=a)'`: the pattern after `matches` is wrong: Go's patterns cannot look ahead or back",
        ),
        ("nil", "fails `nil`: the expression gives nothing (give a value, as `''`, in the place of `nil`)"),
        ("1 > 2 ? 'a' : 'b'", "hazard `1 > 2`: the condition is the same every time"),
        ("5 % 0", "refused `5 % 0`: a division by zero"),
        (
            "tasks.train.status == 'Errored'",
            "hazard `tasks.train.status == 'Errored'`: no status is `Errored` (write `Error`)",
        ),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn what_an_expression_gives_is_known() {
    for (text, expected) in [
        ("1", Kind::Integer),
        ("1 + 1.5", Kind::Float),
        ("item + 'x'", Kind::Text),
        ("item == 'x'", Kind::Boolean),
        ("split(item, ',')", Kind::Texts),
        ("fromJSON(item)", Kind::Any),
        ("item == '' ? nil : 'x'", Kind::Text),
        ("1..3", Kind::List(Box::new(Kind::Integer))),
        ("nil", Kind::Nothing),
    ] {
        assert_eq!(check(&parse(text).unwrap(), &scope()).kind, expected, "{text}");
    }
}

#[test]
fn constants_are_told() {
    for (text, expected) in
        [("1 + 2 == 3", true), ("len('a')", true), ("item", false), ("now()", false), ("f()", false)]
    {
        assert_eq!(check(&parse(text).unwrap(), &Scope::argo()).is_constant, expected, "{text}");
    }
}

#[test]
fn comparisons_in_a_row_take_no_time() {
    let text = (0..60).fold("item".to_owned(), |inner, _| format!("'a' < ({inner} + 'x') < 'b' ? 'c' : 'd'"));
    assert!(
        check(&parse(&text).unwrap(), &scope())
            .problems
            .iter()
            .all(|problem| problem.gravity == Gravity::Hazard)
    );
}
