//! `KFP04xx`: scopes, order and regions.

use super::code::{Code, Row, codes};

codes! {
    GRAPH_ROWS;

    OUT_OF_SCOPE = "KFP0401", "a value outside its scope",
    "A reference can only read values of its own region and of the regions around it. The values of a loop body \
     exist once per item, and the values of a branch may not exist at all.\n\n\
     Return the value from the body. A loop collects it into a list, and a branch or exit handler has it as an \
     output.";

    ITEM_OUT_OF_SCOPE = "KFP0402", "a loop item outside its loop",
    "The item only has a value in the body of its loop.\n\n\
     Use it in the body, or loop over the same list again.";

    EXIT_ONLY = "KFP0403", "a final status outside the exit task",
    "The final status of an exit handler's body, and the values captured from it, are only available to its exit \
     task.\n\n\
     Use them in the exit task. Other tasks can use the values that the exit handler returns.";

    CYCLE = "KFP0404", "tasks that wait for each other",
    "Each task in the cycle waits for the next one, so none of them can start. A task also cannot use an output of \
     the loop, branch or exit handler that contains it.\n\nRemove one of the edges shown.";

    EXIT_TASKS = "KFP0405", "an exit region without exactly one task",
    "The exit region of an exit handler must contain exactly one task.\n\n\
     To run several steps, move them into a pipeline and call it.";

    EXIT_YIELDS = "KFP0406", "an exit region that yields values",
    "Nothing runs after the exit task, so its values would never be used.\n\nRemove the yields.";

    GUARDED_IN_LOOP = "KFP0407", "an exit task that reads a value from inside a loop",
    "An exit task can read values from the body of its exit handler, but only from steps that run exactly once. Values \
     from loops and recursive pipelines do not exist until all iterations have succeeded.\n\n\
     Compute the value in a step after the loop.";

    ARM_YIELDS = "KFP0408", "arms that yield different names",
    "All arms of a branch, including the default, must yield the same names, because the consumers of a value do \
     not know which arm ran.\n\nYield the same names from every arm.";

    ARM_TYPES = "KFP0409", "arms that yield different types",
    "All arms of a branch must yield compatible types for each name.\n\nYield the same type from every arm.";

    NO_ARM = "KFP0410", "a branch without arms",
    "A branch needs at least one arm.\n\nAdd an arm with a condition.";

    PIPELINE_OUTPUTS = "KFP0411", "outputs that do not match the yields of the pipeline",
    "The root region must yield exactly the outputs that the pipeline declares.\n\n\
     Declare every yield as an output, and yield every declared output.";

    YIELD_TYPE = "KFP0412", "output of the wrong type",
    "The root region yields a value whose type does not match the declared output.\n\n\
     Change the declaration or the value.";

    UNBOUNDED_RECURSION = "KFP0413", "unbounded recursion",
    "A pipeline that calls itself, directly or through other pipelines, would never end. It needs \
     `.max_depth(n)`, with `n` at least 1, on one call in the cycle.\n\nAdd `.max_depth(n)` to the call shown.";

    NO_FALLBACK = "KFP0414", "a value without a fallback after a failure",
    "A task that runs even if an earlier task failed cannot rely on the outputs of that task.\n\n\
     Add a fallback to each value with `.or(value)`, or pass it to an input whose type is an option.";

    UNUSED_INPUT = "KFP0415", "unused parameter",
    "No expression reads this parameter of the pipeline. Users would have to set a value that has no \
     effect.\n\nUse the parameter, or remove it.";

    EMPTY_BODY = "KFP0416", "a region without tasks",
    "The pipeline, or the body of a branch, loop or exit handler, contains no tasks.\n\n\
     Add tasks, or remove the construct.";

    CONSTANT_CONDITION = "KFP0417", "constant condition",
    "The condition does not read any value of the run, so the same arm always runs.\n\n\
     Use an ordinary `if` while building the pipeline, or compare with a value of the run.";

    ABSENT_VALUE = "KFP0418", "a value that may be absent where one is required",
    "A task after a branch is skipped if no arm of the branch runs, and its outputs are then absent. A task that \
     requires one of them is skipped too. The values that a loop, branch, exit handler or pipeline returns cannot be \
     absent, and neither can the fallback of another value: a list would contain `null` among its integers.\n\n\
     Use `.or(value)` to set a value for that case, or `.or_none()` to make it an option.";
}
