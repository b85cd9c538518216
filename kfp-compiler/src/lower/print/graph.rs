//! From the plan to Argo's objects.

use kfp_argo::text::Text;
use kfp_argo::{Arguments, Dag, DagTask, Hook, Hooks, Parameter, Suspend, Template, ValueFrom};

use crate::lower::plan::{
    Argument, Body, Graph, Output, Plan, Port, Source, Task, Template as Planned, Value,
};

/// What the workflow runs at its end.
pub(in crate::lower) fn hooks(plan: &Plan) -> Option<Hooks> {
    plan.exit.as_ref().map(|exit| Hooks {
        exit: Hook { template: exit.calls.clone(), arguments: arguments(&exit.arguments) },
    })
}

/// A template that is not that of a step.
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
        // Argo wants a task in each graph, and a suspension of zero seconds is one that needs no pod.
        Body::Nothing => template.suspend = Some(Suspend { duration: Some("0".to_owned()) }),
    }
    template
}

fn dag(graph: &Graph) -> Dag {
    let mut dag = Dag::of(graph.tasks.iter().map(task).collect());
    if graph.every_task_decides {
        // Otherwise what runs after a failure would make up for it.
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
        Source::Person => ValueFrom::supplied(),
    };
    Parameter { global_name: output.global.clone(), ..Parameter::from_source(&output.name, source) }
}
