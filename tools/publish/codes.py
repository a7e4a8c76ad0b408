"""
The page of codes, ``docs/reference/codes.md``: every code of a finding, what it means, its levels
and its sentence; and every code of an error.

It is made of the data alone: ``codes.toml``, the rules of the editions, ``between.toml`` and
``heuristics.toml``. The tests hold every finding that they make against what the page says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.form.parts import EDITIONS
from govinfo_schema.messages import Label, catalogue, code_of, spoken


@attrs.frozen(kw_only=True)
class Code:
    """
    A code of findings: where they come from, the levels they may have, what they mean, their
    sentence.

    *when* says which of several levels a finding has; None where there is one.
    """

    code: str
    about: str
    levels: tuple[str, ...]
    meaning: Label
    when: Label | None = None

    @property
    def sentence(self) -> Label:
        """
        The sentence with its places for names and figures; all sums within a report share one.
        """
        return _bare(self.code if self.code in catalogue() else "sum")


def codes() -> dict[str, Code]:
    """
    Give every code of a finding, in the order of the page.

    >>> codes()["Y-CARRY"].levels
    ('info', 'warning')
    """
    found: dict[str, Code] = {}
    for code in _codes():
        if code.code in found:
            raise ValueError(
                f"code {code.code} is defined twice in data/; give one of the two another name"
            )
        found[code.code] = code
    return found


def _codes() -> Iterator[Code]:
    data, between = read_data("codes"), read_data("between")
    rules = {entry["code"]: entry for name in EDITIONS for entry in read_data(name)["rules"]}
    entries: dict[str, Iterable[Mapping[str, Any]]] = {
        "sum": rules.values(),
        "heuristic": read_data("heuristics")["heuristics"],
        "years": between["years"],
        "parts": between["parts"],
    }
    for about in data["about"]:
        yield from (_of_rule(about, entry, data["when"]) for entry in entries.get(about, ()))
        yield from (
            _of_entry(about, code, entry, data["when"])
            for code, entry in data.get(about, {}).items()
        )


def _of_rule(about: str, entry: Mapping[str, Any], when: Mapping[str, Any]) -> Code:
    """
    Read the code of a rule or a heuristic; at some places or for complete parts it may have another
    level.
    """
    other = {"warns": "warning", "complete": entry.get("complete")}
    varies = next((key for key in other if key in entry), None)
    levels = (entry["level"], *([other[varies]] if varies else []))
    meaning = Label(entry["zh"], entry["en"])
    return Code(
        code=entry["code"],
        about=about,
        levels=levels,
        meaning=meaning,
        when=Label(**when[varies]) if varies else None,
    )


def _of_entry(about: str, code: str, entry: Mapping[str, Any], when: Mapping[str, Any]) -> Code:
    meaning = Label(entry["zh"], entry["en"])
    varies = Label(**when[entry["when"]]) if "when" in entry else None
    return Code(code=code, about=about, levels=tuple(entry["levels"]), meaning=meaning, when=varies)


@attrs.frozen(kw_only=True)
class ErrorCode:
    """A code of errors: the kind (*calls* or *files*), the class that is raised, what it says."""

    code: str
    kind: str
    raised: str
    sentence: Label


def error_codes() -> dict[str, ErrorCode]:
    """
    Give every code of an error, in the order of the page.

    >>> error_codes()["F-MISSING"].sentence.en
    'there is no such file or folder; check the path'
    """
    found: list[ErrorCode] = []
    for kind, group in read_data("codes")["errors"].items():
        for code, entry in group["codes"].items():
            told = Label(entry["zh"], entry["en"])
            found.append(ErrorCode(code=code, kind=kind, raised=entry["raised"], sentence=told))
        for name in group.get("sentences", ()):
            code, told = code_of(name), _bare(name)
            found.append(ErrorCode(code=code, kind=kind, raised="UnreadableFile", sentence=told))
    return {each.code: each for each in found}


def _bare(name: str) -> Label:
    """Give a sentence with its places for names and figures."""
    sentence = catalogue()[name]
    return Label(*(re.sub(r"\{(\w+)[^}]*\}", r"{\1}", sentence[lang]) for lang in ("zh", "en")))


def page() -> str:
    """Give the page as Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield from ("# 提示代码 · Codes of findings", "")
    yield (
        "`govinfo-schema check` 等命令每条提示都带一个代码。下面说明每个代码是什么意思、"
        "属于错误还是提示、原话怎么说。"
    )
    yield from ("花括号里的是填入的名称和数字。同一主版本之内，代码不取消，含义和级别不变。", "")
    yield (
        "Every finding has a code. This page says what each means, at which levels it is told, "
        "and its sentence; the words in braces"
    )
    yield (
        "are filled in. A code keeps its meaning and its levels and is not taken away but in a "
        "new major version."
    )
    yield ""
    known = codes().values()
    for about, entry in read_data("codes")["about"].items():
        yield from (
            f"## {entry['zh']} · {entry['en']}",
            "",
            entry["zh_note"],
            "",
            entry["en_note"],
            "",
        )
        yield from (
            "| 代码 code | 意思 what it means | 级别 level | 原话 sentence |",
            "|---|---|---|---|",
        )
        yield from (_row(code) for code in known if code.about == about)
        yield ""

    yield from ("# 错误代码 · Codes of errors", "")
    yield "文件无法读写、调用不对时，程序里的错误和 `--format json` 的 `code` 一项给出下面的代码。"
    yield "Errors have codes too: `error.code`, and the `code` of a path in `--format json`."
    yield ""
    errors = error_codes().values()
    for kind, entry in read_data("codes")["errors"].items():
        yield from (f"## {entry['zh']} · {entry['en']}", "", entry["zh_note"], "")
        yield from (entry["en_note"], "", "| 代码 code | 原话 sentence | error |", "|---|---|---|")
        for each in errors:
            if each.kind == kind:
                told = _both(each.sentence).replace("|", "&#124;")
                yield f"| `{each.code}` | {told} | `{each.raised}` |"
        yield ""


def _row(code: Code) -> str:
    levels = [
        Label(
            *(
                " / ".join(getattr(spoken(level), lang) for level in code.levels)
                for lang in ("zh", "en")
            )
        )
    ]
    levels += [code.when] if code.when else []
    cells = [
        f"`{code.code}`",
        _both(code.meaning),
        "<br>".join(map(_both, levels)),
        _both(code.sentence),
    ]
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _both(label: Label) -> str:
    return f"{label.zh}<br>{label.en}"
