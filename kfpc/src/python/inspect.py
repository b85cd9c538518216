# Inspects the sources, modules and notebooks of a document, after `describe.py`. Nothing is executed.

import collections
import unicodedata
import warnings

warnings.simplefilter("ignore")
ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
# What another process may still be able to parse.
LIMITS = (RecursionError, MemoryError, OverflowError)
# The lines of the source in bytes, and whether each has only ASCII characters.
LINES = []


def position(line, offset):
    """Returns a position counted from 1. `offset` is in bytes, as in syntax trees."""
    text, is_ascii = LINES[line - 1] if 0 < line <= len(LINES) else (b"", True)
    before = min(offset, len(text)) if is_ascii else len(text[:offset].decode("utf-8", "replace"))
    return {"line": line, "column": before + 1}


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
    global SOURCE, LINES
    SOURCE = source
    LINES = [(line.encode("utf-8", "replace"), line.isascii()) for line in re.split(r"\r\n|\r|\n", source)]
    tree = compile(source, "source", "exec", flags=ast.PyCF_ONLY_AST | flags, dont_inherit=True)
    compile(tree, "source", "exec", flags=flags, dont_inherit=True)
    return tree


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def inside(node):
    """Yields the nodes of a function, without those of the functions and classes in it."""
    open_nodes = list(ast.iter_child_nodes(node))
    while open_nodes:
        current = open_nodes.pop()
        yield current
        if not isinstance(current, SCOPES):
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


def names_of_dict(node, shadowed):
    """Returns the constant keys of a dictionary, or None."""
    is_call = isinstance(node, ast.Call)
    if is_call and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        if "dict" in shadowed:
            return None
        keys = [(keyword.arg, keyword.value) for keyword in node.keywords]
    elif isinstance(node, ast.Dict):
        keys = [(getattr(key, "value", None), key) for key in node.keys]
    else:
        return None
    if not all(isinstance(name, str) for name, _ in keys):
        return None
    return [dict(of_node(node if is_call else place), name=name) for name, place in keys]


def value(node, structures, shadowed):
    """Returns what is known about a returned value."""
    place = of_node(node)
    keys = names_of_dict(node, shadowed)
    if keys is not None:
        return dict(place, kind="dict", names=keys)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name in structures and name not in shadowed:
            return dict(structures[name], **place)
    if isinstance(node, ast.Tuple) and not any(isinstance(item, ast.Starred) for item in node.elts):
        return dict(place, kind="tuple", count=len(node.elts))
    return dict(place, kind="none" if is_none(node) else "unknown")


def is_none(node):
    return node is None or isinstance(node, ast.Constant) and node.value is None


def bound(node):
    """Yields the names that a statement binds in its own scope."""
    for part in [node] + ([] if isinstance(node, SCOPES) else list(inside(node))):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield part.name
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            for item in part.names:
                yield item.asname or item.name.split(".")[0]
        elif isinstance(part, ast.ExceptHandler) and part.name:
            yield part.name
        elif type(part).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
            yield getattr(part, "name", None) or getattr(part, "rest", None)


def structures_of(tree):
    """Returns the named tuples and data classes of a module whose fields are certain."""
    found = {}
    counts = collections.Counter(name for node in tree.body for name in bound(node))
    for node in tree.body:
        described = None
        if isinstance(node, ast.ClassDef) and is_plain_class(node):
            described = structure(node)
            is_tuple = any(name_of(base) == "NamedTuple" for base in node.bases)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            described, is_tuple = assigned(node), True
            described = described if described and has_plain_fields(node.value) else None
        if described and counts[described["name"]] == 1:
            fields = [dict(of_node(node), name=field["name"]) for field in described["fields"]]
            found[described["name"]] = {"kind": "named" if is_tuple else "object", "names": fields}
    return found


def is_plain_class(node):
    """Whether all fields of the class are in its body."""
    plain = {"NamedTuple", "object"} >= {name_of(base) for base in node.bases} and not node.keywords
    plain = plain and {"dataclass"} >= {name_of(item) for item in node.decorator_list}
    methods = [part.name for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]
    simple = (ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Expr, ast.Pass, ast.Assign)
    is_known = {"__new__", "__getattr__", "__getattribute__"}.isdisjoint(methods)
    return plain and is_known and all(isinstance(part, simple) for part in node.body)


