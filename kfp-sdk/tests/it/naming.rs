//! Names that could conflict with the SDK or with generated code, and components of every visibility.

use kfp_sdk::prelude::*;

mod inner {
    //! Components with restricted visibility.

    use kfp_sdk::prelude::*;

    #[component]
    pub(super) fn for_the_parent_module(rows: i64) -> i64 {
        rows
    }

    #[component]
    pub(in crate::naming) fn for_a_path(rows: i64) -> i64 {
        rows
    }

    #[component]
    fn for_this_module(rows: i64) -> i64 {
        rows
    }

    /// Calls a private component.
    pub(super) fn add(p: &Pipeline) -> Out<i64> {
        p.add(ForThisModule::new().rows(1)).output
    }
}

/// Parameters with the names of methods and types of the SDK, and outputs with the names of methods of tasks.
#[derive(Outputs)]
struct Policies {
    memory: String,
    cpu: i64,
    task: bool,
    outputs: f64,
    clone: String,
    r#type: String,
}

#[component]
fn awkward(
    new: String,
    into: String,
    clone: String,
    r#type: String,
    self_: String,
    provided: String,
    awkward_call: String,
    awkward_outputs: String,
    string: String,
    memory: String,
    value: i64,
    call: i64,
    step: i64,
    name: Option<String>,
) -> Policies {
    let outputs = [value, call, step].iter().sum::<i64>();
    let all =
        [new, into, r#type, self_, provided, awkward_call, awkward_outputs, string, name.unwrap_or_default()];
    Policies { memory, cpu: outputs, task: true, outputs: 0.5, clone, r#type: all.join("/") }
}

/// Fields with the names of private methods of handles.
#[derive(Param, Clone)]
struct Shape {
    raw: i64,
    fields: String,
    field: f64,
    r#type: bool,
    #[kfp(projection = "greater")]
    gt: i64,
}

#[component]
fn look(fields: Shape, raw: i64) -> i64 {
    fields.raw + raw
}

#[pipeline]
fn names(p: &Pipeline, fields: In<Shape>, r#type: In<bool>) {
    let call =
        Awkward::new().new("a").into("b").clone("c").r#type("d").self_("e").provided("f").awkward_call("g");
    let call = call.awkward_outputs("h").string("i").memory("a parameter").value(1).call(2).step(3).name("j");
    let task = p.add(call).memory("1Gi").name("task");
    let _: (Out<String>, Out<i64>, Out<bool>, Out<f64>) = (task.memory, task.cpu, task.task, task.outputs);
    let _: (Out<String>, Out<String>) = (task.clone, task.r#type);
    p.when("fields", fields.r#type() & r#type & fields.greater().gt(1), |p| {
        p.add(Look::new().fields(fields).raw(fields.raw()));
        let fields = Shape { raw: 1, fields: "a".to_owned(), field: 0.5, r#type: true, gt: 2 };
        p.add(Look::new().fields(fields.clone()).raw(fields.gt)).cpu("1");
    });
    p.when("text", fields.field().gt(0.5), |p| p.add(Look::new().fields(fields).raw(inner::add(p))));
    p.add(inner::ForTheParentModule::new().rows(p.add(inner::ForAPath::new().rows(2)).output));
}

#[test]
fn names_do_not_conflict() {
    #[component]
    fn in_a_function(names: Vec<String>) -> Vec<String> {
        names
    }
    #[pipeline]
    fn of_a_function(p: &Pipeline, names: In<Vec<String>>) -> Out<Vec<String>> {
        p.add(InAFunction::new().names(names)).output
    }
    for document in [Names::definition(), OfAFunction::definition()] {
        assert_eq!(document.problems, []);
    }
    let document = Names::definition();
    let component = &document.components[&kfp_model::ComponentId("awkward".to_owned())];
    let inputs: Vec<&str> = component.inputs.keys().map(String::as_str).collect();
    assert_eq!(inputs[..7], ["new", "into", "clone", "type", "self_", "provided", "awkward_call"]);
    let outputs: Vec<&str> = component.outputs.keys().map(String::as_str).collect();
    assert_eq!(outputs, ["memory", "cpu", "task", "outputs", "clone", "type"]);
    let ids: Vec<&str> = document.components.keys().map(|id| id.0.as_str()).collect();
    assert_eq!(ids, ["awkward", "for-a-path", "for-the-parent-module", "for-this-module", "look"]);
}
