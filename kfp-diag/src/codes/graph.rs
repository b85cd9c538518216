//! `KFP04xx`: scopes, order and regions.

use super::code::{Code, Row, codes};

codes! {
    GRAPH_ROWS;

    OUT_OF_SCOPE = "KFP0401", "a value outside of the scope that makes it",
    "A reference may name anything in its own or an enclosing region, and nothing else: what a loop's body \
     makes exists once for each item, what a branch makes may not exist at all.\n\n\
     Return the value from the body: a loop collects it into a list, a branch gives it as one of its values, \
     a guard gives what it returns.";

    ITEM_OUT_OF_SCOPE = "KFP0402", "the item of a loop outside of its body",
    "The item has a value only while the body of its loop runs.\n\n\
     Use it in the body, or loop over the same list again.";

    EXIT_ONLY = "KFP0403", "a final status outside of the exit task",
    "How a guarded group ended, and what it made before it did, is known only to the task in its exit \
     region.\n\nUse it in the exit task. Everything else takes the values that the group returns.";

    CYCLE = "KFP0404", "tasks that wait for each other",
    "Each task on the cycle waits for the next one, so none can start. A task also cannot take the value of \
     the loop, branch or guard that it stands in.\n\nRemove one of the edges that are shown.";

    EXIT_TASKS = "KFP0405", "an exit region with other than one task",
    "What runs after a guarded group is exactly one task.\n\n\
     Put several steps into a pipeline of their own and call that.";

    EXIT_YIELDS = "KFP0406", "an exit region that yields values",
    "Nothing runs after the exit task, so nobody could take a value from it.\n\nRemove the yields.";

    GUARDED_IN_LOOP = "KFP0407", "a guarded value that is made in a loop",
    "An exit task may be told values of the group that it watches over, but only of steps that run once: not \
     of loops and recursive pipelines, whose values do not exist before all iterations have succeeded.\n\n\
     Let a step after the loop make the value.";

    ARM_YIELDS = "KFP0408", "arms that give different values",
    "All arms of a branch, and what runs otherwise, yield the same names: whoever takes a value of the \
     branch does not know which arm ran.\n\nYield the same names from every arm.";

    ARM_TYPES = "KFP0409", "arms that give one value in different types",
    "All arms of a branch yield each name with compatible types.\n\nYield the same type from every arm.";

    NO_ARM = "KFP0410", "a branch without an arm",
    "A branch chooses between arms, so it has at least one.\n\nAdd an arm with a condition.";

    PIPELINE_OUTPUTS = "KFP0411", "outputs that differ from what the pipeline yields",
    "The root region yields exactly the outputs that the pipeline declares.\n\n\
     Declare what is yielded, and yield what is declared.";

    YIELD_TYPE = "KFP0412", "an output of the wrong type",
    "What the root region yields is not of the type that the pipeline declares for the output.\n\n\
     Change the declaration or the value.";

    UNBOUNDED_RECURSION = "KFP0413", "recursion without a bound",
    "A pipeline that calls itself, directly or through others, needs a bound: `.max_depth(n)` with `n` of at \
     least 1 on one call of the circle. It would never end otherwise.\n\nAdd `.max_depth(n)` to the call that is shown.";

    NO_FALLBACK = "KFP0414", "a value without fallback after a failure",
    "A task that runs although something before it failed cannot count on the values of what failed.\n\n\
     Give each value a fallback with `.or(value)`, or hand it to an input of option type.";

    UNUSED_INPUT = "KFP0415", "a parameter that nothing uses",
    "The pipeline declares a parameter that no expression reads. Whoever starts it has to give a value that \
     changes nothing.\n\nUse the parameter, or remove it.";

    EMPTY_BODY = "KFP0416", "a region without tasks",
    "The pipeline, or the body of a branch, loop or guard, holds no task: nothing runs there.\n\n\
     Add tasks, or remove the construct.";

    CONSTANT_CONDITION = "KFP0417", "a condition that is always the same",
    "The condition names no value of the run: the same arm runs each time.\n\n\
     Decide with an ordinary `if` while the pipeline is built, or compare with a value of the run.";

    ABSENT_VALUE = "KFP0418", "a value that may be absent where a value is needed",
    "A task after a branch is skipped if no arm of the branch runs, and its values are then absent. A task that needs \
     one of them is skipped as well. A value that leaves a loop, a branch, an exit handler or a pipeline cannot be \
     absent, and neither can the fallback of another value: a list would have `null` where its items are integers.\n\n\
     Use `.or(value)` to set a value for that case, or `.or_none()` to make it an option.";
}
