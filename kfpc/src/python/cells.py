# Parses the cells of notebooks, whose syntax is that of IPython, after `describe.py`. Nothing is executed.

import builtins
import keyword

# The top-level `await` of notebooks.
AWAIT = getattr(ast, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0)
# Line magics that set no variables. Others may.
HARMLESS = set(
    "alias autoreload cat cd colors conda config doctest_mode env history ls lsmagic mamba matplotlib memit micromamba"
    " mkdir pdoc pfile pinfo pip pprint precision psearch psource pwd set_env system time timeit uv who whos xmode".split()
)
# Cell magics whose cell is Python.
PYTHON_CELLS = ("capture", "prun", "time", "timeit")
# Names with which code can set variables that the syntax tree does not show.
DYNAMIC = set(
    "__builtin__ __builtins__ __dict__ __import__ __main__ builtins eval exec f_globals get_ipython globals"
    " import_module locals pylab setattr user_ns vars".split()
)
TOKEN = re.compile(
    r"(?P<skip>\#[^\n]*|[ \t\f]+|\\\n)"
    r"|(?P<triple>\"\"\"|''')"
    r"|(?P<string>\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?)"
    r"|(?P<operator>[=!<>:+\-*/%@&|^]+=|\w+)"
    r"|(?P<any>.)",
    re.DOTALL,
)
ASSIGNED = re.compile(r"[ \t]*(?:!|%+[ \t]*[A-Za-z_])")
IN_ASSIGNMENT = re.compile(r"[\w.,\s\[\]'\"]*=\s*(!|%\s*[A-Za-z_])")


class Replaced:
    """The Python code of a cell, with what its magics may do."""

    def __init__(self, source):
        # Whether magics may set any variables, or create any modules.
        self.sets, self.creates = False, False
        # The variables that magics set.
        self.names = set()
        parts, place = [], 0
        while place < len(source):
            end, plain = self.statement(source, place)
            # The lines keep their numbers.
            missing = source.count("\n", place, end) - plain.count("\n")
            parts.append(plain + "\n" * missing)
            place = end
        self.source = "".join(parts)

    def statement(self, source, start):
        """Returns the end of the statement, and the statement in Python."""
        place = re.compile(r"[ \t\f]*").match(source, start).end()
        indent = source[start:place]
        if source[place : place + 1] in tuple("%!?/,;"):
            end = end_of_line(source, place)
            return end, indent + self.escaped(source[place:end].replace("\\\n", " ").strip())
        depth, last, is_assigned = 0, None, False
        while place < len(source):
            token = TOKEN.match(source, place)
            kind, text, place = token.lastgroup, token.group(), token.end()
            if kind == "triple":
                place = end_of_string(source, place, text)
            elif text == "\n" and depth == 0:
                break
            elif kind == "any" and text in "([{":
                depth += 1
            elif kind == "any" and text in ")]}":
                depth = max(depth - 1, 0)
            elif text == "=" and depth == 0 and not is_assigned:
                is_assigned = True
                if ASSIGNED.match(source, place):
                    end = end_of_line(source, place)
                    self.escaped(source[place:end].replace("\\\n", " ").strip())
                    return end, source[start:place] + " None"
            if kind != "skip" and not text.isspace():
                last = text
        return place, indent + "pass" if last == "?" and depth == 0 else source[start:place]

    def escaped(self, text):
        """Returns the Python code of a line that starts with a character of IPython."""
        if text.startswith("!"):
            self.creates = self.creates or not re.match(r"!+\s*(pip|conda|uv)\b", text)
        elif text[0] in "/,;":
            self.sets = self.creates = True
        elif text.startswith("%") and not text.endswith("?"):
            return self.magic(text.lstrip("%").strip())
        return "pass"

    def magic(self, text):
        name, _, rest = text.partition(" ")
        rest = rest.strip()
        if name == "prun":
            rest = re.sub(r"^(-[DlsT]\s*\S+\s+|-[rq]+\s+)+", "", rest)
        if name in ("time", "prun"):
            if rest.startswith("!"):
                return self.escaped(rest)
            try:
                plain = self.statement(rest, 0)[1] if rest[:1] not in tuple("%?/,;") else rest
                ast.parse(plain)
                return plain or "pass"
            except ERRORS:
                self.sets = self.creates = True
        elif not (name in HARMLESS or re.match(r"load_ext\s+(autoreload|tensorboard)$", text)):
            self.sets = self.creates = True
        return "pass"


