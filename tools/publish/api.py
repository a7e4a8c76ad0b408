"""
The page of public names, ``docs/reference/api.md``: each with its signature, its docstring and its
members.

All of it is taken from the source text, so that it is the same on every version of Python, types
stand as they are written, and the examples run as they stand. A name is in the group of the module
that defines it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import attrs

import govinfo_schema as gs
from govinfo_schema.messages import Label

GROUPS: dict[Label, tuple[str, ...]] = {
    Label("读和写", "Reading and writing"): (
        *("files.reading", "files.readings", "files.writing", "files.mending"),
        "report.json",
        "documents",
        "tables",
        "workbook",
        "charts",
    ),
    Label("数据框和框架", "Data frames and frameworks"): ("bulk", "report.converters"),
    Label("核对", "Checking"): (
        *("checks.one_report", "checks", "findings", "messages"),
        "bulk.lines",
        *("report.schema.conforms", "report.conformance"),
    ),
    Label("错在哪一格", "Which figure is wrong"): ("repair",),
    Label("报告之间", "Between reports"): (
        "checks.years",
        "checks.parts",
        "report.conversion",
        "report.comparison",
    ),
    Label("报告", "The report and its classes"): ("report",),
    Label("格式", "The form"): ("form", "report.schema"),
    Label("随机的报告，用于测试", "Random reports, for tests"): ("testing",),
    Label("错误", "Errors"): ("errors",),
}
"""
The groups of the page, and in order the rooms, modules or names that belong to each; the longest
that fits decides.
"""
SECTION = re.compile(r"^(?!True|False|None)(?=[A-Z][a-z]+: )", re.MULTILINE)
"""Where a line of a docstring begins with ``Returns:``, ``Blank:`` or the like."""
WIDTH = 100

Definition = ast.ClassDef | ast.FunctionDef | ast.Assign | ast.AnnAssign


@attrs.frozen(kw_only=True)
class Source:
    """
    A module of the package as text: its definitions at the top level by name, and the docstring of
    each.
    """

    name: str
    text: str
    definitions: dict[str, Definition]
    docs: dict[str, str]

    def written(self, node: ast.AST | None) -> str:
        """Give a part of the module as it is written, on one line."""
        return " ".join((ast.get_source_segment(self.text, node) or "").split()) if node else ""


@attrs.frozen(kw_only=True)
class Name:
    """A public name, and where it is defined: the module, and the name that it has there."""

    name: str
    source: Source
    definition: Definition
    doc: str

    @property
    def place(self) -> tuple[int, int, str, int]:
        """Its place on the page: the group, the part of the group, the module, the line."""
        path = f"{self.source.name}.{self.name}."
        fitting = {
            part: (group, number)
            for group, parts in enumerate(GROUPS.values())
            for number, part in enumerate(parts)
            if path.startswith(f"{part}.")
        }
        if not fitting:
            raise ValueError(
                f"{path} belongs to no group of the page of public names; add its module to GROUPS"
            )
        return (*fitting[max(fitting, key=len)], self.source.name, self.definition.lineno)


def names() -> dict[str, Name]:
    """
    Give every public name with its definition, in the order of ``__all__``.

    >>> names()["check"].source.name
    'checks.one_report'
    """
    places = dict(_imports())
    found = {}
    for name in gs.__all__:
        module, inside = places[name]
        source = source_of(module)
        found[name] = Name(
            name=name, source=source, definition=source.definitions[inside], doc=source.docs[inside]
        )
    return found


def _imports() -> Iterator[tuple[str, tuple[str, str]]]:
    """
    Read from the package's ``__init__`` where each public name comes from: the module, and the name
    in there.
    """
    for node in ast.walk(ast.parse(Path(gs.__file__).read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
            "govinfo_schema."
        ):
            continue
        module = str(node.module).removeprefix("govinfo_schema.")
        for alias in node.names:
            every = (
                import_module(f"govinfo_schema.{module}").__all__
                if alias.name == "*"
                else [alias.name]
            )
            yield from ((alias.asname or name, (module, name)) for name in every)


@cache
def source_of(module: str) -> Source:
    """Read a module of the package, by its name there."""
    text = Path(str(import_module(f"govinfo_schema.{module}").__file__)).read_text(encoding="utf-8")
    body = ast.parse(text).body
    definitions = {
        name: node for node in body if isinstance(node, Definition) for name in _defined(node)
    }
    return Source(name=module, text=text, definitions=definitions, docs=_docs(body))


def _defined(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _docs(body: list[ast.stmt]) -> dict[str, str]:
    """
    Give the docstring of each definition of a block: its own, or the text below an assignment.
    """
    docs = {}
    for node, below in zip(body, [*body[1:], None], strict=True):
        for name in _defined(node):
            docs[name] = (
                ast.get_docstring(node)
                if isinstance(node, ast.ClassDef | ast.FunctionDef)
                else _text(below)
            ) or ""
    return docs


def _text(node: ast.stmt | None) -> str:
    constant = node.value if isinstance(node, ast.Expr) else None
    return (
        str(constant.value)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
        else ""
    )


# ---- the page -----------------------------------------------------------------------------------


def page() -> str:
    """Give the page as Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    found = sorted(names().values(), key=lambda name: name.place)
    groups = {
        group: [name for name in found if name.place[0] == number]
        for number, group in enumerate(GROUPS)
    }
    yield from ("# 公开的名称 · Public names", "")
    yield "`govinfo_schema` 公开的全部名称、签名和说明。其他名称不属于公开的接口，可能随时改变。"
    yield from (
        "",
        "Everything that is public, as its source says it. Any other name may change at any time",
    )
    yield from ("([what will not change](../stability.md)). All examples begin with:", "")
    yield from _code(">>> import govinfo_schema as gs\n>>> from govinfo_schema import *")
    yield from ("| 组 group | 名称 names |", "|---|---|")
    anchors = _anchors(found)
    for group, members in groups.items():
        links = ", ".join(f"[`{name.name}`](#{anchors[name.name]})" for name in members)
        yield f"| {group.zh}<br>{group.en} | {links} |"
    yield ""
    for group, members in groups.items():
        yield from (f"## {group.zh} · {group.en}", "")
        for name in members:
            yield from (f"### `{name.name}`", "", *_described(name))
    yield from _types(found)