def has_plain_fields(call):
    """Whether all fields of `NamedTuple(...)` are constants."""
    fields = call.args[1].elts if len(call.args) > 1 and isinstance(call.args[1], (ast.List, ast.Tuple)) else []
    names = [item.elts[0] if isinstance(item, (ast.Tuple, ast.List)) and item.elts else None for item in fields]
    are_names = all(isinstance(name, ast.Constant) and isinstance(name.value, str) for name in names)
    return are_names and (len(call.args) < 2 or bool(fields)) and all(item.arg for item in call.keywords)


def ends_without_value(node):
    """Whether the function returns no value, as far as is known."""
    for part in inside(node):
        if isinstance(part, (ast.Yield, ast.YieldFrom, ast.Raise)):
            return False
        if isinstance(part, ast.Return) and not is_none(part.value):
            return False
        if isinstance(part, ast.Call) and name_of(part.func) in ("exit", "_exit", "abort", "quit"):
            return False
    return True


def step_of(tree, name):
    """Returns the function, or None if it is not certain that the step calls it as the source defines it."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [idx for idx, node in enumerate(tree.body) if isinstance(node, functions) and node.name == name]
    if not found:
        return None
    node, later = tree.body[found[-1]], tree.body[found[-1] + 1 :]
    if any(part in (name, "*") for other in later for part in bound(other)):
        return None
    for part in ast.walk(tree):
        if isinstance(part, ast.Global) and name in part.names or mentions(part, DYNAMIC):
            return None
    is_own = any(isinstance(part, functions) and part.name == "component" for part in tree.body)
    if any(name_of(item) != "component" or is_own for item in node.decorator_list):
        return None
    return node


def step(tree, node):
    if node is None:
        return None
    structures = structures_of(tree)
    arguments = node.args
    all_arguments = getattr(arguments, "posonlyargs", []) + arguments.args + arguments.kwonlyargs
    shadowed = {item.arg for item in all_arguments} | {name for part in node.body for name in bound(part)}
    shadowed |= {"dict"} & {name for part in tree.body for name in bound(part)}
    returned = [part.value for part in inside(node) if isinstance(part, ast.Return) and part.value]
    # The values of a generator or a coroutine are not those that it returns.
    is_plain = isinstance(node, ast.FunctionDef) and not is_generator(node)
    values = [value(part, structures, shadowed) for part in returned] if is_plain else []
    return dict(
        of_node(node),
        parameters=parameters(node),
        returned=sorted(values, key=lambda item: (item["line"], item["column"])),
        returns_nothing=is_plain and ends_without_value(node),
    )


def is_generator(node):
    return any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in inside(node))


def is_guarded(handler):
    """Whether the handler may handle a failed import."""
    caught = handler.type
    names = [caught] if not isinstance(caught, ast.Tuple) else caught.elts
    for item in names:
        known = getattr(builtins, item.id, None) if isinstance(item, ast.Name) else None
        if not isinstance(known, type) or issubclass(ImportError, known) or issubclass(known, ImportError):
            return True
    return False


def truth(node):
    """Returns whether a condition is true, or None if that is not known."""
    if isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, (ast.Name, ast.Attribute)) and name_of(node) == "TYPE_CHECKING":
        return False
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(node.operand)
        return None if inner is None else not inner
    return None


def certain(node):
    """Returns the statements in a statement that are executed whenever it is."""
    if isinstance(node, ast.ClassDef):
        return node.body
    if isinstance(node, ast.If):
        is_true = truth(node.test)
        return [] if is_true is None else node.body if is_true else node.orelse
    if type(node).__name__ in ("Try", "TryStar"):
        is_handled = any(map(is_guarded, node.handlers))
        return node.finalbody if is_handled else node.body + node.orelse + node.finalbody
    if isinstance(node, (ast.With, ast.AsyncWith)):
        # Other context managers may suppress errors.
        known = all(name_of(item.context_expr) in ("open", "catch_warnings") for item in node.items)
        return node.body if known else []
    return []


def executed(body):
    """Yields the statements that are executed whenever the body is."""
    open_nodes = list(reversed(body))
    while open_nodes:
        node = open_nodes.pop()
        yield node
        if isinstance(node, ast.Return):
            return
        if not isinstance(node, SCOPES) and any(isinstance(part, ast.Return) for part in inside(node)):
            return
        open_nodes.extend(reversed(certain(node)))


def imports(tree, function=None):
    """Returns the imports that are executed, of a module and the function that is called."""
    found, body = [], list(executed(tree.body))
    if isinstance(function, ast.FunctionDef) and not is_generator(function):
        body += executed(function.body)
    for node in body:
        if isinstance(node, ast.Import):
            found += [dict(of_node(node), module=item.name, level=0, names=[]) for item in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [item.name for item in node.names]
            found.append(dict(of_node(node), module=node.module or "", level=node.level, names=names))
    if found and changes_imports(tree):
        return []
    for item in found:
        item["is_standard"] = item["level"] == 0 and is_standard(item["module"].split(".")[0])
    return sorted(found, key=lambda item: (item["line"], item["column"]))


def changes_imports(tree):
    """Whether the source may change where Python finds modules."""
    names = {"__package__", "__path__", "addsitedir", "meta_path", "path_hooks"}
    for node in ast.walk(tree):
        is_of_sys = isinstance(node, ast.Attribute) and name_of(node.value) == "sys"
        if is_of_sys and node.attr in ("path", "modules") or mentions(node, names):
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "sys":
            return True
    return False


@functools.lru_cache(None)
def is_standard(name):
    """Whether the module is part of Python. Installed packages are not visible here, because `site` is not imported."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return True


