#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks in the syntax tree of every file of tcp_alt who writes what, and who calls whom.

usage: ast_check.py [--root DIR] --tree DIR [--variant 'FLAGS']... [FILE...]

  --root DIR        a folder laid out like tcp_alt (default: tcp_alt)
  --tree DIR        a backend-neutral lwIP tree
  --variant FLAGS   compiler flags of a configuration; several: a file must be good in each
  FILE              only these files of ROOT, relative to it

examples:
  tests/scopes/ast_check.py --tree build/lwip-2.2.1
  tests/scopes/ast_check.py --tree build/lwip-2.2.1 --variant '-DLWIP_IPV6=1' tcp_alt_in.c

exit code: 0 no violation, 1 violations (each a line FILE:LINE: WHAT), 2 wrong usage
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import house
from clang_ast import Unit, pointee

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CONFIG = REPOSITORY / "tests/symbols/config"

TRANSPARENT = {"ParenExpr", "ImplicitCastExpr", "ConditionalOperator"}
COMPARISONS = {"==", "!=", "<", ">", "<=", ">="}


def strip(node):
    """The expression inside parentheses and casts that change nothing about where it is."""
    while node.kind == "ParenExpr" or (node.kind == "ImplicitCastExpr"
                                       and node.data["castKind"] in ("NoOp", "LValueToRValue")):
        node = node.children[0]
    return node


def structure_of(type_name):
    """The name of a structure type, without qualifiers."""
    words = [word for word in type_name.split() if word not in ("const", "volatile")]
    return words[1] if len(words) == 2 and words[0] == "struct" else None


