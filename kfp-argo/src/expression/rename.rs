//! Renames the inputs that an expression reads.

use super::tree::{Access, Expression, Form, NodeId};

impl Expression {
    /// Renames inputs of the template: where the expression reads `inputs.parameters['name']` and `rename` returns
    /// another name for `name`, it reads that input instead.
    ///
    /// ```
    /// use kfp_argo::expression::parse;
    /// let mut expression = parse("inputs.parameters['a'] + inputs.parameters.b + tasks['a'].status").unwrap();
    /// expression.rename_inputs(|name| (name != "c").then(|| format!("{name}-1")));
    /// assert_eq!(
    ///     expression.to_string(),
    ///     "inputs.parameters['a-1'] + inputs.parameters['b-1'] + tasks['a'].status"
    /// );
    /// ```
    pub fn rename_inputs(&mut self, rename: impl Fn(&str) -> Option<String>) {
        // Nodes may be shared, so all names are looked up before any is changed.
        let renamed: Vec<(NodeId, NodeId, String)> = self
            .nodes()
            .filter_map(|(id, _)| {
                let (property, name) = self.input(id)?;
                Some((id, property, rename(name)?))
            })
            .collect();
        for (id, property, name) in renamed {
            if let Form::Member { access, .. } = &mut self.nodes[id.idx()].form {
                *access = Access::Index;
            }
            self.nodes[property.idx()].form = Form::Text(name);
        }
    }

    /// Returns the node of the name and the name of the input that the node reads.
    fn input(&self, id: NodeId) -> Option<(NodeId, &str)> {
        let (base, property, name) = self.member(id)?;
        let (inputs, _, parameters) = self.member(base)?;
        let is_inputs = matches!(self.form(inputs), Form::Name(inputs) if inputs == "inputs");
        (is_inputs && parameters == "parameters").then_some((property, name))
    }

    /// Returns the base, the property and the property name of a member access.
    fn member(&self, id: NodeId) -> Option<(NodeId, NodeId, &str)> {
        let Form::Member { base, property, access: Access::Field | Access::Index, .. } = self.form(id) else {
            return None;
        };
        let Form::Text(name) = self.form(*property) else { return None };
        Some((*base, *property, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_nodes_are_renamed_once() {
        let input = Expression::path("inputs", ["parameters"]).index("a".into());
        let mut expression = Expression::template("X == '' ? '' : X + ''", [("X", input)]);
        let swap = |name: &str| Some(if name == "a" { "b" } else { "a" }.to_owned());
        expression.rename_inputs(swap);
        let expected = "inputs.parameters['b'] == '' ? '' : inputs.parameters['b'] + ''";
        assert_eq!(expression.to_string(), expected);
        expression.rename_inputs(swap);
        assert_eq!(expression.to_string(), expected.replace("'b'", "'a'"));
    }
}
