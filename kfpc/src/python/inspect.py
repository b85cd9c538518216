# Inspects the sources, modules and notebooks of a document, after `describe.py`. Nothing is executed.

import warnings

warnings.simplefilter("ignore")
# The top-level `await` of notebooks.
AWAIT = getattr(ast, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0)
ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
# The most lines with IPython's own syntax in one cell.
MAGICS = 200


def position(line, offset):
    """Returns a position counted from 1. `offset` is in bytes, as in syntax trees."""
    lines = SOURCE.split("\n")
    before = lines[line - 1].encode()[:offset] if line <= len(lines) else b""
    return {"line": line, "column": len(before.decode("utf-8", "replace")) + 1}


def of_node(node):
    return position(node.lineno, node.col_offset)


def of_error(error):
    message = getattr(error, "msg", None) or str(error) or type(error).__name__
    # The positions of older interpreters in f-strings are not those of the file.
    line = None if getattr(error, "filename", None) == "<fstring>" else getattr(error, "lineno", None)
    column = max(getattr(error, "offset", None) or 1, 1)
    return {"message": message, "line": line, "column": column}


def parsed(source, flags=0):
    """Returns the syntax tree, after checks that Python only makes when it compiles."""
    global SOURCE
    SOURCE = source
    tree = compile(source, "source", "exec", flags=ast.PyCF_ONLY_AST | flags, dont_inherit=True)
    compile(tree, "source", "exec", flags=flags, dont_inherit=True)
    return tree


def inside(node):
    """Yields the nodes of a function, without those of the functions and classes in it."""
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    open_nodes = list(ast.iter_child_nodes(node))
    while open_nodes:
        current = open_nodes.pop()
        yield current
        if not isinstance(current, scopes):
            open_nodes.extend(ast.iter_child_nodes(current))


def role(node):
    """Returns the artifact annotation in a type, such as `Output` in `Optional[Output[Model]]`, with its position."""
    names = ("Input", "Output", "InputPath", "OutputPath")
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        found = re.search(r"\b(%s)\b" % "|".join(names), node.value)
        return found and dict(of_node(node), name=found.group(1))
    for part in ast.walk(node) if node is not None else ():
        name = part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else None
        if name in names:
            end = getattr(part, "end_col_offset", None)
            line = getattr(part, "end_lineno", None) or part.lineno
            offset = part.col_offset if end is None else end - len(name)
            return dict(position(line, offset), name=name)
    return None


def parameters(node):
    arguments = node.args
    named = getattr(arguments, "posonlyargs", []) + arguments.args
    defaults = [None] * (len(named) - len(arguments.defaults)) + arguments.defaults
    pairs = list(zip(named, defaults)) + list(zip(arguments.kwonlyargs, arguments.kw_defaults))
    return [
        {
            "name": item.arg,
            "role": role(item.annotation),
            "default": default and dict(literal(default), place=of_node(default)),
        }
        for item, default in pairs
    ]


def names_of_dict(node):
    """Returns the constant keys of a dictionary, or None."""
    if isinstance(node, ast.Call) and name_of(node.func) == "dict" and not node.args:
        keys = [(keyword.arg, keyword.value) for keyword in node.keywords]
    elif isinstance(node, ast.Dict):
        keys = [(getattr(key, "value", None), key) for key in node.keys]
    else:
        return None
    if not all(isinstance(name, str) for name, _ in keys):
        return None
    is_call = isinstance(node, ast.Call)
    return [dict(of_node(node if is_call else place), name=name) for name, place in keys]


def value(node, structures):
    """Returns what is known about a returned value."""
    place = of_node(node)
    keys = names_of_dict(node)
    if keys is not None:
        return dict(place, kind="dict", names=keys)
    if isinstance(node, ast.Call) and name_of(node.func) in structures:
        return dict(structures[name_of(node.func)], **place)
    if isinstance(node, ast.Tuple) and not any(isinstance(item, ast.Starred) for item in node.elts):
        return dict(place, kind="tuple", count=len(node.elts))
    return dict(place, kind="none" if isinstance(node, ast.Constant) and node.value is None else "unknown")


def structures_of(tree):
    """Returns the named tuples and data classes of a module, with their fields."""
    found = {}
    for node in tree.body:
        described = None
        if isinstance(node, ast.ClassDef):
            described = structure(node)
            # Inherited fields are not known.
            plain = {"NamedTuple", "object"} >= {name_of(base) for base in node.bases}
            is_tuple = "NamedTuple" in [name_of(base) for base in node.bases]
            described = described if plain else None
        elif isinstance(node, ast.Assign):
            described, is_tuple = assigned(node), True
        if described:
            fields = [dict(of_node(node), name=field["name"]) for field in described["fields"]]
            found[described["name"]] = {"kind": "tuple" if is_tuple else "object", "names": fields}
    for fields in found.values():
        fields["kind"] = "named" if fields["kind"] == "tuple" else "object"
    return found


def ends_without_value(node):
    """Whether the function returns no value, as far as is known."""
    for part in inside(node):
        if isinstance(part, (ast.Yield, ast.YieldFrom, ast.Raise)) or isinstance(part, ast.Return) and part.value:
            return False
        if isinstance(part, ast.Call) and name_of(part.func) in ("exit", "_exit", "abort", "quit"):
            return False
    return True


