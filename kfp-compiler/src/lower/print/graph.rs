//! Prints the plan as Argo objects.

use kfp_argo::text::Text;
use kfp_argo::{Arguments, Dag, DagTask, Hook, Hooks, Parameter, Suspend, Template, ValueFrom};

use crate::lower::plan::{
    Argument, Body, Graph, Output, Plan, Port, Source, Task, Template as Planned, Value,
};

/// Returns the hooks of the workflow.
pub(in crate::lower) fn hooks(plan: &Plan) -> Option<Hooks> {
    plan.exit.as_ref().map(|exit| Hooks {
        exit: Hook { template: exit.calls.clone(), arguments: arguments(&exit.arguments) },
    })
}

/// Returns a template of the plan as an Argo object.
pub(in crate::lower) fn template(planned: &Planned) -> Template {
    let mut template = Template { name: planned.name.clone(), ..Template::default() };
    template.inputs.parameters = planned.inputs.iter().map(port).collect();
    template.outputs.parameters = planned.outputs.iter().map(output).collect();
    match &planned.body {
        Body::Graph(graph) => {
            template.parallelism = graph.parallelism;
            template.dag = Some(dag(graph));
        }
        Body::Approval => template.suspend = Some(Suspend::default()),
        // Argo requires a task in each DAG, and a suspension of zero seconds needs no pod.
        Body::Noop => template.suspend = Some(Suspend { duration: Some("0".to_owned()) }),
    }
    template
}

fn dag(graph: &Graph) -> Dag {
    let mut dag = Dag::of(graph.tasks.iter().map(task).collect());
    if graph.all_are_targets {
        // Otherwise, the success of a task that runs after a failure would hide the failure.
        let names: Vec<&str> = graph.tasks.iter().map(|task| task.name.as_str()).collect();
        dag.target = Some(names.join(" "));
    }
    dag
}

fn task(task: &Task) -> DagTask {
    DagTask {
        name: task.name.clone(),
        template: task.calls.clone(),
        depends: task.depends.clone(),
        with_param: task.items.clone(),
        when: task.when.clone().map(Text::expression),
        arguments: arguments(&task.arguments),
    }
}

fn arguments(arguments: &[Argument]) -> Arguments {
    let parameter = |argument: &Argument| match &argument.value {
        Value::Text(text) => Parameter::with_value(&argument.name, text.clone()),
        Value::Failures => Parameter::with_value(&argument.name, "null"),
    };
    Arguments { parameters: arguments.iter().map(parameter).collect() }
}

fn port(port: &Port) -> Parameter {
    Parameter {
        name: port.name.clone(),
        description: port.description.clone(),
        r#enum: port.choices.clone(),
        value: port.default.clone(),
        ..Parameter::default()
    }
}

fn output(output: &Output) -> Parameter {
    let source = match &output.source {
        Source::Task(tag) => ValueFrom::parameter(tag.clone()),
        Source::Expression(expression, default) => {
            ValueFrom { default: default.map(Text::literal), ..ValueFrom::expression(expression.clone()) }
        }
        Source::Approver => ValueFrom::supplied(),
    };
    Parameter { global_name: output.global.clone(), ..Parameter::from_source(&output.name, source) }
}
