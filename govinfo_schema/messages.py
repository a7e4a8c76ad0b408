"""
Messages in Chinese and English, from the catalogue ``data/messages.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once

Lang = Literal["zh", "en"]
"""
The languages of every message: Chinese and English.

>>> import govinfo_schema as gs
>>> language: gs.Lang = "en"
>>> print(gs.compare(gs.generate(1), gs.generate(1)).message(language))
The two reports are equal.
"""


@attrs.frozen
class Label:
    """A text in both languages; *zh* is the wording of the form if the form has one."""

    zh: str
    en: str


@attrs.frozen
class Problem(Label):
    """The message of an error in both languages, and its *code*."""

    code: str


@once
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """
    Return the messages of ``data/messages.toml`` and ``data/heuristics.toml``.

    Shape: the code or name of a message -> its template in ``zh`` and in ``en``.
    """
    groups = read_data("messages").values()
    sentences = {key: entry for group in groups for key, entry in group.items()}
    heuristics = read_data("heuristics")["heuristics"]
    return sentences | {each["code"]: each["message"] for each in heuristics}


def phrase(name: str, lang: Lang, /, **facts: Any) -> str:
    """
    Return a message of the catalogue in one language, its template filled with *facts*.

    In English ``{count:fault/faults}`` is the noun that goes with a number.
    Raises: ValueError if *lang* is neither ``zh`` nor ``en``.

    >>> phrase("T-DEPTH", "en", limit=64)
    'It nests deeper than 64 levels; no report does.'
    """
    if lang not in ("zh", "en"):
        raise ValueError(f"no language {lang!r}: say 'zh' or 'en'")
    message = catalogue()[name][lang].format_map(
        {key: _spoken(fact, lang) for key, fact in facts.items()}
    )
    return _quotes_told_apart(message) if lang == "zh" and _NESTED.search(message) else message


def spoken(name: str, /, **facts: Any) -> Label:
    """Return a message of the catalogue in both languages, its template filled with *facts*."""
    return Label(phrase(name, "zh", **facts), phrase(name, "en", **facts))


def problem(name: str, /, **facts: Any) -> Problem:
    """
    Return the message and the code of an error. The code follows from *name*, see ``code_of``.

    >>> problem("too_many_pages", limit=200).code
    'F-TOO-MANY-PAGES'
    """
    label = spoken(name, **facts)
    return Problem(label.zh, label.en, code_of(name))


def code_of(name: str) -> str:
    """Return the code of a message: its name if that is a code, else ``F-`` and the name."""
    return name if name.isupper() else f"F-{re.sub('[_.]', '-', name.upper())}"


def joined(separator: str, labels: Iterable[Label]) -> Label:
    """Join texts in both languages with a separator of the catalogue, such as ``semicolon``."""
    own = tuple(labels)
    return Label(
        phrase(separator, "zh").join(each.zh for each in own),
        phrase(separator, "en").join(each.en for each in own),
    )


class _Number(int):
    """A whole number in a template: ``{count:fault/faults}`` is the noun that goes with it."""

    def __format__(self, spec: str) -> str:
        one, slash, several = spec.partition("/")
        if slash:
            return one if self == 1 else several
        return super().__format__(spec)


_NESTED: Final = re.compile("“[^“”]*“")
"""A quotation inside another."""


def _quotes_told_apart(text: str) -> str:
    """
    Put ‘’ for every second level of quotation, as GB/T 15834 says; unpaired marks stay.

    >>> _quotes_told_apart("“3.危及“三安全一稳定””填的是 3")
    '“3.危及‘三安全一稳定’”填的是 3'
    """
    signs, depth = list(text), 0
    for at, sign in enumerate(text):
        if sign == "“":
            depth += 1
            signs[at] = sign if depth % 2 else "‘"
        elif sign == "”":
            signs[at] = sign if depth % 2 else "’"
            depth -= 1
        if depth < 0:
            return text
    return text if depth else "".join(signs)


def _spoken(fact: Any, lang: Lang) -> Any:
    if type(fact) is int:
        return _Number(fact)
    if isinstance(fact, Label):
        return fact.zh if lang == "zh" else fact.en
    if isinstance(fact, tuple):
        return phrase("and", lang).join(str(_spoken(each, lang)) for each in fact)
    return fact


def shown(value: object) -> str:
    """Return the ``repr`` of a value on one line, shortened to 60 characters."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 (an int of more digits than Python prints, or whatever another library raises)
        return f"a value of type {type(value).__name__}"
    line = "".join(sign if sign.isprintable() else " " for sign in text[:80])
    return line if len(text) <= 60 else f"{line[:60]}…"
