"""
Everything that is published for other languages and for readers: the files of ``schemas/`` and of
``docs/reference/``.

All of it is generated: ``python -m tools.publish FOLDER`` writes it anew, and a test compares the
bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import attrs

from govinfo_schema.bulk.queries import Dialect, sql
from govinfo_schema.checks.one_report import check
from govinfo_schema.data import read_data
from govinfo_schema.documents.formats import put
from govinfo_schema.findings import Equation, rule_to_dict
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, form, forms
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS, Cell, EditionName
from govinfo_schema.messages import Label
from govinfo_schema.report.access import replace
from govinfo_schema.report.conformance import conforms
from govinfo_schema.report.json import to_dict
from govinfo_schema.report.model import Report
from govinfo_schema.report.schema import DIALECT, SCHEMA_VERSION, published
from tools.publish import api, codes
from tools.publish.model import PATH, model
from tools.publish.reference import example, pages, spoilt

RELEASED: Final = "tests/conformance/released.json"
URN: Final = "urn:govinfo-schema:{version}:{name}"


def files() -> Mapping[str, bytes]:
    """Give every published file by its path from the root of the project."""
    found = {
        "schemas/edition.schema.json": _json(edition_schema()),
        "schemas/findings.schema.json": _json(findings_schema()),
    }
    for name in EDITIONS:
        folder = f"schemas/{name}"
        found[f"{folder}/report.schema.json"] = published(name)
        found[f"{folder}/edition.json"] = _json(vocabulary(name))
        found[f"{folder}/cells.csv"] = _cells(name)
        found |= {
            f"{folder}/equations.{dialect}.sql": query(name, dialect)
            for dialect in get_args(Dialect)
        }
        found |= {f"{folder}/cases/{case['name']}.json": _json(case) for case in cases(name)}
    reference = {**pages(), "codes.md": codes.page(), "api.md": api.page()}
    found |= {f"docs/reference/{page}": text.encode() for page, text in reference.items()}
    return found | {PATH: model()}


# ---- vocabulary and rules -----------------------------------------------------------------------


def vocabulary(name: EditionName) -> dict[str, Any]:
    """
    Give an edition as plain data: every cell with labels, unit and source, every rule with its
    expanded equations.
    """
    of = edition(name)
    return {
        "$schema": URN.format(version=SCHEMA_VERSION, name="edition"),
        "edition": name,
        "title": {"zh": of.zh, "en": of.en},
        "document": of.document,
        "first_year": of.first_year,
        "rule_set": attrs.asdict(form(name).rule_set),
        "sections": [_field(each) for each in of.sections],
        "fields": [_field(each) for each in of.fields.values() if each not in of.sections],
        "cells": [_cell(each) for each in of.all_cells.values()],
        "rules": [_rule(name, code) for code in dict.fromkeys(rule.code for rule in of.rules)],
    }


def _field(field: Any) -> dict[str, Any]:
    return {
        "id": field.id,
        "zh": field.zh,
        "en": field.en,
        "unit": field.unit,
        "sources": _sources(field.sources),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "id": cell.id,
        "pointer": pointer(cell.id),
        "zh": cell.zh,
        "en": cell.en,
        "unit": cell.unit,
        "unit_pointer": pointer(cell.column.unit_field.id) if cell.column.unit_field else None,
        "kind": cell.kind,
        "sources": _sources(cell.sources),
    }


def _rule(name: EditionName, code: str) -> dict[str, Any]:
    both = dict.fromkeys(
        each for shape in forms(name) for each in shape.equations if each.rule.code == code
    )
    rule = next(iter(both)).rule
    made = rule_to_dict(rule) | {
        "level": rule.level,
        "left": attrs.asdict(rule.left_label),
        "right": attrs.asdict(rule.right_label),
    }
    return made | {"equations": [{"where": _where(each), "terms": _terms(each)} for each in both]}


def _where(equation: Equation) -> dict[str, str]:
    """Name the place of an equation, in the quotation marks that published files keep."""
    before, _, rest = equation.where.zh.partition("“")
    name, _, after = rest.rpartition("”")
    name = name.replace("‘", "“").replace("’", "”")
    return {"zh": f"{before}「{name}」{after}", "en": equation.where.en}


def _terms(each: Equation) -> list[list[Any]]:
    return [[coefficient, pointer(cell)] for cell, coefficient in each.coefficients().items()]


def pointer(cell: str) -> str:
    """Give the JSON Pointer (RFC 6901) of a cell id."""
    return "".join(f"/{step}" for step in ids.split(cell))


def _sources(sources: Sequence[Label]) -> list[dict[str, str]]:
    return [attrs.asdict(each) for each in sources]


def _cells(name: EditionName) -> bytes:
    of = edition(name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["id", "pointer", "zh", "en", "unit", "kind", "source_zh", "source_en"])
    for cell in of.all_cells.values():
        sources = [tuple(getattr(source, lang) for source in cell.sources) for lang in ("zh", "en")]
        writer.writerow(
            [
                cell.id,
                pointer(cell.id),
                cell.zh,
                cell.en,
                cell.unit,
                cell.kind,
                "；".join(sources[0]),
                "; ".join(sources[1]),
            ]
        )
    return text.getvalue().encode("utf-8-sig")


# ---- the equations in SQL -----------------------------------------------------------------------


def query(name: EditionName, dialect: Dialect) -> bytes:
    """Give the equations of an edition as a file of SQL that says how to use it."""
    of, words = edition(name), read_data("dialects")[dialect]
    rules = form(name).rule_set
    head = f"""
{of.en} ({of.document}): its equations in {words["name"]}.
One row for each equation of a report that is broken or unknown, with
  report, file  which row of the table it is
  rule, equation  the code of the rule, and the cells of the right side
  left, right, difference  the two sums and left - right; null if unknown
  blanks  the cells for which it is unknown
