"""
What the package says to people: texts in two languages, and the sentences of
``data/messages.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once

Lang = Literal["zh", "en"]


@attrs.frozen
class Label:
    """A text in both languages; *zh* is the wording of the form where the form has one."""

    zh: str
    en: str


@attrs.frozen
class Problem(Label):
    """The sentence of an error in both languages, and the *code* that stands for it."""

    code: str


@once
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """
    Read the sentences of ``data/messages.toml``, and those of ``data/heuristics.toml``.

    Returns: code or name of a phrase -> its sentence in ``zh`` and ``en``.
    """
    groups = read_data("messages").values()
    sentences = {key: entry for group in groups for key, entry in group.items()}
    heuristics = read_data("heuristics")["heuristics"]
    return sentences | {each["code"]: each["message"] for each in heuristics}


def phrase(name: str, lang: Lang, /, **facts: Any) -> str:
    """
    Fill one sentence of the catalogue.

    Raises: ValueError if *lang* is neither ``zh`` nor ``en``.

    >>> phrase("T-DEPTH", "en", limit=64)
    'It nests deeper than 64 levels; no report does.'
    """
    if lang not in ("zh", "en"):
        raise ValueError(f"no language {lang!r}: say 'zh' or 'en'")
    return catalogue()[name][lang].format_map(
        {key: _spoken(fact, lang) for key, fact in facts.items()}
    )


def spoken(name: str, /, **facts: Any) -> Label:
    """Fill one sentence of the catalogue in both languages."""
    return Label(phrase(name, "zh", **facts), phrase(name, "en", **facts))


def problem(name: str, /, **facts: Any) -> Problem:
    """
    Fill the sentence of an error; its code is its name in capitals, unless that is a code itself.

    >>> problem("too_many_pages", limit=200).code
    'F-TOO-MANY-PAGES'
    """
    label = spoken(name, **facts)
    return Problem(label.zh, label.en, code_of(name))


def code_of(name: str) -> str:
    """Give the code of the error that a sentence is about."""
    return name if name.isupper() else f"F-{re.sub('[_.]', '-', name.upper())}"


def joined(separator: str, labels: Iterable[Label]) -> Label:
    """Join texts by a phrase of the catalogue, such as ``and`` or ``semicolon``."""
    own = tuple(labels)
    return Label(
        phrase(separator, "zh").join(each.zh for each in own),
        phrase(separator, "en").join(each.en for each in own),
    )


def _spoken(fact: Any, lang: Lang) -> Any:
    if isinstance(fact, Label):
        return fact.zh if lang == "zh" else fact.en
    if isinstance(fact, tuple):
        return phrase("and", lang).join(str(_spoken(each, lang)) for each in fact)
    return fact


def shown(value: object) -> str:
    """Show any value on one line, cut where it is long."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 (an int of more digits than Python prints, or whatever another library raises)
        return f"a value of type {type(value).__name__}"
    line = "".join(sign if sign.isprintable() else " " for sign in text[:80])
    return line if len(text) <= 60 else f"{line[:60]}…"