def _anchors(found: list[Name]) -> dict[str, str]:
    """
    Give the anchor of each heading: the name in small letters, numbered where two names differ in
    nothing else.
    """
    seen: dict[str, int] = {}
    anchors = {}
    for name in found:
        slug = name.name.lower()
        anchors[name.name] = f"{slug}-{seen[slug]}" if slug in seen else slug
        seen[slug] = seen.get(slug, 0) + 1
    return anchors


def _described(name: Name) -> Iterator[str]:
    source, node = name.source, name.definition
    if isinstance(node, ast.FunctionDef):
        yield from _code(_signature(source, node, name.name))
    elif isinstance(node, ast.ClassDef):
        yield from _code("\n".join(_head(source, node)))
    else:
        yield from _code(f"{name.name} = {source.written(node.value)}")
    yield from _markdown(name.doc)
    if isinstance(node, ast.ClassDef):
        yield from _members(source, node)


def _head(source: Source, node: ast.ClassDef) -> Iterator[str]:
    """
    Write a class down: its decorators, its bases, its fields with types and defaults, or its
    ``__init__``.
    """
    yield from (f"@{source.written(decorator)}" for decorator in node.decorator_list)
    bases = ", ".join(map(source.written, node.bases))
    yield f"class {node.name}({bases}):" if bases else f"class {node.name}:"
    fields = _fields(node)
    for field in fields:
        default = f" = {source.written(field.value)}" if field.value else ""
        yield f"    {source.written(field.target)}: {source.written(field.annotation)}{default}"
    made = next(
        (
            each
            for each in node.body
            if isinstance(each, ast.FunctionDef) and each.name == "__init__"
        ),
        None,
    )
    if made:
        yield from (f"    {line}" for line in _signature(source, made, "__init__").splitlines())
    if not fields and not made:
        yield "    ..."


def _fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    return [
        each
        for each in node.body
        if isinstance(each, ast.AnnAssign) and not _field_name(each).startswith("_")
    ]


def _field_name(node: ast.AnnAssign) -> str:
    return next(iter(_defined(node)), "_")


def _members(source: Source, node: ast.ClassDef) -> Iterator[str]:
    """
    List the fields of a class that have a text of their own, and describe its methods and
    properties.
    """
    docs = _docs(node.body)
    told = [field for field in _fields(node) if docs[_field_name(field)]]
    yield from (
        f"- `{_field_name(field)}`: {' '.join(docs[_field_name(field)].split())}" for field in told
    )
    yield from [""] if told else []
    for method in node.body:
        if (
            isinstance(method, ast.FunctionDef)
            and not method.name.startswith("_")
            and docs[method.name]
        ):
            kinds = {source.written(decorator) for decorator in method.decorator_list}
            place = f"{node.name}.{method.name}"
            if kinds & {"property", "cached_property"}:
                shown = f"{place}: {source.written(method.returns)}"
            else:
                shown = _signature(source, method, place).removeprefix("def ")
            yield from (*_code(shown), *_markdown(docs[method.name]))


