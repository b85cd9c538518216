//! Collecting: the outputs of the iterations of a loop, as a list in the order of the items.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, Double, EchoCube, EchoIntegerTable, EchoIntegers, EchoMode, EchoOptionals, EchoText, EchoTrials,
    IsEven, Join, Mode, Range, ReadTable, ReadText, ReadTexts, Sum, Trial, WriteText,
};

#[pipeline(name = "collect-numbers")]
fn collect_numbers(p: &Pipeline, items: In<Vec<i64>>) -> Out<i64> {
    let all = p.parallel_for(items).each(|p, item| p.add(Add::new().a(item)).output);
    p.add(EchoIntegers::new().value(all)).name("list");
    p.add(Sum::new().numbers(all)).output
}

#[pipeline(name = "collect-texts")]
fn collect_texts(p: &Pipeline) {
    let all = p
        .parallel_for(["{{a}}", "$(b)", "", "\"\n"])
        .each(|p, item| p.add(EchoText::new().value(item)).output);
    p.add(Join::new().texts(all));
}

#[pipeline(name = "collect-structs")]
fn collect_structs(p: &Pipeline) {
    let all = p.parallel_for([0.5, 1.5]).each(|p, rate| {
        let size = p.add(Add::new().a(1)).output;
        Trial::of(rate, size, "built", None)
    });
    p.add(EchoTrials::new().value(all));
}

#[pipeline(name = "collect-constants")]
fn collect_constants(p: &Pipeline) {
    let (lists, (modes, absent)) = p.parallel_for([Mode::Fast, Mode::Careful]).each(|p, mode| {
        p.add(EchoMode::new().value(mode));
        let list = p.constant::<Vec<i64>>(Vec::<i64>::new());
        (list, (p.constant::<Mode>(Mode::Fast), p.constant::<Option<i64>>(None)))
    });
    p.add(EchoIntegerTable::new().value(lists)).name("lists");
    p.add(EchoOptionals::new().value(absent)).name("absent");
    p.parallel_for(modes)
        .name("modes")
        .each(|p, mode| p.add(EchoMode::new().value(mode)).name("again").output);
    p.parallel_for(Vec::<i64>::new()).name("never").each(|p, item| {
        p.when("large", item.gt(1), |p| p.add(EchoText::new().value(text!("{item}"))).name("never-run"));
    });
}

#[pipeline(name = "collect-several")]
fn collect_several(p: &Pipeline) -> Out<Vec<i64>> {
    let (once, (twice, items)) = p.parallel_for([1_i64, 2, 3]).each(|p, item| {
        let doubled = p.add(Double::new().value(item));
        (doubled.once, (doubled.twice, item))
    });
    p.add(Sum::new().numbers(once)).name("sum-once");
    p.add(Sum::new().numbers(twice)).name("sum-twice");
    items
}

#[pipeline(name = "collect-lists")]
fn collect_lists(p: &Pipeline) {
    let all = p.parallel_for([2_i64, 0, 1]).each(|p, count| p.add(Range::new().count(count)).output);
    p.add(EchoIntegerTable::new().value(all));
}

#[pipeline(name = "collect-nested")]
fn collect_nested(p: &Pipeline, outer: In<Vec<i64>>) {
    let table = p
        .parallel_for(outer)
        .each(|p, a| p.parallel_for([1_i64, 2]).each(|p, b| p.add(Add::new().a(a).b(b)).output));
    p.add(EchoIntegerTable::new().value(table));
}

#[pipeline(name = "collect-nested-deep")]
fn collect_nested_deep(p: &Pipeline) {
    let cube = p.parallel_for([100_i64, 200]).name("a").each(|p, a| {
        p.parallel_for([10_i64]).name("b").each(|p, b| {
            let ab = p.add(Add::new().a(a).b(b)).name("ab").output;
            p.parallel_for([1_i64, 2]).name("c").each(|p, c| p.add(Add::new().a(ab).b(c)).name("abc").output)
        })
    });
    p.add(EchoCube::new().value(cube));
}

#[pipeline(name = "collect-options")]
fn collect_options(p: &Pipeline) -> Out<Vec<Option<i64>>> {
    let all = p.parallel_for([1_i64, 2, 3, 4]).each(|p, item| {
        let even = p.add(IsEven::new().value(item)).output;
        p.when("even", even, |p| p.add(Add::new().a(item).b(10)).output).or_none()
    });
    p.add(EchoOptionals::new().value(all)).output
}

#[pipeline(name = "collect-artifacts")]
fn collect_artifacts(p: &Pipeline, items: In<Vec<String>>) {
    let files = p.parallel_for(items).each(|p, item| p.add(WriteText::new().text(item)).file);
    p.add(ReadTexts::new().files(files));
}

#[pipeline(name = "collect-artifacts-nested")]
fn collect_artifacts_nested(p: &Pipeline) {
    let table = p.parallel_for(["a", "b"]).each(|p, row| {
        p.parallel_for([1_i64, 2]).each(|p, column| p.add(WriteText::new().text(text!("{row}{column}"))).file)
    });
    p.add(ReadTable::new().files(table));
}

#[pipeline(name = "loop-over-artifacts")]
fn loop_over_artifacts(p: &Pipeline) -> Out<Vec<String>> {
    let files =
        p.parallel_for(["x", "y"]).name("write").each(|p, item| p.add(WriteText::new().text(item)).file);
    p.parallel_for(files).name("read").each(|p, file| p.add(ReadText::new().file(file)).output)
}

