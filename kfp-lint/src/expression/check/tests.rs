//! Tests of the check, as tables of expressions.

use kfp_argo::expression::parse;

use crate::expression::{Impact, Kind, Scope, Variable, check};

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

/// Returns one line for each problem.
fn found(text: &str) -> Vec<String> {
    let checked = check(&parse(text).unwrap(), &scope());
    let show = |problem: &crate::expression::Problem| {
        let impact = match problem.impact {
            Impact::Hazard => "hazard",
            Impact::Fails => "fails",
            Impact::Rejected => "rejected",
        };
        let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{impact} `{}`: {}{help}", &text[problem.span.clone()], problem.message)
    };
    checked.problems.iter().map(show).collect()
}

#[test]
fn valid_expressions_have_no_problems() {
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
fn unknown_names_are_reported() {
    for (text, expected) in [
        ("intputs.parameters.rate", "rejected `intputs`: unknown name `intputs` (use `inputs`)"),
        (
            "inputs.parameters.rat",
            "fails `inputs.parameters.rat`: unknown name `inputs.parameters.rat` (use `inputs.parameters.rate`)",
        ),
        ("inputs.parameters.a-b", "rejected `b`: unknown name `b` (use `['a-b']` for a name with `-`)"),
        (
            "tasks.train.outputs?.artifact ?? ''",
            "hazard `tasks.train.outputs?.artifact`: unknown name `tasks.train.outputs.artifact` (use `result`, the only name available here)",
        ),
        (
            "asStr(item)",
            "rejected `asStr(item)`: unknown function `asStr` (use `string(…)` to convert a number to a string)",
        ),
        (
            "hasprefix(item, 'a')",
            "rejected `hasprefix(item, 'a')`: unknown function `hasprefix` (use `hasPrefix`)",
        ),
        (
            "sha256sum(item)",
            "rejected `sha256sum(item)`: unknown function `sha256sum` (use `sprig.sha256sum`)",
        ),
        (
            "sprig.env('HOME')",
            "fails `sprig.env('HOME')`: unknown function `sprig.env` (pass the value as a parameter: expressions cannot read the environment)",
        ),
        (
            "map([1], #idx)",
            "rejected `#`: unknown name `#idx` (use `#` for the item, `#index` for its index in `map` and `reduce`, and `#acc` for the accumulator of `reduce`)",
        ),
        ("let item = 1; item", "rejected `item`: duplicate name `item` (use a different name after `let`)"),
    ] {
        assert!(found(text).contains(&expected.to_owned()), "{text}: {:#?}", found(text));
    }
}

#[test]
fn operands_and_arguments_are_checked() {
    for (text, expected) in [
        (
            "lastRetry.exitCode == 1",
            "hazard `lastRetry.exitCode == 1`: a string is never equal to a number (put the number in quotes, or convert the string with `asInt(…)`)",
        ),
        (
            "lastRetry.exitCode in [1, 2]",
            "hazard `lastRetry.exitCode in [1, 2]`: a string is never in a list of numbers (put the number in quotes, or convert the string with `asInt(…)`)",
        ),
        (
            "lastRetry.exitCode > 1",
            "fails `lastRetry.exitCode > 1`: cannot apply `>` to a string and a number (use `asInt(…)` or `asFloat(…)` to convert the string to a number)",
        ),
        (
            "item == 1",
            "rejected `item == 1`: cannot apply `==` to a string and a number (put the number in quotes, or convert the string with `asInt(…)`)",
        ),
        (
            "inputs.parameters.rate + 1",
            "fails `inputs.parameters.rate + 1`: cannot apply `+` to a string and a number (use `string(…)` to convert the number, or `asInt(…)` or `asFloat(…)` to convert the string)",
        ),
        (
            "inputs.parameters.rate == true",
            "hazard `inputs.parameters.rate == true`: a string is never equal to a boolean (use `'true'` or `'false'` with quotes)",
        ),
        (
            "!inputs.parameters.rate",
            "fails `!inputs.parameters.rate`: `!` expects a boolean, found a string (compare the string, as in `… == 'true'`)",
        ),
        (
            "inputs.parameters.rate ? 1 : 2",
            "fails `inputs.parameters.rate`: expected a boolean condition, found a string (compare the string, as in `… == 'true'`)",
        ),
        (
            "item == 'a' && inputs.parameters.rate",
            "hazard `item == 'a' && inputs.parameters.rate`: the right side of `&&` is a string (compare the string, as in `… == 'true'`)",
        ),
        (
            "inputs.parameters.items.name",
            "fails `inputs.parameters.items.name`: a string has no field `name` (use `fromJSON(…)` to parse a string that contains JSON)",
        ),
        (
            "map(inputs.parameters.items, #)",
            "hazard `inputs.parameters.items`: `map` expects a list, found a string (use `fromJSON(…)` to parse a string that contains JSON)",
        ),
        ("hasPrefix(item)", "rejected `hasPrefix(item)`: `hasPrefix` expects 2 arguments, found 1"),
        (
            "hasPrefix(item, 1)",
            "rejected `1`: `hasPrefix` expects a string, found a number (use `string(…)` to convert a number, or `toJson(…)` to convert any value)",
        ),
        (
            "abs(inputs.parameters.rate)",
            "fails `inputs.parameters.rate`: `abs` expects a number, found a string (use `asInt(…)` or `asFloat(…)` to convert the string to a number)",
        ),
        (
            "sprig.trunc(item, 1)",
            "fails `item`: `sprig.trunc` expects a number, found a string (use `asInt(…)` or `asFloat(…)` to convert the string to a number)",
        ),
        ("sprig.trim()", "fails `sprig.trim()`: `sprig.trim` expects 1 argument, found none"),
        (
            "toJSON(item)",
            "hazard `toJSON(item)`: `toJSON` returns indented JSON with several lines (use `toJson(…)` for compact JSON)",
        ),
        (
            "item matches '(?=a)'",
            "rejected `item matches '(?=a)'`: invalid pattern after `matches`: Go does not support lookaround",
        ),
        ("nil", "fails `nil`: the expression is always nil (use a value such as `''` instead of `nil`)"),
        ("1 > 2 ? 'a' : 'b'", "hazard `1 > 2`: the condition is constant"),
        ("5 % 0", "rejected `5 % 0`: division by zero"),
        (
            "tasks.train.status == 'Errored'",
            "hazard `tasks.train.status == 'Errored'`: unknown status `Errored` (use `Error`)",
        ),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
}

#[test]
fn types_are_inferred() {
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
fn constants_are_recognized() {
    for (text, expected) in
        [("1 + 2 == 3", true), ("len('a')", true), ("item", false), ("now()", false), ("f()", false)]
    {
        assert_eq!(check(&parse(text).unwrap(), &Scope::argo()).is_constant, expected, "{text}");
    }
}

#[test]
fn nested_comparisons_are_fast() {
    let text = (0..60).fold("item".to_owned(), |inner, _| format!("'a' < ({inner} + 'x') < 'b' ? 'c' : 'd'"));
    assert!(
        check(&parse(&text).unwrap(), &scope())
            .problems
            .iter()
            .all(|problem| problem.impact == Impact::Hazard)
    );
}
