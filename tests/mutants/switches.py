"""Puts mutants into a Rust source file, each behind a switch: `crate::mutant::on(NUMBER)`."""

import re

import tree_sitter
import tree_sitter_rust

# Appended to each crate that contains mutants.
SWITCH = """
#[doc(hidden)]
pub(crate) mod mutant {
    /// Whether the mutant is on.
    pub(crate) fn on(number: u32) -> bool {
        static ON: std::sync::OnceLock<Option<u32>> = std::sync::OnceLock::new();
        *ON.get_or_init(|| std::env::var("KFP_MUTANT").ok()?.parse().ok()) == Some(number)
    }
}
"""


class Switches:
    """A source file with switches in it. Offsets are byte offsets in the original."""

    def __init__(self, text):
        self.text, self.bytes = text, text.encode()
        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))
        self.tree = parser.parse(self.bytes)

    def add(self, mutants):
        """Returns the source with these mutants in it, and the numbers of those that cannot be switched."""
        wraps, unfit = {}, set()
        for mutant in mutants:
            found = self.wrap_of(mutant)
            if found is None:
                unfit.add(mutant["number"])
            else:
                node, kind = found
                wraps.setdefault((node.start_byte, node.end_byte, kind), (node, []))[1].append(mutant)
        self.wraps = [(start, end, kind, node, group) for (start, end, kind), (node, group) in wraps.items()]
        # A guard or a field may consist of an expression that has switches too: its own switch is the outer one.
        self.wraps.sort(key=lambda wrap: (wrap[0], -wrap[1], wrap[2] in ("binary", "unary")))
        text = self.render(0, len(self.bytes), 0)
        # A mutant inside the replacement of another switch would never be on.
        unfit |= {mutant["number"] for mutant in mutants if f"mutant::on({mutant['number']})" not in text}
        return text, unfit

    def wrap_of(self, mutant):
        """Returns the node that a switch wraps and the kind of switch, or `None` if it cannot be switched."""
        start, end = (self.byte(mutant["span"][side]) for side in ("start", "end"))
        node = self.tree.root_node.descendant_for_byte_range(start, max(start, end - 1))
        find = {
            "FnValue": self.body,
            "BinaryOperator": self.binary,
            "UnaryOperator": self.unary,
            "MatchArm": self.arm,
            "MatchArmGuard": self.guard,
            "StructField": self.field,
        }
        return node and find.get(mutant["genre"], lambda *_: None)(node, mutant)

    def body(self, node, mutant):
        node = above(node, "function_item")
        body = node and node.child_by_field_name("body")
        modifiers = body and self.of(node)[: body.start_byte - node.start_byte]
        if not body or re.search(r"\bimpl\b", mutant["function"]["return_type"]) or re.search(r"\bconst fn\b", modifiers):
            return None
        return body, "body"

    def binary(self, node, _):
        node = node.parent
        return (node, "binary") if node and node.type in ("binary_expression", "compound_assignment_expr") else None

    def unary(self, node, _):
        node = above(node, "unary_expression")
        return node and (node, "unary")

    def arm(self, node, _):
        node = above(node, "match_arm")
        return node and (node.child_by_field_name("pattern"), "pattern")

    def guard(self, node, _):
        while node and node.parent and node.parent.type != "match_pattern":
            node = node.parent
        return (node, "guard") if node and node.parent and "let" not in node.type else None

    def field(self, node, _):
        """A struct literal without this field takes it from its base expression."""
        node = above(node, "field_initializer")
        value = node and node.child_by_field_name("value")
        return value and self.base_of(value) and (value, "field")

    def base_of(self, value):
        bases = [node for node in value.parent.parent.children if node.type == "base_field_initializer"]
        return bases and self.of(bases[0].children[-1])

    def render(self, start, end, depth):
        """Returns the source between the offsets, with the switches from index `depth` on that are inside them."""
        parts, at = [], start
        for idx in range(depth, len(self.wraps)):
            first, last, kind, node, group = self.wraps[idx]
            if first < at or last > end:
                continue
            if first >= end:
                break
            parts += [self.bytes[at:first].decode(), self.switch(kind, node, group, idx + 1)]
            at = last
        parts.append(self.bytes[at:end].decode())
        return "".join(parts)

    def switch(self, kind, node, group, depth):
        def inner(child):
            return self.render(child.start_byte, child.end_byte, depth)

        def on(mutant):
            return f"crate::mutant::on({mutant['number']})"

        if kind == "body":
            returns = " ".join(f"if {on(m)} {{ return {m['replacement']}; }}" for m in group)
            return "{" + returns + self.render(node.start_byte + 1, node.end_byte, depth)
        if kind == "pattern":
            return inner(node) + " if " + " && ".join(f"!{on(m)}" for m in group)
        if kind == "guard":
            cases = "".join(f"if {on(m)} {{ {m['replacement']} }} else " for m in group)
            return f"({cases}{{ {inner(node)} }})"
        if kind == "field":
            name = self.of(node.parent.child_by_field_name("field"))
            return f"if {on(group[0])} {{ ({self.base_of(node)}).{name} }} else {{ {inner(node)} }}"
        if kind == "unary":
            operand = inner(node.children[-1])
            return f"(if {on(group[0])} {{ {operand} }} else {{ {self.of(node.children[0])}{operand} }})"
        left, operator, right = (node.child_by_field_name(name) for name in ("left", "operator", "right"))
        left, right = inner(left), inner(right)
        if node.type == "compound_assignment_expr":
            cases = "".join(f"if {on(m)} {{ {left} {m['replacement']} {right} }} else " for m in group)
            return f"{cases}{{ {left} {self.of(operator)} {right} }}"
        cases = "".join(f"if {on(m)} {{ ({left}) {m['replacement']} ({right}) }} else " for m in group)
        return f"({cases}{{ ({left}) {self.of(operator)} ({right}) }})"

    def of(self, node):
        return self.bytes[node.start_byte : node.end_byte].decode()

    def byte(self, point):
        return len(self.text[: offset(self.text, point)].encode())


def above(node, kind):
    """Returns the node or its nearest ancestor of that kind."""
    while node and node.type != kind:
        node = node.parent
    return node


def offset(text, point):
    """Returns the offset of the point in characters."""
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: point["line"] - 1]) + point["column"] - 1
