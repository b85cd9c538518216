//! Loops: their items, the number of iterations, and the contents of their bodies.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, CountOverlap, Double, EchoInteger, EchoText, IsEven, Range, Ranges, TakeTime, Trial, Trials,
};

#[pipeline(name = "loop-static")]
fn loop_static(p: &Pipeline) {
    p.parallel_for([1_i64, -2, i64::MAX]).each(|p, item| {
        p.add(EchoInteger::new().value(item)).name("item");
    });
}

#[pipeline(name = "loop-over-argument")]
fn loop_over_argument(p: &Pipeline, items: In<Vec<String>>) {
    p.parallel_for(items).each(|p, item| {
        p.add(EchoText::new().value(item)).name("item");
    });
}

#[pipeline(name = "loop-over-output")]
fn loop_over_output(p: &Pipeline, count: In<i64>) {
    let items = p.add(Range::new().count(count)).output;
    p.parallel_for(items).each(|p, item| {
        p.add(Add::new().a(item).b(count)).name("item");
    });
    p.add(EchoText::new().value("beside")).name("beside");
}

#[pipeline(name = "loop-over-structs")]
fn loop_over_structs(p: &Pipeline) {
    let constants = [
        Trial { rate: 0.1, size: 1, name: "a".to_owned(), note: None },
        Trial { rate: 0.2, size: 2, name: "{{b}}".to_owned(), note: Some("$(n)".to_owned()) },
    ];
    p.parallel_for(constants).name("constants").each(|p, trial| {
        p.add(EchoText::new().value(text!("{trial.name()} {trial.rate()}"))).name("constant");
    });
    let made = p.add(Trials::new().count(2)).output;
    p.parallel_for(made).name("outputs").each(|p, trial| {
        p.add(EchoInteger::new().value(trial.size())).name("output");
        p.add(EchoText::new().value(trial.note().or("odd"))).name("note");
    });
}

#[pipeline(name = "loop-over-lists")]
fn loop_over_lists(p: &Pipeline) -> Out<Vec<i64>> {
    let rows = p.add(Ranges::new().counts([2, 0, 1])).output;
    p.parallel_for(rows).each(|p, row| p.add(crate::components::Sum::new().numbers(row)).output)
}

#[pipeline(name = "loop-of-fifty")]
fn loop_of_fifty(p: &Pipeline) -> Out<Vec<i64>> {
    let items = p.add(Range::new().count(50)).output;
    p.parallel_for(items).each(|p, item| p.add(Double::new().value(item)).twice)
}

#[pipeline(name = "loops-nested-two")]
fn loops_nested_two(p: &Pipeline) {
    p.parallel_for([10_i64, 20]).each(|p, outer| {
        let items = p.add(Range::new().count(2)).output;
        p.parallel_for(items).each(|p, inner| {
            p.add(Add::new().a(outer).b(inner));
        });
    });
}

#[pipeline(name = "loops-nested-three")]
fn loops_nested_three(p: &Pipeline, counts: In<Vec<i64>>) {
    let rows = p.add(Ranges::new().counts(counts)).output;
    p.parallel_for(rows).name("rows").each(|p, row| {
        p.parallel_for(row).name("cells").each(|p, cell| {
            let below = p.add(Range::new().count(cell)).output;
            p.parallel_for(below).name("below").each(|p, number| {
                p.add(EchoText::new().value(text!("{cell}-{number}"))).name("leaf");
            });
        });
    });
}

#[pipeline(name = "loop-one-at-a-time")]
fn loop_one_at_a_time(p: &Pipeline) {
    let spans = p
        .parallel_for([1_i64, 2, 3])
        .parallelism(1)
        .each(|p, item| p.add(TakeTime::new().milliseconds(100).item(item)).output);
    p.add(CountOverlap::new().spans(spans).limit(1));
}

#[pipeline(name = "loop-three-at-a-time")]
fn loop_three_at_a_time(p: &Pipeline) {
    let spans = p
        .parallel_for([1_i64, 2, 3, 4, 5, 6])
        .parallelism(3)
        .each(|p, item| p.add(TakeTime::new().milliseconds(3000).item(item)).output);
    p.add(CountOverlap::new().spans(spans).limit(3));
}

#[pipeline(name = "loops-with-limits-nested")]
fn loops_with_limits_nested(p: &Pipeline) {
    p.parallel_for([1_i64, 2]).parallelism(1).each(|p, _| {
        let spans = p
            .parallel_for([1_i64, 2, 3])
            .parallelism(1)
            .each(|p, item| p.add(TakeTime::new().milliseconds(50).item(item)).output);
        p.add(CountOverlap::new().spans(spans).limit(1));
    });
}

