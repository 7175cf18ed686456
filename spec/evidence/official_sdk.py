#!/usr/bin/env python3
"""Reads the official DingTalk SDK and writes what it says of the operations of the spec: official-sdk-VERSION.json.

    pip download --no-deps alibabacloud-dingtalk==2.2.65
    git clone https://github.com/alibabacloud-go/dingtalk
    python3 spec/evidence/official_sdk.py alibabacloud_dingtalk-2.2.65-py3-none-any.whl dingtalk

An operation of the spec is looked for in the module of its family: wiki_v2.AddWorkspace in wiki_2_0. Python has one
kind of integer, so the widths come from the same SDK for Go, of whatever version its clone has; what that lacks keeps
the width that the evidence has already, and is an error where it has none. It needs Python 3.9 and nothing else.
"""

import ast
import itertools
import json
import pathlib
import re
import sys
import zipfile

PACKAGE = "alibabacloud_dingtalk"
REQUIRED = "# This parameter is required."
TOKEN = "x-acs-dingtalk-access-token"
SPEC = pathlib.Path(__file__).parent.parent
ABOUT = {
    "what": "Bare facts of the operations as the official DingTalk SDK has them: method, path, access token, fields "
    "with type, nesting and required flag. Nothing here comes from the documentation. Made by official_sdk.py.",
    "sdk": "alibabacloud-dingtalk for Python",
    "types": "As in the spec: int32 and int64 are told apart as in the same SDK for Go. Parameters of the path "
    "have no required flag there.",
    "omitted": "A field without required is optional; an operation without token sends none.",
    "modules": "Every module of the SDK. Those of families of the spec with all their operations, so that nothing can "
    "be said to be missing from the SDK that it has; the others with none.",
}


class Module:
    """One module of the SDK for Python."""

    def __init__(self, wheel, name):
        self.name = name
        self.lines = wheel.read(f"{PACKAGE}/{name}/models.py").decode().splitlines()
        tree = ast.parse("\n".join(self.lines))
        self.models = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        client = ast.parse(wheel.read(f"{PACKAGE}/{name}/client.py").decode())
        (client,) = [node for node in client.body if isinstance(node, ast.ClassDef)]
        calls = [node for node in client.body if isinstance(node, ast.FunctionDef)]
        calls = [node for node in calls if node.name.endswith("_with_options")]
        self.calls = {facts["action"]: (node, facts) for node in calls if (facts := parameters_of(node))}

    def model(self, name):
        """Fields of a model: wire name, annotation, required."""
        methods = {node.name: node for node in self.models[name].body if isinstance(node, ast.FunctionDef)}
        init = methods["__init__"]
        annotations = {argument.arg: argument.annotation for argument in init.args.args if argument.annotation}
        required = {
            node.targets[0].attr
            for node in init.body
            if isinstance(node, ast.Assign) and REQUIRED in self.comment(node.lineno)
        }
        wire = {}
        for node in ast.walk(methods["from_map"]):
            if isinstance(node, ast.If) and (key := re.fullmatch(r"m\.get\('([^']+)'\) is not None", ast.unparse(node.test))):
                attributes = (inner for inner in ast.walk(node) if isinstance(inner, ast.Attribute))
                owned = [a.attr for a in attributes if ast.unparse(a.value) == "self"]
                wire[owned[0]] = key[1]
        return {wire[name]: (annotation, name in required) for name, annotation in annotations.items()}

    def comment(self, line):
        """Lines of the comment right above a line."""
        above = (self.lines[index].strip() for index in range(line - 2, -1, -1))
        return list(itertools.takewhile(lambda text: text.startswith("#"), above))


def parameters_of(call):
    """Keywords of the `Params(..)` of a call."""
    for node in ast.walk(call):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("models.Params"):
            return {word.arg: text(word.value) for word in node.keywords}
    return None


def text(node):
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{" + ast.unparse(part.value) + "}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) else ast.unparse(node)


class Widths:
    """Widths of integers: by struct and wire name in the SDK for Go, else as the evidence has them."""

    def __init__(self, clone, before):
        self.clone, self.before, self.structs, self.missing = clone, before, {}, []

    def of(self, module, struct, wire, place):
        if module not in self.structs:
            path = self.clone / module / "client.go"
            self.structs[module] = read_go(path.read_text()) if path.exists() else {}
        kind = self.structs[module].get(struct, {}).get(wire) or known(self.before, place)
        if kind is None:
            self.missing.append(".".join(place))
            return "int64"
        return kind


def read_go(source):
    structs = {}
    for name, body in re.findall(r"^type (\w+) struct \{\n(.*?)^\}", source, re.M | re.S):
        fields = re.findall(r"^\t\w+\s+(?:\[\])?\*(int32|int64)\s+`json:\"([^\",]+)", body, re.M)
        structs[name] = {wire: kind for kind, wire in fields}
    return structs


def known(before, place):
    operation, section, *names = place
    fields = before.get(operation, {}).get(section, {})
    for depth, name in enumerate(names):
        field = fields.get(name, {})
        if depth == len(names) - 1:
            kind = re.search(r"int32|int64", field.get("type", ""))
            return kind and kind[0]
        fields = field.get("fields", {})
    return None