class Check:
    """One file in one configuration."""

    def __init__(self, root, name, arguments):
        self.root, self.name = root, name
        self.unit = Unit(root / name, arguments)
        self.found = set()

    def say(self, node, text):
        """Notes a violation."""
        file, line = node.place
        path = Path(file)
        shown = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.found.add(f"{shown}:{line}: {text}")

    def run(self):
        """The violations of all functions that stand in our files."""
        for node in self.unit.root.children:
            path = Path(node.place[0] or "/")
            if not path.is_relative_to(self.root):
                continue
            where = house.Place(path.relative_to(self.root))
            if node.kind == "FunctionDecl":
                self.signature(node, where)
                for inner in node.walk():
                    self.expression(inner, where, node.name)
        self.completeness()
        return self.found

    # ---- writes ----

    def members(self, node):
        """The members an lvalue goes through, the last one first, as far as no pointer is followed."""
        node = strip(node)
        if node.kind == "MemberExpr":
            member = self.unit.fields[node.data["referencedMemberDecl"]]
            base = strip(node.children[0])
            if node.data.get("isArrow"):
                if base.kind == "UnaryOperator" and base.data["opcode"] == "&":
                    return [member, *self.members(base.children[0])]
                return [member]
            return [member, *self.members(base)]
        if node.kind == "ArraySubscriptExpr":
            base = node.children[0]
            if base.kind == "ImplicitCastExpr" and base.data["castKind"] == "ArrayToPointerDecay":
                return self.members(base.children[0])
            return []
        if node.kind == "UnaryOperator" and node.data["opcode"] == "*":
            base = strip(node.children[0])
            if base.kind == "UnaryOperator" and base.data["opcode"] == "&":
                return self.members(base.children[0])
            return [(structure_of(node.type), "*")]
        if node.kind == "DeclRefExpr":
            declared = node.data["referencedDecl"]["name"]
            return [(house.LISTS, declared)] if declared in house.LIST_HEADS else []
        return []

    def owned(self, node):
        """(owner, structure, member) of the component's member an lvalue lies in, or None."""
        for structure, member in self.members(node):
            owner = house.owner(structure, member)
            if owner:
                return owner, structure, member
        return None

    def written(self, node, where):
        """An expression is written to."""
        target = self.owned(node)
        if target and target[0] != where.part:
            self.say(node, f"{where.part} writes {target[1]}.{target[2]}, which is {target[0]}'s")

    def lent(self, node, lvalue, where, function):
        """The address of an lvalue is taken (`&` or an array's name)."""
        target = self.owned(lvalue)
        if not target or target[0] == where.part or target[1] == house.LISTS:
            return
        owner, structure, member = target
        use, child = node, None
        while True:
            child, use = use, use.parent
            if use.kind not in TRANSPARENT:
                break
        const = pointee(child.type)[1] or (use.kind == "CStyleCastExpr" and pointee(use.type)[1])
        if const or use.kind in ("MemberExpr", "UnaryExprOrTypeTraitExpr", "ArraySubscriptExpr"):
            return
        if use.kind == "UnaryOperator" or (use.kind == "BinaryOperator"
                                           and use.data["opcode"] in COMPARISONS):
            return
        if house.is_part(structure, member):
            if member == "face":
                return
            if use.kind == "CallExpr" and len(use.children) > 1 and use.children[1] is child:
                if house.is_handler(self.callee(use), member):
                    return
        if house.excused(where, function, f"{structure}.{member}"):
            return
        self.say(node, f"{where.part} gives away the address of {structure}.{member} to be written, "
                       f"which is {owner}'s")

    # ---- casts ----

    def cast(self, node, where, function):
        """An explicit cast must not hide what is written, nor take a const away."""
        source, source_const = pointee(node.children[0].type)
        name = structure_of(source or "")
        if not house.is_component(name) or node.data["castKind"] == "ToVoid":
            return
        target, target_const = pointee(node.type)
        if target is not None and target_const:
            return
        if source_const:
            if not house.excused(where, function, "const"):
                self.say(node, f"a cast takes const away from struct {name}")
            return
        if target is None:
            if not house.excused(where, function, "const"):
                self.say(node, f"a pointer to struct {name} becomes {node.type}")
            return
        outer = node.parent
        while outer.kind == "ParenExpr":
            outer = outer.parent
        again = outer.kind == "CStyleCastExpr" and house.is_component(
            structure_of(pointee(outer.type)[0] or ""))
        spelled = Path(node.spelled[0]).name
        if again and spelled in house.CONVERTERS.get(structure_of(pointee(outer.type)[0]), (spelled,)):
            return
        if house.is_component(structure_of(target)) or spelled == house.ASSEMBLY_HEADER:
            return
        if not house.excused(where, function, "cast"):
            self.say(node, f"a cast hides a struct {name} behind {node.type}")

    # ---- calls ----

    @staticmethod
    def callee(call):
        """The name of a called function; empty: through a pointer."""
        function = call.children[0]
        while function.kind in ("ImplicitCastExpr", "ParenExpr"):
            function = function.children[0]
        if function.kind == "DeclRefExpr" and function.data["referencedDecl"]["kind"] == "FunctionDecl":
            return function.data["referencedDecl"]["name"]
        return ""

    @staticmethod
    def is_of_interface(call, where):
        """Is it a call through a member of an interface that stands within the caller's part?"""
        function = call.children[0]
        while function.kind in ("ImplicitCastExpr", "ParenExpr"):
            function = function.children[0]
        return (function.kind == "MemberExpr" and
                house.INTERFACES.get(structure_of(pointee(function.children[0].type)[0] or "")) == where.part)

    def call(self, node, where, function):
        """Who may call whom."""
        callee = self.callee(node)
        problem = None if self.is_of_interface(node, where) else house.forbidden_call(where, callee)
        if problem:
            self.say(node, f"{where.part} {problem}")
        if callee in house.OURS:
            return
        for argument in node.children[1:]:
            # What is not ours may write all that it gets a pointer to.
            target, const = pointee(argument.type)
            if target != "void" or const:
                continue
            inner = argument
            while inner.kind in ("ImplicitCastExpr", "ParenExpr", "CStyleCastExpr"):
                inner = inner.children[0]
            name = structure_of(pointee(inner.type)[0] or "")
            owner = house.owner(name, "*")
            if owner and owner != where.part and where.part != "assembly":
                self.say(argument, f"{where.part} gives a struct {name} to {callee or 'a callback'}(), "
                                   f"which is {owner}'s")

    def expression(self, node, where, function):
        """Everything that may be wrong with one expression."""
        if node.kind in ("BinaryOperator", "CompoundAssignOperator"):
            if node.data["opcode"].endswith("=") and node.data["opcode"] not in COMPARISONS:
                self.written(node.children[0], where)
        elif node.kind == "UnaryOperator":
            if node.data["opcode"] in ("++", "--"):
                self.written(node.children[0], where)
            elif node.data["opcode"] == "&":
                self.lent(node, node.children[0], where, function)
        elif node.kind == "ImplicitCastExpr":
            if node.data["castKind"] == "ArrayToPointerDecay":
                self.lent(node, node.children[0], where, function)
        elif node.kind == "CStyleCastExpr":
            self.cast(node, where, function)
        elif node.kind == "CallExpr":
            self.call(node, where, function)

    # ---- the shape of a file ----

    def signature(self, node, where):
        """A component's handler has at most four arguments: r0 to r3."""
        parameters = [child for child in node.children if child.kind == "ParmVarDecl"]
        if where.part in house.COMPONENTS and node.name.startswith("tcp_alt_") and len(parameters) > 4:
            self.say(node, f"{node.name}() has {len(parameters)} arguments")

    def completeness(self):
        """What must stay incomplete here, is."""
        where = house.Place(Path(self.name))
        for structure, parts in house.VISIBLE.items():
            if structure in self.unit.complete and where.part not in parts:
                self.found.add(f"{self.name}:1: struct {structure} is complete for {where.part}")


def includes(root, name):
    """Violations among the #include lines of a file."""
    where = house.Place(Path(name))
    for number, line in enumerate((root / name).read_text().splitlines(), 1):
        if line.startswith("#include") and "tcp_alt" in line:
            header = line.split('"')[1].rsplit("/", 1)[-1]
            if not house.may_include(where, header):
                yield f"{name}:{number}: {where.part} includes {header}"


def job(root, name, arguments):
    """The violations of a file in a configuration."""
    try:
        return Check(root, name, arguments).run()
    except ValueError as error:
        return {str(error)}


def main():
    """The command."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--root", type=Path, default=REPOSITORY / "tcp_alt")
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--variant", action="append", default=[])
    parser.add_argument("file", nargs="*")
    options = parser.parse_args()
    root = options.root.resolve()
    names = options.file or [str(path.relative_to(root)) for path in house.files(root)]
    found = {line for name in names for line in includes(root, name)}
    base = ["-std=c99", "-w", "-DLWIP_TCP_ALT=1", f"-I{CONFIG}", f"-I{root}/include",
            f"-I{options.tree.resolve()}/src/include"]
    with ProcessPoolExecutor(2, initializer=house.learn, initargs=(root,)) as pool:
        jobs = [pool.submit(job, root, name, base + variant.split())
                for variant in options.variant or [""] for name in names]
        for done in jobs:
            found |= done.result()
    for line in sorted(found):
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    sys.exit(main())