#[pipeline(name = "collect-constants-and-items")]
fn collect_constants_and_items(p: &Pipeline) {
    let (constants, items) = p.parallel_for([5_i64, 6]).each(|p, item| {
        p.add(Add::new().a(item));
        (p.constant::<i64>(1), item)
    });
    p.add(EchoIntegers::new().value(constants)).name("constants");
    p.add(EchoIntegers::new().value(items)).name("items");
}

fn parameters() -> Vec<Case> {
    let numbers = |items: &[i64]| {
        let run = Run::succeeds().argument("items", json!(items));
        let run = items
            .iter()
            .enumerate()
            .fold(run, |run, (idx, item)| run.returned(&format!("{idx}/add"), item + 1));
        let all: Vec<i64> = items.iter().map(|item| item + 1).collect();
        let sum: i64 = all.iter().sum();
        run.returned("list", all).returned("sum", sum).output(sum)
    };
    let trial = |rate: f64| json!({"rate": rate, "size": 2, "name": "built", "note": null});
    let texts = ["{{a}}", "$(b)", "", "\"\n"];
    let doubled = |run: Run, item: i64| {
        run.returned_all(&format!("{}/double", item - 1), json!({"once": item, "twice": 2 * item}))
    };
    vec![
        Case::new("collect-numbers", CollectNumbers::definition)
            .run(numbers(&[5, 4, 3]))
            .run(numbers(&[7]))
            .run(numbers(&[])),
        Case::new("collect-texts", CollectTexts::definition).run(
            texts
                .iter()
                .enumerate()
                .fold(Run::succeeds(), |run, (idx, text)| run.returned(&format!("{idx}/echo-text"), *text))
                .returned("join", "{{a}},$(b),,\"\n"),
        ),
        Case::new("collect-structs", CollectStructs::definition).run(
            Run::succeeds()
                .returned("0/add", 2)
                .returned("1/add", 2)
                .returned("echo-trials", json!([trial(0.5), trial(1.5)])),
        ),
        Case::new("collect-constants", CollectConstants::definition).run(
            Run::succeeds()
                .returned("0/echo-mode", "fast")
                .returned("1/echo-mode", "Careful")
                .returned("lists", json!([[], []]))
                .returned("absent", json!([null, null]))
                .returned("0/again", "fast")
                .returned("1/again", "fast"),
        ),
        Case::new("collect-several", CollectSeveral::definition).run(
            (1..4)
                .fold(Run::succeeds(), doubled)
                .returned("sum-once", 6)
                .returned("sum-twice", 12)
                .output(json!([1, 2, 3])),
        ),
        Case::new("collect-lists", CollectLists::definition).run(
            Run::succeeds()
                .returned("0/range", json!([0, 1]))
                .returned("1/range", json!([]))
                .returned("2/range", json!([0]))
                .returned("echo-integer-table", json!([[0, 1], [], [0]])),
        ),
        Case::new("collect-constants-and-items", CollectConstantsAndItems::definition).run(
            Run::succeeds()
                .returned("0/add", 6)
                .returned("1/add", 7)
                .returned("constants", json!([1, 1]))
                .returned("items", json!([5, 6])),
        ),
    ]
}

fn nested() -> Vec<Case> {
    vec![
        Case::new("collect-nested", CollectNested::definition)
            .run(
                Run::succeeds()
                    .argument("outer", json!([10, 20]))
                    .returned("0/0/add", 11)
                    .returned("0/1/add", 12)
                    .returned("1/0/add", 21)
                    .returned("1/1/add", 22)
                    .returned("echo-integer-table", json!([[11, 12], [21, 22]])),
            )
            .run(Run::succeeds().argument("outer", json!([])).returned("echo-integer-table", json!([]))),
        Case::new("collect-nested-deep", CollectNestedDeep::definition).run(
            Run::succeeds()
                .returned("0/0/ab", 110)
                .returned("1/0/ab", 210)
                .returned("0/0/0/abc", 111)
                .returned("0/0/1/abc", 112)
                .returned("1/0/0/abc", 211)
                .returned("1/0/1/abc", 212)
                .returned("echo-cube", json!([[[111, 112]], [[211, 212]]])),
        ),
        Case::new("collect-options", CollectOptions::definition).run(
            Run::succeeds()
                .returned("0/is-even", false)
                .returned("1/is-even", true)
                .returned("2/is-even", false)
                .returned("3/is-even", true)
                .returned("1/add", 12)
                .returned("3/add", 14)
                .skipped(&["0/add", "2/add"])
                .returned("echo-optionals", json!([null, 12, null, 14]))
                .output(json!([null, 12, null, 14])),
        ),
    ]
}

fn artifacts() -> Vec<Case> {
    let files = |items: &[&str]| {
        let run = Run::succeeds().argument("items", json!(items));
        let run = (0..items.len()).fold(run, |run, idx| run.succeeded(&format!("{idx}/write-text")));
        run.returned("read-texts", json!(items))
    };
    vec![
        Case::new("collect-artifacts", CollectArtifacts::definition)
            .run(files(&["b", "a", "b"]))
            .run(files(&["one"]))
            .run(files(&[])),
        Case::new("collect-artifacts-nested", CollectArtifactsNested::definition).run(
            Run::succeeds()
                .succeeded("0/0/write-text")
                .succeeded("0/1/write-text")
                .succeeded("1/0/write-text")
                .succeeded("1/1/write-text")
                .returned("read-table", json!([["a1", "a2"], ["b1", "b2"]])),
        ),
        Case::new("loop-over-artifacts", LoopOverArtifacts::definition).run(
            Run::succeeds()
                .succeeded("0/write-text")
                .succeeded("1/write-text")
                .returned("0/read-text", "x")
                .returned("1/read-text", "y")
                .output(json!(["x", "y"])),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [parameters(), nested(), artifacts()].into_iter().flatten().collect()
}