#[pipeline(name = "loop-with-condition")]
fn loop_with_condition(p: &Pipeline) {
    p.parallel_for([1_i64, 2, 3]).each(|p, item| {
        let even = p.add(IsEven::new().value(item)).output;
        p.when("even", even, |p| {
            p.add(Add::new().a(item).b(item)).name("doubled");
        })
        .otherwise(|p| {
            p.add(EchoInteger::new().value(item)).name("kept");
        });
    });
}

#[pipeline(name = "inner-of-loop")]
fn inner_of_loop(p: &Pipeline, value: In<i64>) -> Out<i64> {
    let doubled = p.add(Double::new().value(value)).twice;
    p.add(Add::new().a(doubled)).name("plus-one").output
}

#[pipeline(name = "loop-with-pipeline")]
fn loop_with_pipeline(p: &Pipeline) -> Out<Vec<i64>> {
    p.parallel_for([3_i64, 4]).each(|p, item| p.add(InnerOfLoop::new().value(item)).name("inner").output)
}

#[pipeline(name = "loop-captures")]
fn loop_captures(p: &Pipeline, text: In<String>, #[default(5)] number: In<i64>) {
    let outside = p.add(Add::new().a(number)).name("outside").output;
    p.parallel_for(["a", "b"]).each(|p, letter| {
        let inside = p.add(Add::new().a(outside).b(number)).name("inside").output;
        p.add(EchoText::new().value(text!("{text}-{letter}-{inside}"))).name("all");
    });
}

#[pipeline(name = "loops-in-a-row")]
fn loops_in_a_row(p: &Pipeline) -> Out<Vec<i64>> {
    let first = p.parallel_for([1_i64, 2]).each(|p, item| p.add(Double::new().value(item)).twice);
    p.parallel_for(first).each(|p, item| p.add(Add::new().a(item).b(100)).output)
}

#[pipeline(name = "loop-after-a-task")]
fn loop_after_a_task(p: &Pipeline, code: In<i64>) {
    let before = p.add(crate::components::FailIf::new().value(code).bad(1)).name("before");
    p.parallel_for([1_i64]).after(&before).each(|p, item| {
        p.add(EchoInteger::new().value(item)).name("item");
    });
}

#[pipeline(name = "loop-within-its-bound")]
fn loop_within_its_bound(p: &Pipeline, count: In<i64>) {
    let items = p.add(Range::new().count(count)).output;
    p.parallel_for(items).max_items(3).each(|p, item| {
        p.add(EchoInteger::new().value(item)).name("item");
    });
}

#[pipeline(name = "loop-over-its-bound")]
fn loop_over_its_bound(p: &Pipeline, count: In<i64>) {
    let items = p.add(Range::new().count(count)).output;
    p.parallel_for(items).max_items(3).each(|p, item| {
        p.add(EchoInteger::new().value(item)).name("item");
    });
}

fn over_values() -> Vec<Case> {
    let fifty = (0..50).fold(Run::succeeds(), |run, item| {
        run.returned_all(&format!("{item}/double"), json!({"once": item, "twice": 2 * item}))
    });
    let all: Vec<i64> = (0..50).collect();
    let doubled: Vec<i64> = (0..50).map(|item| 2 * item).collect();
    let texts = |items: &[&str]| {
        let run = Run::succeeds().argument("items", json!(items));
        items.iter().enumerate().fold(run, |run, (idx, item)| run.returned(&format!("{idx}/item"), *item))
    };
    vec![
        Case::new("loop-static", LoopStatic::definition)
            .run(Run::succeeds().returned("0/item", 1).returned("1/item", -2).returned("2/item", i64::MAX)),
        Case::new("loop-over-argument", LoopOverArgument::definition)
            .run(texts(&["a", "", "{{item}}", "$(x)", "a"]))
            .run(texts(&["only"]))
            .run(texts(&[])),
        Case::new("loop-over-output", LoopOverOutput::definition)
            .run(
                Run::succeeds()
                    .argument("count", 3)
                    .returned("range", json!([0, 1, 2]))
                    .returned("0/item", 3)
                    .returned("1/item", 4)
                    .returned("2/item", 5)
                    .returned("beside", "beside"),
            )
            .run(
                Run::succeeds()
                    .argument("count", 0)
                    .returned("range", json!([]))
                    .returned("beside", "beside"),
            ),
        Case::new("loop-over-structs", LoopOverStructs::definition).run(
            Run::succeeds()
                .returned("0/constant", "a 0.1")
                .returned("1/constant", "{{b}} 0.2")
                .returned(
                    "trials",
                    json!([
                        {"rate": 0.5, "size": 0, "name": "trial-0", "note": "even"},
                        {"rate": 0.5, "size": 1, "name": "trial-1", "note": null},
                    ]),
                )
                .returned("0/output", 0)
                .returned("0/note", "even")
                .returned("1/output", 1)
                .returned("1/note", "odd"),
        ),
        Case::new("loop-over-lists", LoopOverLists::definition).run(
            Run::succeeds()
                .returned("ranges", json!([[0, 1], [], [0]]))
                .returned("0/sum", 1)
                .returned("1/sum", 0)
                .returned("2/sum", 0)
                .output(json!([1, 0, 0])),
        ),
        Case::new("loop-of-fifty", LoopOfFifty::definition)
            .run(fifty.returned("range", all).output(json!(doubled))),
    ]
}

