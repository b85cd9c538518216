//! `KFP02xx`: unresolved names.

use super::code::{Code, Row, codes};

codes! {
    REFERENCES_ROWS;

    UNKNOWN_COMPONENT = "KFP0201", "unknown component",
    "A task calls a component id that is not in the `components` of the document.\n\n\
     Correct the id, or add the component.";

    UNKNOWN_PIPELINE = "KFP0202", "unknown pipeline",
    "A task calls a pipeline that is not in the document. Pipelines can only call pipelines of the same \
     document.\n\nCorrect the name, or add the pipeline.";

    UNKNOWN_TASK = "KFP0203", "unknown task",
    "A reference or `after` uses a task id that does not exist in the pipeline. In Rust, this is a handle from \
     another pipeline: each pipeline has its own tasks, and passes values to other pipelines through arguments and \
     outputs.\n\nUse a handle or id of this pipeline.";

    UNKNOWN_OUTPUT = "KFP0204", "unknown output",
    "A reference reads an output that the task does not have. A call has the outputs of the component or pipeline \
     it calls. A branch, loop or exit handler has what its regions yield. An import has `artifact`.\n\n\
     Use one of the outputs listed in the message.";

    UNKNOWN_INPUT = "KFP0205", "unknown pipeline parameter",
    "An expression reads a parameter that the pipeline does not declare.\n\n\
     Declare the parameter, or correct the name.";

    UNKNOWN_ARGUMENT = "KFP0206", "unknown argument",
    "A call passes an argument for an input that the component or pipeline does not declare.\n\n\
     Correct the name, or remove the argument.";

    MISSING_ARGUMENT = "KFP0207", "missing argument",
    "A call does not pass an argument for an input that has no default and is not an option.\n\n\
     Pass the argument, or set a default for the input.";

    UNKNOWN_PLACEHOLDER = "KFP0208", "unknown placeholder",
    "The command or arguments of a container use a placeholder for an input or output that the component does not \
     declare. Placeholders are `{inputs.NAME}` and `{inputs.NAME.json}` for values, `{inputs.NAME.path}` for \
     artifacts, and `{outputs.NAME.path}`.\n\n\
     Correct the name, or declare the input or output.";

    PYTHON_FUNCTION = "KFP0209", "a Python function that is not in its source",
    "The component names a function that its Python source does not define. Functions in a class or in another \
     function do not count.\n\n\
     Correct the name, or move the function to the top level of the file.";

    PYTHON_PARAMETERS = "KFP0210", "a Python function whose parameters do not match its component",
    "The function is called with keyword arguments: one for each input, and one for each artifact that it writes. \
     Either it lacks one of these parameters, or it requires a parameter that receives no argument.\n\n\
     Make the function and the component match. `kfpc bind FILE.py` generates the declaration from the source.";

    WRONG_KIND_OF_TASK = "KFP0211", "reference to the wrong kind of task",
    "Only a loop has an item, and only an exit handler has a final status and captured values. The reference reads \
     one of these from another kind of task.\n\nRefer to the loop or the exit handler.";

    NOTEBOOK = "KFP0212", "invalid notebook",
    "A notebook step runs all cells of a file in order, in a Python kernel. The file must be JSON as saved by \
     Jupyter: format 4 (`nbformat`), with Python as its language if it sets one, and with a type and a source for \
     each cell. Otherwise the step would fail as soon as it starts.\n\n\
     The message says what was found instead. Open the notebook in Jupyter, choose a Python kernel, and save it as \
     `.ipynb`.";

    NOTEBOOK_NAMES = "KFP0213", "a notebook that does not use the names of its component",
    "Inputs are set after the cell tagged `parameters`, whose lines `NAME = …` are the defaults. An input that is \
     not set there probably has another name in the notebook, which would then silently use its default. At the \
     end, outputs are read from the variables of the same name, and artifacts from the files at `NAME.path`. An \
     output that the code never mentions would make the step fail after all its work is done.\n\n\
     Set the name in the notebook, such as `rate = 0.1` in the tagged cell or `rows = len(table)` in any cell, or \
     correct the component. In Jupyter, tags are in the properties of a cell.";

    MODULE_PATH = "KFP0214", "invalid path of a Python module",
    "The modules of a Python step are written to a folder from which its source imports them: `helpers.py` is \
     imported as `helpers`, and `lib/tables.py` as `lib.tables`. So each path consists of names that Python can \
     import, separated by `/`, and ends in `.py`. `..`, absolute paths, keywords such as `class`, and names that \
     Python normalizes to others are rejected. A path has at most 16 names of at most 200 bytes.\n\n\
     Use the path of the module relative to the folder of the source, and rename files that Python cannot import.";

    PYTHON_SYNTAX = "KFP0215", "invalid Python",
    "The interpreter that runs Python steps on this machine (`python` in kfpc.toml, otherwise `python3`) cannot parse \
     the source of a step, a cell of its notebook or one of its modules, so the step would fail as soon as it starts. \
     The source is parsed and not executed. Magics and shell commands of IPython are accepted in notebooks.\n\n\
     Correct the line. If the source needs a newer version of Python, select another interpreter.";

    PYTHON_RETURN = "KFP0216", "a Python function that does not return its outputs",
    "A step with several outputs returns a dictionary, a named tuple or a data class with their names, or a tuple with \
     the values in the order of their declaration. A step with one output returns its value. The function returns other \
     names, another number of values, or nothing. If a named tuple has other names but the same number of values, they \
     are matched by order, which is a warning.\n\n\
     Return the names that the component declares, or correct the component.";

    PYTHON_DEFAULT = "KFP0217", "a default that differs between Python and the component",
    "If a pipeline does not pass the argument, the step receives the default of the component. The default in Python is \
     only used if the component has none, so a test that calls the function directly behaves differently.\n\n\
     Use the same default in both.";

    PYTHON_IMPORT = "KFP0218", "an import that fails in the step",
    "A step contains the source of its function or notebook, and the modules that the component lists in `modules`, \
     relative to the folder of the source. The source imports a module that is next to it on this machine but not in \
     the step, or uses a relative import although it is not part of a package. Only imports that are executed \
     in every run are checked: not those under an `if`, or in a `try` that handles the failure.\n\n\
     Add the file or its folder to `modules`, or import the module by its name.";

    REQUIREMENT = "KFP0219", "invalid requirement",
    "Each item of `packages` is a requirement as in PEP 508: a name, extras in brackets, versions with operators, and a \
     marker after `;`. `NAME @ URL` installs from a URL. Options of pip and paths are not requirements. pip would reject \
     the requirement when the step starts.\n\n\
     Correct the requirement, such as `pandas==2.2.3`, `scikit-learn>=1.5,<2` or `tables @ \
     git+https://example.org/tables.git`. Set the index with `pip_index`.";
}
