//! The limits of the API server and the controller: one row for each.

/// Most templates of a workflow: `maxItems` in the custom resource definition.
pub const TEMPLATES: usize = 200;
/// Most tasks of a DAG: `maxItems` in the custom resource definition.
pub const TASKS: usize = 200;
/// Most input parameters, and most output parameters, of a template: `maxItems` in the custom resource definition.
pub const PARAMETERS: usize = 500;
/// Longest chain of tasks in a DAG that the controller validates quickly: its time grows with the square.
pub const CHAIN: usize = 100;
/// Most bytes of a workflow as JSON. The status has to fit beside it below etcd's limit of 1.5 MB for one object.
pub const BYTES: usize = 900 * 1024;
/// Bytes of a workflow as JSON beyond which the status of many tasks may not fit beside it.
pub const MANY_BYTES: usize = 300 * 1024;
/// Most templates that call each other: with one more the controller gives up.
pub const LEVELS: usize = 99;
/// Most parts of an expression, such as operators, calls and literals.
pub const EXPRESSION: usize = 10_000;
/// Longest name of a template, in bytes.
pub const TEMPLATE_NAME: usize = 128;