Reads {words["reads"]}. To use it: {words["use"]}
Rule set {rules.version}, digest {rules.digest}
Generated by gs.sql("{name}", "{dialect}"); its arguments change the names of table and columns.
"""
    comment = "".join(f"-- {line}\n" for line in head.strip().splitlines())
    return f"{comment}\n{sql(name, dialect)};\n".encode()


# ---- the conformance suite ----------------------------------------------------------------------


def cases(name: EditionName) -> Iterator[dict[str, Any]]:
    """
    Give the conformance suite of an edition: reports that hold, break and leave unknown each rule,
    and documents to refuse.
    """
    for shape in forms(name):
        report = example(shape)
        suffix = "" if shape is shape.fine else "-undivided"
        yield _assessed(f"holds{suffix}", report, "每条勾稽关系都成立", "every equation holds")
        for code, equation in {
            equation.rule.code: equation for equation in shape.equations
        }.items():
            yield _assessed(
                f"breaks-{code}{suffix}", spoilt(shape, code), f"{code} 不成立", f"{code} is broken"
            )
            blanked = replace(report, {equation.left[0]: None})
            yield _assessed(
                f"unknown-{code}{suffix}",
                blanked,
                f"{code} 有空白，不能核对",
                f"{code} cannot be checked for a blank",
            )
    yield from (_refused(form(name), fault) for fault in _faults(form(name)))


def _assessed(name: str, report: Report, zh: str, en: str) -> dict[str, Any]:
    found = check(report)
    expected = {
        "conforms": True,
        "held": found.held,
        "broken": [
            {"rule": each.rule.code, "terms": _terms(each), "difference": each.difference}
            for each in found.broken
        ],
        "unknown": [
            {
                "rule": each.rule.code,
                "terms": _terms(each),
                "blanks": list(map(pointer, each.blanks)),
            }
            for each in found.unknown
        ],
    }
    return {
        "name": name,
        "description": {"zh": zh, "en": en},
        "document": _plain(report),
        "expected": expected,
    }


def _refused(of: Form, fault: tuple[str, str, Any, str, str]) -> dict[str, Any]:
    code, path, value, zh, en = fault
    data = _plain(example(of))
    *above, last = ids.split(path)
    node = data
    for step in above:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is _GONE:
        del node[last]
    else:
        node[last] = value
    faults = [{"code": each.code, "pointer": pointer(each.cells[0])} for each in conforms(data)]
    if code not in [each["code"] for each in faults]:
        raise ValueError(f"{path} = {value!r} is no case of {code}: {faults}")
    label = f"refused-{code}-{'-'.join(ids.split(path))}"
    return {
        "name": label,
        "description": {"zh": zh, "en": en},
        "document": data,
        "expected": {"conforms": False, "faults": faults},
    }


_GONE: Final = object()


def _faults(of: Form) -> Iterator[tuple[str, str, Any, str, str]]:
    cell = "disputes.reconsideration.upheld"
    amount = next(cell.id for cell in of.cells.values() if cell.kind == "amount")
    yield "S-MISSING", cell, _GONE, "缺一项数字", "a figure is missing"
    yield "S-MISSING", "applications.outcomes", _GONE, "缺一部分", "a part is missing"
    yield (
        "S-UNKNOWN",
        "disputes.reconsideration.dismissed",
        1,
        "多一项格式里没有的",
        "a key that the form does not have",
    )
    yield "S-TYPE", cell, "5", "数字写成文字", "a figure as text"
    yield (
        "S-TYPE",
        "applications.received.total",
        1.5,
        "件数不是整数",
        "a count that is no whole number",
    )
    yield (
        "S-TYPE",
        "applications.received.natural_person",
        True,
        "件数是逻辑值",
        "a count that is a truth value",
    )
    yield "S-TYPE", "body.name", None, "没有单位名称", "no name of the body"
    yield "S-NEGATIVE", cell, -1, "件数小于 0", "a count below 0"
    yield "S-NEGATIVE", amount, -0.5, "金额小于 0", "an amount below 0"
    yield "S-MAXIMUM", cell, 2**53, "件数过大", "a count too large"
    yield (
        "S-VALUE",
        "body.level",
        "village",
        "行政层级不在列表里",
        "a level that is none of the list",
    )
    yield "S-VALUE", "edition", "2020", "没有这一版格式", "an edition that does not exist"
    yield "S-FORM", "published_on", "2023-02-29", "日历上没有这一天", "a day that no calendar has"
    yield (
        "S-FORM",
        "body.division_code",
        "32130",
        "行政区划代码位数不对",
        "a division code of the wrong length",
    )
    yield "S-FORM", "body.name", "", "单位名称为空", "an empty name"


def _plain(report: Report) -> dict[str, Any]:
    """
    Give a report as JSON has it; the reports of the suite have no amount that a double would round.
    """
    made: dict[str, Any] = json.loads(json.dumps(to_dict(report), default=float))
    return made


# ---- the schemas of all this --------------------------------------------------------------------

_TEXT: Final = {"type": "string", "minLength": 1}
_POINTER: Final = {"type": "string", "pattern": "^(/[a-z_]+)+$"}
_LABEL: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["zh", "en"],
    "properties": {"zh": _TEXT, "en": _TEXT},
}
_COUNT: Final = {"type": "integer", "minimum": 0}


def _closed(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _list(items: Any, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def edition_schema() -> dict[str, Any]:
    """Give the schema of ``edition.json``."""
    field = {
        "id": _TEXT,
        "zh": _TEXT,
        "en": _TEXT,
        "unit": {"type": "string"},
        "sources": _list(_reference("Label"), 1),
    }
    pointers = {"pointer": _POINTER, "unit_pointer": {"anyOf": [_POINTER, {"type": "null"}]}}
    term = {
        "type": "array",
        "prefixItems": [{"enum": [-1, 1]}, _POINTER],
        "items": False,
        "minItems": 2,
    }
    definitions = {
        "Label": _LABEL,
        "Field": _closed(**field),
        "Cell": _closed(**field, **pointers, kind={"enum": ["count", "signed_count", "amount"]}),
        "Equation": _closed(where=_reference("Label"), terms=_list(term, 2)),
        "Rule": _closed(
            code={"type": "string", "pattern": "^[A-Z]-[A-Z0-9]+$"},
            label=_reference("Label"),
            standing={"enum": ["official", "implied", "heuristic"]},
            sources=_list(_reference("Label"), 1),
            level={"enum": ["error", "warning", "info"]},
            left=_reference("Label"),
            right=_reference("Label"),
            equations=_list(_reference("Equation"), 1),
        ),
    }
    root = _closed(
        **{"$schema": _TEXT},
        edition={"enum": list(EDITIONS)},
        title=_reference("Label"),
        document=_TEXT,
        first_year={"type": "integer"},
        rule_set=_closed(edition=_TEXT, version=_TEXT, digest=_TEXT),
        sections=_list(_reference("Field"), 6),
        fields=_list(_reference("Field"), 1),
        cells=_list(_reference("Cell"), 1),
        rules=_list(_reference("Rule"), 1),
    )
    return _schema("edition", "Vocabulary and rules of an edition of the form", root, definitions)


def findings_schema() -> dict[str, Any]:
    """Give the schema of what ``check --format json`` prints."""
    number = {"type": ["integer", "null"]}
    amount = {"type": ["integer", "string", "null"]}
    ids = _list(_TEXT)
    definitions = {
        "Label": _LABEL,
        "Rule": _closed(
            code=_TEXT,
            label=_reference("Label"),
            standing=_TEXT,
            sources=_list(_reference("Label")),
        ),
        "Equation": _closed(
            rule=_TEXT,
            where=_reference("Label"),
            left=ids,
            right=ids,
            left_sum=amount,
            right_sum=amount,
            difference=amount,
            blanks=ids,
        ),
        "Quote": _closed(section=_TEXT, start=_COUNT, end=_COUNT, text={"type": "string"}),
        "Finding": _closed(
            code=_TEXT,
            level={"enum": ["error", "warning", "info"]},
            cells=ids,
            reports=_list({"type": "string"}),
            quote={"anyOf": [_reference("Quote"), {"type": "null"}]},
            left=number,
            right=number,
            difference=number,
            rule={"anyOf": [_reference("Rule"), {"type": "null"}]},
            symptoms=_list(_reference("Equation")),
            message=_reference("Label"),
        ),
        "Result": _closed(
            path={"type": "string"},
            verdict={"enum": ["held", "unknown", "broken", "invalid", "unreadable"]},
            edition={"enum": [*EDITIONS, None]},
            year=number,
            body={"type": ["string", "null"]},
            problem={"anyOf": [_reference("Label"), {"type": "null"}]},
            findings=_list(_reference("Finding")),
            held=number,
            broken=number,
            unknown=number,
            rule_set={
                "anyOf": [_closed(edition=_TEXT, version=_TEXT, digest=_TEXT), {"type": "null"}]
            },
        ),
    }
    verdicts = ("held", "unknown", "broken", "invalid", "unreadable")
    root = _closed(
        results=_list(_reference("Result")), summary=_closed(**dict.fromkeys(verdicts, _COUNT))
    )
    # Evidence may be added in a minor version, so what this library prints is open to more keys.
    for each in ("Finding", "Result"):
        del definitions[each]["additionalProperties"]
    return _schema("findings", "What a check of reports says", root, definitions)


def _schema(
    name: str, title: str, root: dict[str, Any], definitions: dict[str, Any]
) -> dict[str, Any]:
    head = {
        "$schema": DIALECT,
        "$id": URN.format(version=SCHEMA_VERSION, name=name),
        "title": title,
    }
    return head | root | {"$defs": definitions}


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def main(folder: str) -> None:
    """Write every generated file into a copy of the project, and digests of what is new."""
    generated = files()
    for path, content in generated.items():
        target = Path(folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        put(content, target)
    _record(generated, Path(folder, RELEASED))


def _record(generated: Mapping[str, bytes], path: Path) -> None:
    """Add the digests of published files that have none; a digest is never replaced."""
    if path.exists():
        digests = {
            name: hashlib.sha256(content).hexdigest()
            for name, content in generated.items()
            if name.startswith("schemas/")
        }
        released = {**digests, **json.loads(path.read_text(encoding="utf-8"))}
        put((json.dumps(released, indent=1) + "\n").encode(), path)


if __name__ == "__main__":
    main(sys.argv[1])
