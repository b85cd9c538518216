//! The plan as text, for tests of passes and for the explanation of a task.
//!
//! ```text
//! body(rate)
//!   train: train(lr = {{inputs.parameters.rate}}) after load.Succeeded when inputs.parameters['rate'] != 'null'
//!   => accuracy = {{tasks.train.outputs.parameters.accuracy}}
//! ```

use std::fmt::{self, Write as _};

use super::{Argument, Body, Output, Plan, Port, Source, Task, Template, Value};

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "start {}", self.entry)?;
        if let Some(exit) = &self.exit {
            writeln!(f, "on exit {}", call(&exit.calls, &exit.arguments))?;
        }
        self.templates.iter().try_for_each(|template| write!(f, "{template}"))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}{}", self.name, signature(self))
    }
}

/// Returns the text of a template without its name.
pub(in crate::lower) fn signature(template: &Template) -> String {
    let inputs: Vec<String> = template.inputs.iter().map(ToString::to_string).collect();
    let mut text = format!("({})", inputs.join(", "));
    match &template.body {
        Body::Graph(graph) => {
            if let Some(most) = graph.parallelism {
                text.push_str(&format!(" parallelism {most}"));
            }
            if graph.all_are_targets {
                text.push_str(" all tasks are targets");
            }
            graph.tasks.iter().for_each(|task| text.push_str(&format!("\n  {task}")));
        }
        Body::Approval => text.push_str(" waits for approval"),
        Body::Noop => text.push_str(" no-op"),
    }
    template.outputs.iter().for_each(|output| text.push_str(&format!("\n  => {output}")));
    text
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(default) = &self.default {
            write!(f, " = {default}")?;
        }
        if !self.choices.is_empty() {
            write!(f, " of {}", self.choices.join(" or "))?;
        }
        if let Some(description) = &self.description {
            write!(f, " for {description:?}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(origin) = self.origin.as_ref().filter(|origin| **origin != self.name) {
            write!(f, " ({origin})")?;
        }
        write!(f, ": {}", call(&self.calls, &self.arguments))?;
        if let Some(depends) = &self.depends {
            write!(f, " after {depends}")?;
        }
        if let Some(when) = &self.when {
            write!(f, " when {when}")?;
        }
        if let Some(items) = &self.items {
            write!(f, " for each of {items}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if let Some(global) = &self.global {
            write!(f, " (global {global})")?;
        }
        match &self.source {
            Source::Task(tag) => write!(f, " = {tag}"),
            Source::Expression(expression, None) => write!(f, " = {expression}"),
            Source::Expression(expression, Some(default)) => write!(f, " = {expression} or else {default}"),
            Source::Approver => f.write_str(" from the approver"),
        }
    }
}

fn call(template: &str, arguments: &[Argument]) -> String {
    let mut text = format!("{template}(");
    for (idx, argument) in arguments.iter().enumerate() {
        text.push_str(if idx == 0 { "" } else { ", " });
        let value: &dyn fmt::Display = match &argument.value {
            Value::Text(text) => text,
            Value::Failures => &"failures",
        };
        write!(text, "{} = {value}", argument.name).expect("writing to a string cannot fail");
    }
    text + ")"
}