fn nested() -> Vec<Case> {
    vec![
        Case::new("loops-nested-two", LoopsNestedTwo::definition).run(
            Run::succeeds()
                .returned("0/range", json!([0, 1]))
                .returned("1/range", json!([0, 1]))
                .returned("0/0/add", 10)
                .returned("0/1/add", 11)
                .returned("1/0/add", 20)
                .returned("1/1/add", 21),
        ),
        Case::new("loops-nested-three", LoopsNestedThree::definition).run(
            Run::succeeds()
                .argument("counts", json!([3, 0, 1]))
                .returned("ranges", json!([[0, 1, 2], [], [0]]))
                .returned("0/0/range", json!([]))
                .returned("0/1/range", json!([0]))
                .returned("0/2/range", json!([0, 1]))
                .returned("2/0/range", json!([]))
                .returned("0/1/0/leaf", "1-0")
                .returned("0/2/0/leaf", "2-0")
                .returned("0/2/1/leaf", "2-1"),
        ),
        Case::new("loops-in-a-row", LoopsInARow::definition).run(
            Run::succeeds()
                .returned_all("0/double", json!({"once": 1, "twice": 2}))
                .returned_all("1/double", json!({"once": 2, "twice": 4}))
                .returned("0/add", 102)
                .returned("1/add", 104)
                .output(json!([102, 104])),
        ),
    ]
}

fn limited() -> Vec<Case> {
    let kept = |is_parallel: bool| json!({"is_kept": true, "is_parallel": is_parallel});
    let times = |run: Run, count: i64, prefix: &str| {
        (0..count).fold(run, |run, idx| run.returned_anything(&format!("{prefix}{idx}/take-time")))
    };
    vec![
        Case::new("loop-one-at-a-time", LoopOneAtATime::definition)
            .run(times(Run::succeeds(), 3, "").returned_all("count-overlap", kept(false))),
        Case::new("loop-three-at-a-time", LoopThreeAtATime::definition)
            .run(times(Run::succeeds(), 6, "").returned_all("count-overlap", kept(true))),
        Case::new("loops-with-limits-nested", LoopsWithLimitsNested::definition).run(
            times(times(Run::succeeds(), 3, "0/"), 3, "1/")
                .returned_all("0/count-overlap", kept(false))
                .returned_all("1/count-overlap", kept(false)),
        ),
    ]
}

fn bodies() -> Vec<Case> {
    vec![
        Case::new("loop-with-condition", LoopWithCondition::definition).run(
            Run::succeeds()
                .returned("0/is-even", false)
                .returned("1/is-even", true)
                .returned("2/is-even", false)
                .returned("0/kept", 1)
                .returned("1/doubled", 4)
                .returned("2/kept", 3)
                .skipped(&["0/doubled", "1/kept", "2/doubled"]),
        ),
        Case::new("loop-with-pipeline", LoopWithPipeline::definition).run(
            Run::succeeds()
                .returned_all("0/inner/double", json!({"once": 3, "twice": 6}))
                .returned("0/inner/plus-one", 7)
                .returned_all("1/inner/double", json!({"once": 4, "twice": 8}))
                .returned("1/inner/plus-one", 9)
                .output(json!([7, 9])),
        ),
        Case::new("loop-captures", LoopCaptures::definition).run(
            Run::succeeds()
                .argument("text", "{{t}}")
                .returned("outside", 6)
                .returned("0/inside", 11)
                .returned("1/inside", 11)
                .returned("0/all", "{{t}}-a-11")
                .returned("1/all", "{{t}}-b-11"),
        ),
        Case::new("loop-after-a-task", LoopAfterATask::definition)
            .run(Run::succeeds().argument("code", 0).returned("before", 0).returned("0/item", 1))
            .run(Run::fails().argument("code", 1).failed_with("before", 10).omitted(&["item"])),
        Case::new("loop-within-its-bound", LoopWithinItsBound::definition).run(
            Run::succeeds()
                .argument("count", 3)
                .returned("range", json!([0, 1, 2]))
                .returned("0/item", 0)
                .returned("1/item", 1)
                .returned("2/item", 2),
        ),
        Case::new("loop-over-its-bound", LoopOverItsBound::definition).run(
            Run::refuses().argument("count", 4).returned("range", json!([0, 1, 2, 3])).omitted(&["item"]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [over_values(), nested(), limited(), bodies()].into_iter().flatten().collect()
}