def end_of_line(source, place):
    """Returns the end of a line with the lines that continue it, without its line feed."""
    while True:
        end = source.find("\n", place)
        if end < 0:
            return len(source)
        if source[end - 1 : end] != "\\":
            return end
        place = end + 1


def end_of_string(source, place, quotes):
    for token in re.compile(r"\\.|" + quotes, re.DOTALL).finditer(source, place):
        if token.group() == quotes:
            return token.end()
    return len(source)


def dedented(source):
    """Returns the source without the leading empty lines, which are counted, and without the indent of the first line."""
    empty = re.compile(r"(?:[ \t\f]*\n)*").match(source).end()
    indent = re.compile(r"[ \t]*").match(source, empty).group()
    lines = source[empty:].split("\n")
    return "\n" * source.count("\n", 0, empty) + "\n".join(
        line[len(indent) :] if line.startswith(indent) else line for line in lines
    )


def without_cell_magics(source, names):
    """Returns the Python code in cell magics, or None for other languages, and adds the variables that they set."""
    while True:
        source = dedented(source)
        text = source.lstrip("\n")
        if not text.startswith("%%") or re.match(r"%%\w+\?", text):
            return source
        first, _, body = text.partition("\n")
        name, _, rest = first[2:].rstrip().partition(" ")
        if name not in PYTHON_CELLS:
            return None
        if name == "capture":
            names.update(word for word in rest.split() if word.isidentifier())
        source = "\n" * (len(source) - len(text) + 1) + body


def is_transformed(source, line):
    """Whether IPython may accept the line, although it is not Python."""
    text = source.strip()
    if re.match(r">>>|In \[", text) or re.search(r"\n(>>>|\.\.\.|In \[|\s*\.{3,}:)", text):
        return True
    lines = source.split("\n")
    while line and 1 < line <= len(lines) and lines[line - 2].endswith("\\"):
        line -= 1
    current = lines[line - 1].strip() if line and 0 < line <= len(lines) else ""
    if re.match(r"[%!?/,;]", current) or current.endswith("?") or IN_ASSIGNMENT.match(current):
        return True
    # A question mark also ends a statement in open brackets.
    if re.search(r"^[^#'\"\n]*\?[ \t]*$", source, re.MULTILINE):
        return True
    # Magics need no `%` in a cell with one line.
    word = re.match(r"([A-Za-z_]\w*)(?:\s+[^=,\s]|$)", text)
    is_free = word and not keyword.iskeyword(word.group(1)) and not hasattr(builtins, word.group(1))
    return bool(is_free) and "\n" not in text


def cell_code(source):
    """Returns the syntax tree of a cell, the variables that its magics set, and whether magics may set any variables
    and create any modules."""
    names = set()
    plain = without_cell_magics(source.replace("\r\n", "\n").replace("\r", "\n"), names)
    if plain is None:
        return ast.parse(""), names, True, True
    replaced = Replaced(plain)
    try:
        return parsed(replaced.source, AWAIT), names, replaced.sets, replaced.creates
    except SyntaxError as error:
        if is_transformed(replaced.source, error.lineno):
            return ast.parse(""), names, True, True
        raise


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
        elif type(node).__name__ in ("MatchAs", "MatchStar", "MatchMapping"):
            is_dynamic = True
        is_dynamic = is_dynamic or mentions(node, DYNAMIC)
    return found, is_dynamic


def mentions(node, names):
    """Whether a node refers to one of the names. Attributes and strings with common names have other meanings."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        parts = [part for item in node.names for part in item.name.split(".")]
        return not names.isdisjoint(parts + (getattr(node, "module", None) or "").split("."))
    if isinstance(node, ast.Name):
        return node.id in names
    name = getattr(node, "attr", None) or getattr(node, "value", None)
    return isinstance(name, str) and name in names and ("_" in name or name == "addsitedir")
