"""Parses generated code and says as JSON what it declares, and where it does not parse: declarations.py <dotnet|go> <folder>."""

import json
import sys
from pathlib import Path

import tree_sitter_c_sharp
import tree_sitter_go
from tree_sitter import Language, Parser

GRAMMARS = {"dotnet": (".cs", tree_sitter_c_sharp), "go": (".go", tree_sitter_go)}


def text(node):
    return node.text.decode() if node is not None else None


def name_of(node):
    return text(node.child_by_field_name("name"))


def errors(node):
    """Where the parser had to skip something, or to invent something."""
    if node.is_error or node.is_missing:
        yield node
    elif node.has_error:
        for child in node.children:
            yield from errors(child)


def csharp(node, namespace=None):
    for child in node.named_children:
        if child.type == "namespace_declaration":
            yield from csharp(child.child_by_field_name("body"), name_of(child))
        elif child.type in ("class_declaration", "interface_declaration", "enum_declaration"):
            members = [
                {"name": name_of(member), "kind": member.type.removesuffix("_declaration")}
                for member in child.child_by_field_name("body").named_children
                if member.type in ("method_declaration", "property_declaration", "enum_member_declaration")
            ]
            yield {"name": name_of(child), "kind": child.type.removesuffix("_declaration"), "namespace": namespace, "members": members}
        elif child.type in ("preproc_if", "declaration_list"):
            yield from csharp(child, namespace)


def go(root):
    for child in root.named_children:
        if child.type == "function_declaration":
            yield {"name": name_of(child), "kind": "function", "members": []}
        elif child.type == "type_declaration":
            for spec in child.named_children:
                if spec.type == "type_spec":
                    body = spec.child_by_field_name("type")
                    yield {"name": name_of(spec), "kind": body.type.removesuffix("_type"), "members": list(go_members(body))}
        elif child.type == "const_declaration":
            for spec in child.named_children:
                if spec.type == "const_spec":
                    yield {"name": name_of(spec), "kind": "constant", "members": []}


def go_members(body):
    if body.type == "interface_type":
        for element in body.named_children:
            if element.type == "method_elem":
                yield {"name": name_of(element), "kind": "method"}
    elif body.type == "struct_type":
        for field in body.named_children[0].named_children:
            if name_of(field):
                yield {"name": name_of(field), "kind": "property"}


def main(language, folder):
    ending, grammar = GRAMMARS[language]
    parser = Parser(Language(grammar.language()))
    answer = {"files": 0, "unparsed": [], "declarations": []}
    for file in sorted(Path(folder).rglob(f"*{ending}")):
        tree = parser.parse(file.read_bytes())
        answer["files"] += 1
        answer["unparsed"] += [f"{file.relative_to(folder)}:{node.start_point.row + 1}" for node in errors(tree.root_node)]
        answer["declarations"] += (csharp if language == "dotnet" else go)(tree.root_node)
    print(json.dumps(answer))


main(*sys.argv[1:])
