"""Describes the functions and classes of a source. The source is parsed and not executed."""

import ast
import functools
import importlib.util
import json
import re
import sys

SOURCE = ""
# The maximum nesting of constants.
NESTING = 64


def annotation(node):
    """Returns a type as its last name with arguments; other expressions as source text."""
    if node is None:
        return None
    if isinstance(node, ast.Constant) and node.value is None:
        return {"name": "None"}
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return annotation(ast.parse(node.value.strip(), mode="eval").body)
        except SyntaxError:
            return {"source": repr(node.value)}
    if isinstance(node, ast.Name):
        return {"name": node.id}
    if isinstance(node, ast.Attribute):
        return {"name": node.attr}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return {"name": "Union", "arguments": [annotation(node.left), annotation(node.right)]}
    if isinstance(node, ast.Subscript):
        inner = node.slice
        inner = getattr(inner, "value", inner) if type(inner).__name__ == "Index" else inner
        inner = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        name = annotation(node.value).get("name")
        if name == "Literal":
            return {"name": name, "literals": [literal(item).get("value") for item in inner]}
        return {"name": name, "arguments": [annotation(item) for item in inner]}
    if isinstance(node, ast.Call) and name_of(node.func) == "NamedTuple":
        return {"name": "NamedTuple", "fields": fields_of_call(node)}
    return {"source": source_of(node)}


def name_of(node):
    if isinstance(node, ast.Call):
        return name_of(node.func)
    return getattr(node, "id", None) or getattr(node, "attr", None)


def source_of(node):
    """Returns the source of an expression, without splitting the whole source for each."""
    lines = lines_of(SOURCE)[node.lineno - 1 : node.end_lineno]
    if not lines:
        return type(node).__name__
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"\n".join(lines).decode("utf-8", "replace")


@functools.lru_cache(1)
def lines_of(source):
    return [line.encode("utf-8", "replace") for line in re.split(r"\r\n|\r|\n", source)]


def literal(node):
    """Returns the value of a constant expression that JSON can represent, and its source text."""
    try:
        value = ast.literal_eval(node)
        # JSON would turn numeric keys into strings, and cannot represent lone surrogates.
        if any(isinstance(part, ast.Dict) and not has_string_keys(part) for part in ast.walk(node)):
            return {"source": source_of(node)}
        if not is_portable(value):
            return {"source": source_of(node)}
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode("utf-8")
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return {"source": source_of(node)}
    return {"value": value, "source": source_of(node)}


def is_portable(value, depth=0):
    """Whether integers have at most 64 bits, and lists and dictionaries are not nested too deeply to be read."""
    if isinstance(value, int):
        return -(2**63) <= value < 2**64
    if isinstance(value, (list, tuple, dict)):
        items = value.values() if isinstance(value, dict) else value
        return depth < NESTING and all(is_portable(item, depth + 1) for item in items)
    return True


def has_string_keys(node):
    return all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys)


def fields_of_call(node):
    """Returns the fields of `NamedTuple("Fit", [("loss", float)])` and of `NamedTuple("Fit", loss=float)`."""
    pairs = []
    if len(node.args) > 1 and isinstance(node.args[1], (ast.List, ast.Tuple)):
        for item in node.args[1].elts:
            if isinstance(item, (ast.Tuple, ast.List)) and len(item.elts) == 2:
                pairs.append((literal(item.elts[0]).get("value"), item.elts[1]))
    pairs += [(keyword.arg, keyword.value) for keyword in node.keywords]
    return [{"name": name, "type": annotation(type_)} for name, type_ in pairs]


def documented(node):
    """Returns the first paragraph of a docstring, and its descriptions of arguments in Google's style."""
    lines = (ast.get_docstring(node) or "").encode("utf-8", "replace").decode("utf-8").splitlines()
    paragraph, described, inside, last = [], {}, False, None
    for line in lines:
        if not line.strip() and not inside:
            break
        paragraph.append(line.strip())
    for line in lines:
        if re.match(r"(Args|Arguments|Parameters):\s*$", line):
            inside = True
        elif inside and re.match(r"\S", line):
            inside = False
        elif inside:
            found = re.match(r"(?: {2}| {4}|\t)\*{0,2}(\w+)(?: *\([^)]*\))?:\s*(.*)$", line)
            if found:
                last = found.group(1)
                described[last] = found.group(2).strip()
            elif last and line.strip():
                described[last] = (described[last] + " " + line.strip()).strip()
    return " ".join(paragraph), described


def argument(node, default, described):
    return {
        "name": node.arg,
        "line": node.lineno,
        "type": annotation(node.annotation),
        "default": literal(default) if default is not None else None,
        "description": described.get(node.arg, ""),
    }


def function(node):
    description, described = documented(node)
    arguments = node.args
    named = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(named) - len(arguments.defaults)) + arguments.defaults
    pairs = list(zip(named, defaults)) + list(zip(arguments.kwonlyargs, arguments.kw_defaults))
    refused = None
    if isinstance(node, ast.AsyncFunctionDef):
        refused = "it is asynchronous; define it with `def`"
    elif arguments.posonlyargs:
        refused = "it has positional-only arguments; remove the `/`"
    elif arguments.vararg or arguments.kwarg:
        variable = ("*" + arguments.vararg.arg) if arguments.vararg else ("**" + arguments.kwarg.arg)
        refused = "it has the variadic argument `%s`; declare each argument by name" % variable
    decorator = next((item for item in node.decorator_list if name_of(item) == "component"), None)
    keywords = getattr(decorator, "keywords", [])
    return {
        "name": node.name,
        "line": node.lineno,
        "description": description,
        "arguments": [argument(item, default, described) for item, default in pairs],
        "returns": annotation(node.returns),
        "refused": refused,
        "is_component": decorator is not None,
        "options": {item.arg: literal(item.value).get("value") for item in keywords if item.arg},
    }


def structure(node):
    """Returns the fields of a NamedTuple, dataclass or TypedDict."""
    bases = [name_of(base) for base in node.bases]
    decorators = [name_of(item) for item in node.decorator_list]
    if "dataclass" not in decorators and not {"NamedTuple", "TypedDict"} & set(bases):
        return None
    fields = [item for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)]
    return {
        "name": node.name,
        "description": documented(node)[0],
        "fields": [{"name": item.target.id, "type": annotation(item.annotation)} for item in fields],
    }


def assigned(node):
    """Returns the fields of `Fit = NamedTuple("Fit", ...)`."""
    call = node.value
    if not (isinstance(call, ast.Call) and name_of(call.func) == "NamedTuple" and len(node.targets) == 1):
        return None
    return {"name": name_of(node.targets[0]), "description": "", "fields": fields_of_call(call)}


def describe(module):
    functions, structures = [], []
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions.append(function(node))
        elif isinstance(node, ast.ClassDef):
            structures.append(structure(node))
        elif isinstance(node, ast.Assign):
            structures.append(assigned(node))
    return {"functions": functions, "structures": [item for item in structures if item]}