def step(tree, name):
    """Returns the function, or None if the source does not define it at its top level."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    node = next((node for node in reversed(tree.body) if isinstance(node, functions) and node.name == name), None)
    if node is None:
        return None
    structures = structures_of(tree)
    returned = [part.value for part in inside(node) if isinstance(part, ast.Return) and part.value]
    values = [value(part, structures) for part in returned]
    annotated = name_of(node.returns) if node.returns is not None else None
    if values and all(item["kind"] == "unknown" for item in values) and annotated in structures:
        values = [dict(structures[annotated], **of_node(node.returns))]
    return dict(
        of_node(node),
        parameters=parameters(node),
        returned=sorted(values, key=lambda item: (item["line"], item["column"])),
        returns_nothing=ends_without_value(node),
    )


def is_guarded(handler):
    caught = handler.type
    names = [caught] if not isinstance(caught, ast.Tuple) else caught.elts
    expected = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
    return caught is None or any(name_of(item) in expected for item in names)


def imports(tree):
    """Returns the imports that must succeed: not those in a `try` that handles a failure, or for type checkers."""
    found, open_nodes = [], [tree]
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, ast.Try) and any(map(is_guarded, node.handlers)):
            open_nodes.extend(node.orelse + node.finalbody)
            continue
        if isinstance(node, ast.If) and name_of(node.test) == "TYPE_CHECKING":
            open_nodes.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            found += [dict(of_node(node), module=item.name, level=0, names=[]) for item in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [item.name for item in node.names]
            found.append(dict(of_node(node), module=node.module or "", level=node.level, names=names))
        open_nodes.extend(ast.iter_child_nodes(node))
    for item in found:
        item["is_standard"] = item["level"] == 0 and is_standard(item["module"].split(".")[0])
    return sorted(found, key=lambda item: (item["line"], item["column"]))


def is_standard(name):
    """Whether the module is part of Python. Installed packages are not visible here, because `site` is not imported."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return True


def variables(tree):
    """Returns the names that a cell sets, and whether it may set others."""
    found, is_dynamic = set(), False
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(item.asname or item.name.split(".")[0] for item in node.names)
            is_dynamic = is_dynamic or any(item.name == "*" for item in node.names)
        elif isinstance(node, ast.Name) and node.id in ("exec", "globals", "locals", "setattr", "get_ipython"):
            is_dynamic = True
        elif type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
            is_dynamic = True
    return found, is_dynamic


def magic(line):
    """Returns a Python line instead of one with IPython's syntax, or None for other lines."""
    text = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if re.match(r"[%!?]", text) or re.search(r"\?{1,2}$", text):
        return indent + "pass"
    assignment = re.match(r"([A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_]\w*)*)\s*=\s*[%!]", text)
    return indent + assignment.group(1) + " = None" if assignment else None


def without_magics(source):
    """Returns the tree of a cell, with IPython's syntax replaced, and whether magics may set variables."""
    first = source.lstrip()
    if first.startswith("%%"):
        name = re.match(r"%%(\w*)", first).group(1)
        if name not in ("time", "timeit", "capture", "prun"):
            return ast.parse(""), True
        source = source.replace("%%", "# ", 1)
    is_dynamic = False
    for _ in range(MAGICS):
        try:
            return parsed(source, AWAIT), is_dynamic
        except SyntaxError as error:
            lines = source.split("\n")
            place = (error.lineno or 0) - 1
            while 0 < place < len(lines) and lines[place - 1].endswith("\\"):
                place -= 1
            plain = magic(lines[place]) if 0 <= place < len(lines) else None
            if plain is None:
                raise
            is_dynamic = is_dynamic or re.match(r"\s*%(run|store|load|macro|pylab)\b", lines[place]) is not None
            end = place
            while lines[end].endswith("\\") and end + 1 < len(lines):
                end += 1
            lines[place : end + 1] = [plain] + [""] * (end - place)
            source = "\n".join(lines)
    return parsed(source, AWAIT), is_dynamic


def notebook(cells):
    errors, found, needed, is_dynamic = [], set(), [], False
    for cell in cells:
        number = cell["number"]
        try:
            tree, by_magics = without_magics(cell["source"])
        except ERRORS as error:
            errors.append(dict(of_error(error), cell=number))
            continue
        names, is_unknown = variables(tree)
        found |= names
        is_dynamic = is_dynamic or is_unknown or by_magics
        needed += [dict(item, cell=number) for item in imports(tree)]
    # Without the failed cells, the variables are not known.
    return {"errors": errors, "imports": needed, "sets": None if is_dynamic or errors else sorted(found)}


def modules(sources):
    errors, needed = [], []
    for path, source in sources.items():
        try:
            needed += [dict(item, module_path=path) for item in imports(parsed(source))]
        except ERRORS as error:
            errors.append(dict(of_error(error), module_path=path))
    return errors, needed


def python(item):
    try:
        tree = parsed(item["source"])
        result = {"errors": [], "imports": imports(tree), "step": step(tree, item["function"])}
    except ERRORS as error:
        result = {"errors": [of_error(error)], "imports": []}
    return result


def inspected(item):
    result = notebook(item["cells"]) if "cells" in item else python(item)
    errors, needed = modules(item["modules"])
    result["errors"] += errors
    result["imports"] += needed
    return result


def limit_memory():
    """Limits the memory for a source that is written to exhaust it."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, ValueError, OSError):
        pass


limit_memory()
items = json.loads(sys.stdin.buffer.read().decode("utf-8"))
sys.stdout.buffer.write(json.dumps([inspected(item) for item in items]).encode("ascii"))