def _signature(source: Source, node: ast.FunctionDef, name: str) -> str:
    """Write the signature of a function as its source has it, on several lines where it is long."""
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
    shown = [_argument(source, *each) for each in zip(plain, defaults, strict=True)]
    shown[len(arguments.posonlyargs) :] = [
        *(["/"] if arguments.posonlyargs else []),
        *shown[len(arguments.posonlyargs) :],
    ]
    shown = [argument for argument in shown if argument not in ("self", "cls")]
    if arguments.vararg or arguments.kwonlyargs:
        shown.append(f"*{_argument(source, arguments.vararg) if arguments.vararg else ''}")
    shown += [
        _argument(source, *each)
        for each in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    shown += [f"**{_argument(source, arguments.kwarg)}"] if arguments.kwarg else []
    returns = f" -> {source.written(node.returns)}" if node.returns else ""
    line = f"def {name}({', '.join(shown)}){returns}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"def {name}(", *(f"    {argument}," for argument in shown), f"){returns}"])


def _argument(source: Source, argument: ast.arg, default: ast.expr | None = None) -> str:
    annotation = f": {source.written(argument.annotation)}" if argument.annotation else ""
    equals = " = " if annotation else "="
    return f"{argument.arg}{annotation}{f'{equals}{source.written(default)}' if default else ''}"


def _code(text: str) -> Iterator[str]:
    yield from ("```python", text, *([""] if text.startswith(">>>") else []), "```", "")


def _markdown(doc: str) -> Iterator[str]:
    """Write a docstring as Markdown: examples as blocks, ``Returns:`` and its like as a list."""
    if not doc:
        return
    for part in re.split(r"\n\n(?=>>>)|(?<=\n)\n(?!>>>)", f"{doc}\n"):
        text = part.strip("\n")
        if text.startswith(">>>"):
            yield from _code(text)
        else:
            yield from (SECTION.sub("- ", text), "")


# ---- the types ----------------------------------------------------------------------------------


def _types(found: list[Name]) -> Iterator[str]:
    """
    List the types that the signatures name and that are no public names: what each stands for, and
    of a class its attributes.
    """
    aliases: dict[str, str] = {}
    classes: dict[str, Name] = {}
    waiting = [(name.source, node) for name in found for node in _hints(name.definition)]
    while waiting:
        source, node = waiting.pop(0)
        place, word = _resolved(source, node.id)
        defined = place.definitions.get(word) if place else None
        if not place or word in (*aliases, *classes, *gs.__all__):
            continue
        if isinstance(defined, ast.Assign | ast.AnnAssign):
            aliases[word] = place.written(defined.value)
            waiting += [(place, each) for each in ast.walk(defined) if isinstance(each, ast.Name)]
        elif isinstance(defined, ast.ClassDef):
            classes[word] = Name(name=word, source=place, definition=defined, doc=place.docs[word])
            waiting += [(place, each) for each in _hints(defined)]
    yield from ("## 签名里的类型 · Types in the signatures", "")
    yield from _code("\n".join(f"{name} = {written}" for name, written in sorted(aliases.items())))
    yield "These classes have no public name: you meet their objects as attributes of others."
    yield from ("", "| 类 class | 说明 what it is | 属性 attributes |", "|---|---|---|")
    for name, cls in sorted(classes.items()):
        sentence = " ".join(cls.doc.partition("\n\n")[0].split())
        yield f"| `{name}` | {sentence} | {_attributes(cls)} |"
    yield ""


def _attributes(cls: Name) -> str:
    """
    List the attributes of a class, each with its type: its fields, its properties, and those of the
    classes below it.
    """
    found = []
    for node in getattr(cls.definition, "bases", []):
        place, word = _resolved(cls.source, getattr(node, "id", ""))
        base = place.definitions[word] if place and word in place.definitions else None
        if place and isinstance(base, ast.ClassDef):
            above = Name(name=word, source=place, definition=base, doc="")
            found.append(_attributes(above))
    for node in getattr(cls.definition, "body", []):
        is_property = any(getattr(each, "id", "") == "property" for each in _decorators(node))
        hint = node.returns if is_property else getattr(node, "annotation", None)
        name = getattr(node, "name", getattr(getattr(node, "target", None), "id", "_"))
        if hint is not None and not name.startswith("_"):
            written = cls.source.written(hint).replace("|", "\\|")
            found.append(f"`{name}: {written}`")
    return ", ".join(filter(None, found))


def _decorators(node: ast.AST) -> list[ast.expr]:
    return getattr(node, "decorator_list", [])


def _hints(node: Definition) -> Iterator[ast.Name]:
    """Give the names in the annotations of a definition and of its members."""
    public = [
        node,
        *(
            each
            for each in getattr(node, "body", [])
            if not str(getattr(each, "name", "")).startswith("_")
        ),
    ]
    for each in public:
        if isinstance(each, ast.FunctionDef):
            arguments = [*each.args.posonlyargs, *each.args.args, *each.args.kwonlyargs]
            hints = [*(argument.annotation for argument in arguments), each.returns]
        else:
            hints = [each.annotation] if isinstance(each, ast.AnnAssign) else []
        yield from (
            name for hint in hints if hint for name in ast.walk(hint) if isinstance(name, ast.Name)
        )


def _resolved(source: Source, word: str) -> tuple[Source | None, str]:
    """Find the module of the package that defines a name which a module uses."""
    if word in source.definitions:
        return source, word
    for node in ast.walk(ast.parse(source.text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("govinfo_schema."):
            for alias in node.names:
                if word == (alias.asname or alias.name):
                    return source_of(str(node.module).removeprefix("govinfo_schema.")), alias.name
    return None, word
