//! The limits of the API server and the controller.

/// The maximum number of templates of a workflow: `maxItems` in the custom resource definition.
pub const TEMPLATES: usize = 200;
/// The maximum number of tasks of a DAG: `maxItems` in the custom resource definition.
pub const TASKS: usize = 200;
/// The maximum number of input parameters, and of output parameters, of a template: `maxItems` in the custom resource
/// definition.
pub const PARAMETERS: usize = 500;
/// The longest chain of tasks in a DAG that the controller validates quickly: validation time is quadratic.
pub const CHAIN: usize = 100;
/// The maximum size of a workflow as JSON, in bytes. Workflow and status must fit into the 1.5 MB that etcd allows for
/// an object.
pub const BYTES: usize = 900 * 1024;
/// The size of a workflow as JSON, in bytes, above which the status of many tasks may not fit.
pub const MANY_BYTES: usize = 300 * 1024;
/// The maximum depth of nested template calls that the controller supports.
pub const LEVELS: usize = 99;
/// The maximum number of nodes of an expression, such as operators, calls and literals.
pub const EXPRESSION: usize = 10_000;
/// The maximum length of an argument of a container, in bytes: Linux limits it to 32 pages with the final zero byte.
pub const ARGUMENT: usize = 128 * 1024 - 1;
/// The maximum length of a template name, in bytes.
pub const TEMPLATE_NAME: usize = 128;