def notebook(cells):
    errors, found, needed, is_dynamic, is_opaque = [], set(), [], False, False
    for cell in cells:
        number = cell["number"]
        try:
            tree, by_magics, sets, creates = cell_code(cell["source"])
        except ERRORS as error:
            if not (cell["may_fail"] or isinstance(error, LIMITS)):
                errors.append(dict(of_error(error), cell=number))
            is_dynamic = is_opaque = True
            continue
        names, is_unknown = variables(tree)
        found |= names | by_magics
        is_dynamic = is_dynamic or is_unknown or sets
        is_opaque = is_opaque or creates or changes_imports(tree)
        if not cell["may_fail"]:
            needed += [dict(item, cell=number) for item in imports(tree)]
    needed = [item for item in needed if item["level"] or not is_opaque]
    # Without the failed cells, the variables are not known.
    return {"errors": errors, "imports": needed, "sets": None if is_dynamic else sorted(found)}


def modules(sources):
    errors, needed, renamed = [], [], []
    for path, source in sources.items():
        is_kept = unicodedata.normalize("NFKC", path) == path and all(map(str.isidentifier, path[:-3].split("/")))
        if re.fullmatch(r"[\w/]+\.py", path) and not (path.isascii() or is_kept):
            renamed.append(path)
        try:
            needed += [dict(item, module_path=path) for item in imports(parsed(source))]
        except LIMITS:
            pass
        except ERRORS as error:
            errors.append(dict(of_error(error), module_path=path))
    return errors, needed, renamed


def python(item):
    try:
        tree = parsed(item["source"])
        node = step_of(tree, item["function"])
        return {"errors": [], "imports": imports(tree, node), "step": step(tree, node)}
    except LIMITS:
        return {"errors": [], "imports": []}
    except ERRORS as error:
        return {"errors": [of_error(error)], "imports": []}


def inspected(item):
    """Returns what is known about a source as JSON; a problem with one source does not affect the others."""
    try:
        result = notebook(item["cells"]) if "cells" in item else python(item)
        errors, needed, renamed = modules(item["modules"])
        result["errors"] += errors
        result["imports"] += needed
        result["renamed"] = renamed
        # JSON in Rust has no lone surrogates.
        return json.dumps(result, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    except Exception:
        return None


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
