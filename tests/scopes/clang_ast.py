# SPDX-License-Identifier: BSD-3-Clause
"""The syntax tree of a C file, as clang prints it, with parents, places and owners of members."""

import json
import subprocess


class Node:
    """One node: what clang says of it, its parent, and the place it stands at."""

    __slots__ = ("data", "parent", "children", "place", "spelled")

    def __init__(self, data, parent):
        self.data, self.parent = data, parent
        self.children = []
        self.place = self.spelled = ("", 0)

    @property
    def kind(self):
        """clang's name of the kind of node."""
        return self.data.get("kind", "")

    @property
    def name(self):
        """The declared or referenced name, or nothing."""
        return self.data.get("name", "")

    @property
    def type(self):
        """The type, typedefs resolved, as clang writes it."""
        described = self.data.get("type", {})
        return described.get("desugaredQualType", described.get("qualType", ""))

    def walk(self):
        """This node and all below, depth first."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.children))


class Unit:
    """A parsed file."""

    def __init__(self, source, arguments):
        command = ["clang", "-fsyntax-only", "-Xclang", "-ast-dump=json", *arguments, str(source)]
        result = subprocess.run(command, capture_output=True, check=False)
        if result.returncode:
            raise ValueError(f"{source} does not compile: {result.stderr.decode().splitlines()[0]}")
        self._file, self._line = "", 0
        self.fields = {}   # id of a field's declaration -> (structure, field)
        self.complete = set()
        self.root = self._build(json.loads(result.stdout), None)
        self._name_fields(self.root, None)

    def _build(self, data, parent):
        # Places leave out what is as in the place printed before: read them in the order printed.
        node = Node(data, parent)
        if "loc" in data:
            node.place, node.spelled = self._place(data["loc"])
        if "range" in data:
            begin = self._place(data["range"].get("begin", {}))
            self._place(data["range"].get("end", {}))
            node.place, node.spelled = begin
        node.children = [self._build(inner, node) for inner in data.get("inner", ())]
        return node

    def _place(self, described):
        """(place of the expansion, place of the spelling), each (file, line)."""
        if "spellingLoc" in described or "expansionLoc" in described:
            both = {key: self._bare(described[key]) for key in described
                    if key in ("spellingLoc", "expansionLoc")}
            expansion = both.get("expansionLoc", (self._file, self._line))
            return expansion, both.get("spellingLoc", expansion)
        bare = self._bare(described)
        return bare, bare

    def _bare(self, described):
        self._file = described.get("file", self._file)
        self._line = described.get("line", self._line)
        return self._file, self._line

    def _name_fields(self, node, structure):
        if node.kind == "RecordDecl":
            # A nameless structure or union inside another belongs to that one.
            structure = node.name or structure
            if node.data.get("completeDefinition"):
                self.complete.add(structure)
        elif node.kind == "FieldDecl":
            self.fields[node.data["id"]] = (structure, node.name)
        for child in node.children:
            self._name_fields(child, structure)


def pointee(type_name):
    """(what a type points to without qualifiers, is it const), or (None, False)."""
    if not type_name.endswith(("*", "*const", "*restrict")):
        return None, False
    target = type_name[:type_name.rindex("*")].strip()
    if target.endswith("*") or target.endswith("*const"):
        return target, target.endswith("const")
    words = target.split()
    plain = " ".join(word for word in words if word not in ("const", "volatile"))
    return plain, "const" in words