class Reader:
    def __init__(self, module, widths):
        self.module, self.widths = module, widths

    def operation(self, name, path_types):
        call, facts = self.module.calls[name]
        full = self.full_name(name)
        method, path = facts["method"], facts["pathname"]
        names = [camel(part) for part in re.findall(r"\{(\w+)\}", path)]
        source = ast.unparse(call)
        out = {"method": method, "path": re.sub(r"\{(\w+)\}", lambda m: "{" + camel(m[1]) + "}", path)}
        if f"real_headers['{TOKEN}']" in source:
            out["token"] = True
        arguments = {camel(a.arg): ast.unparse(a.annotation) for a in call.args.args if a.annotation}
        if names:
            out["pathParameters"] = {
                name: {"type": "string" if arguments[name] == "str" else path_types(name)} for name in sorted(names)
            }
        for section in ("query", "body"):
            wires = re.findall(rf"^\s*{section}\['([^']+)'\] = ", source, re.M)
            if wires:
                fields = self.fields(f"{name}Request", (full, section))
                out[section] = {wire: fields[wire] for wire in sorted(wires)}
        if f"{name}ResponseBody" in self.module.models:
            fields = self.fields(f"{name}ResponseBody", (full, "response"))
            if fields:
                out["response"] = fields
        return out

    def full_name(self, name):
        return f"{family_of(self.module.name)}.{name}"

    def fields(self, model, place):
        read = self.module.model(model)
        return {wire: self.field(model, wire, *read[wire], place) for wire in sorted(read)}

    def field(self, model, wire, annotation, required, place):
        place = (*place, wire)
        kind, inner = self.kind(model, wire, annotation, place)
        out = {"type": kind}
        if required:
            out["required"] = True
        if inner:
            out["fields"] = self.fields(inner, place)
        return out

    def kind(self, model, wire, annotation, place):
        """Notation of the spec, and the model of the innermost object."""
        if isinstance(annotation, ast.Subscript):
            outer = ast.unparse(annotation.value)
            if outer == "List":
                kind, inner = self.kind(model, wire, annotation.slice, place)
                return f"[{kind}]", inner
            kind, inner = self.kind(model, wire, annotation.slice.elts[1], place)
            return f"{{string: {kind}}}", inner
        name = ast.unparse(annotation)
        simple = {"str": "string", "bool": "bool", "float": "float", "Any": "any"}
        if name == "int":
            return self.widths.of(self.module.name, model, wire, place), None
        return (simple[name], None) if name in simple else ("object", name)


def camel(snake):
    first, *rest = snake.split("_")
    return first + "".join(part.capitalize() for part in rest)


def family_of(module):
    return re.sub(r"_(\d+)_0$", r"_v\1", module)


def module_of(family):
    return re.sub(r"_v(\d+)$", r"_\1_0", family)


def written(value, indent=""):
    """JSON with a field that holds no others in one line."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if "type" in value and isinstance(value["type"], str):
        flat = {key: inner for key, inner in value.items() if key != "fields"}
        line = json.dumps(flat, ensure_ascii=False)
        if "fields" not in value:
            return line
        return line[:-1] + ', "fields": ' + written(value["fields"], indent) + "}"
    deeper = indent + "  "
    lines = [f"{deeper}{json.dumps(key, ensure_ascii=False)}: {written(inner, deeper)}" for key, inner in value.items()]
    return "{\n" + ",\n".join(lines) + "\n" + indent + "}" if lines else "{}"


def main(wheel_path, clone):
    version = pathlib.Path(wheel_path).name.split("-")[1]
    target = SPEC / "evidence" / f"official-sdk-{version}.json"
    before = json.loads(target.read_text())["operations"] if target.exists() else {}
    widths = Widths(pathlib.Path(clone), before)
    wheel = zipfile.ZipFile(wheel_path)
    present = sorted({name.split("/")[1] for name in wheel.namelist() if name.count("/") == 2})
    modules, operations = {name: {} for name in present}, {}
    for folder in sorted(path for path in (SPEC / "api").iterdir() if module_of(path.name) in modules):
        module = Module(wheel, module_of(folder.name))
        index = {name: f"{facts['method']} {facts['pathname']}" for name, (_, facts) in sorted(module.calls.items())}
        modules[module.name] = {name: re.sub(r"\{(\w+)\}", lambda m: "{" + camel(m[1]) + "}", at) for name, at in index.items()}
        for file in sorted(folder.glob("*.yaml")):
            named = re.search(r"^operation: (\w+)$", file.read_text(), re.M)
            if named and named[1] in module.calls:
                reader = Reader(module, widths)
                full = reader.full_name(named[1])
                operations[full] = reader.operation(named[1], lambda name, full=full: known(before, (full, "pathParameters", name)) or "int64")
    if widths.missing:
        sys.exit("error: of unknown width: " + ", ".join(widths.missing))
    about = {"what": ABOUT["what"], "sdk": ABOUT["sdk"], "version": version, **ABOUT}
    document = {"about": about, "modules": modules, "operations": dict(sorted(operations.items()))}
    target.write_text(written(document) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
