//! `KFP02xx`: names that lead nowhere.

use super::code::{Code, Row, codes};

codes! {
    REFERENCES_ROWS;

    UNKNOWN_COMPONENT = "KFP0201", "a component that the document does not have",
    "A task calls a component by an id that the `components` of the document do not have.\n\n\
     Correct the id, or add the component.";

    UNKNOWN_PIPELINE = "KFP0202", "a pipeline that the document does not have",
    "A task calls a pipeline by a name that no pipeline of the document has. Pipelines call each other \
     within one document only.\n\nCorrect the name, or add the pipeline.";

    UNKNOWN_TASK = "KFP0203", "a task that the pipeline does not have",
    "A reference or `after` names a task id that no task of the pipeline has. In Rust this is a handle of \
     another pipeline: each pipeline makes its own tasks, and values go from one to the other as arguments \
     and outputs.\n\nUse a handle, or an id, of this pipeline.";

    UNKNOWN_OUTPUT = "KFP0204", "an output that the task does not have",
    "A reference takes a value that the task does not give. Calls give the outputs of what they call, \
     branches, loops and guards give what their regions yield, an import gives `artifact`.\n\n\
     Use one of the outputs that the message names.";

    UNKNOWN_INPUT = "KFP0205", "a parameter that the pipeline does not have",
    "An expression reads a parameter that the pipeline does not declare.\n\n\
     Declare the parameter, or correct the name.";

    UNKNOWN_ARGUMENT = "KFP0206", "an argument for an input that does not exist",
    "A call gives an argument to an input that the component or pipeline does not declare.\n\n\
     Correct the name, or remove the argument.";

    MISSING_ARGUMENT = "KFP0207", "an argument is missing",
    "A call gives no argument to an input that has no default and whose type is no option.\n\n\
     Give the argument, or give the input a default.";

    UNKNOWN_PLACEHOLDER = "KFP0208", "a placeholder that names nothing",
    "The command or the arguments of a container hold a placeholder for an input or output that the \
     component does not declare. Placeholders are `{inputs.NAME}` and `{inputs.NAME.json}` for values, \
     `{inputs.NAME.path}` for artifacts, and `{outputs.NAME.path}`.\n\n\
     Correct the name, or declare the input or output.";

    PYTHON_FUNCTION = "KFP0209", "a Python function that is not in its source",
    "The component names a function that its Python source does not define at the top level: not in a class, \
     not in another function, not under an `if`.\n\n\
     Correct the name, or move the function to the top level.";

    PYTHON_PARAMETERS = "KFP0210", "a Python function with other parameters",
    "The function is called with keyword arguments: one for each input and one for each artifact that it \
     writes. It lacks a parameter for one of them, or asks for a parameter that nothing is given to.\n\n\
     Make the parameters of the function and the declaration of the component the same. `kfpc bind FILE.py` \
     writes the declaration from the source.";

    WRONG_KIND_OF_TASK = "KFP0211", "a reference to the wrong kind of task",
    "Items belong to loops; a final status and guarded values belong to guards. The reference asks a task of \
     another kind for one.\n\nName the loop or the guard.";

    NOTEBOOK = "KFP0212", "a notebook that cannot be run",
    "A step that is a notebook runs all cells of a file, one after the other, in a kernel of Python. The file is \
     JSON as Jupyter saves it: of format 4 (`nbformat`), in Python where it says its language, with cells that \
     each have a type and a source. This one is not, so the step would fail as soon as it starts.\n\n\
     Open it in Jupyter, choose a Python kernel, and save it as `.ipynb`. The message says what was found \
     instead.";

    NOTEBOOK_NAMES = "KFP0213", "a notebook that lacks names of its component",
    "What a step is given is set behind the cell with the tag `parameters`, whose lines `NAME = …` are the \
     defaults. An input that is not set there is most likely called otherwise in the notebook, which would then \
     go on with its default and tell nobody. At the end the variables with the names of the outputs are read, and \
     files at `NAME.path` for artifacts: an output that stands nowhere in the code would make the step fail after \
     all its work is done.\n\n\
     Set the name in the notebook, as `rate = 0.1` in the cell with the tag or `rows = len(table)` in any cell, \
     or correct the declaration of the component. In Jupyter, tags are among the properties of a cell.";
}
