"""
Pictures of reports: the outcomes of one, the years of one body, several bodies side by side. Drawn
with matplotlib.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from govinfo_schema.data.classes import is_a
from govinfo_schema.documents.formats import library, put, unreadable
from govinfo_schema.form import ids
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.report.access import figures, form_of, walk
from govinfo_schema.report.given import reports_in
from govinfo_schema.report.model import Report

SUFFIXES: Final = (".svg", ".png")
FONTS: Final = (
    *(
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "Microsoft YaHei",
        "PingFang SC",
        "Hiragino Sans GB",
        "SimHei",
    ),
    *(
        "WenQuanYi Zen Hei",
        "WenQuanYi Micro Hei",
        "Noto Serif CJK SC",
        "SimSun",
        "Songti SC",
        "STSong",
        "AR PL UMing CN",
    ),
)
"""Fonts that have the Chinese characters of the form, the more legible first."""
OUTCOMES: Final[Mapping[str, str]] = {
    "granted": "applications.outcomes.granted.total",
    "partially_granted": "applications.outcomes.partially_granted.total",
    "withheld": "applications.outcomes.withheld.*.total",
    "unable_to_provide": "applications.outcomes.unable_to_provide.*.total",
    "not_processed": "applications.outcomes.not_processed.*.total",
    "other_handling": "applications.outcomes.other_handling.**.total",
}
COURSE: Final = (
    "applications.received.total",
    "applications.outcomes.total.total",
    "applications.carried_forward.total",
)
MOST: Final = 40
"""So many reports fit into one picture."""
COLOURS: Final = ("#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#999999", "#009e73")
"""Colours that people who see few colours can tell apart."""


def chart(
    reports: Report | Iterable[Report], path: str | os.PathLike[str], *, lang: Lang = "zh"
) -> None:
    """
    Draw reports: the outcomes of one, the course of several years of one body, the outcomes of
    several bodies side by side.

    Blank: a figure that is blank leaves a gap in a line, and a bar says so.
    Raises: UnreadableFile if the suffix is neither .svg nor .png, the path cannot be written, there
    is no report or too many, or no font with Chinese characters is installed; MissingLibrary
    without matplotlib; TypeError if one of *reports* is no report.

    >>> import govinfo_schema as gs
    >>> gs.chart([], "outcomes.svg")
    Traceback (most recent call last):
    govinfo_schema.errors.UnreadableFile: outcomes.svg: a picture takes 1 to 40 reports, not 0
    """
    given: Any = [reports] if is_a(reports, Report) else reports
    own = list(reports_in(given, "chart"))
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(SUFFIXES))
    if not 0 < len(own) <= MOST:
        raise unreadable(path, "chart.count", count=len(own), most=MOST)
    matplotlib = library("matplotlib", "chart")
    font = _font(path)
    weights = dict.fromkeys(("font.weight", "axes.titleweight", "axes.labelweight"), font.weight)
    settings = {
        "font.family": [font.name],
        **weights,
        "axes.unicode_minus": False,
        "svg.hashsalt": "govinfo",
        "svg.fonttype": "path",
    }
    with matplotlib.rc_context(settings):
        figure = library("matplotlib.figure", "chart").Figure(figsize=(10, 6), layout="constrained")
        if len({each.body.name for each in own}) == 1 and len(own) > 1:
            _course(figure.add_subplot(), sorted(own, key=lambda each: each.year), lang)
        else:
            _outcomes(figure.add_subplot(), own, lang)
        buffer = io.BytesIO()
        figure.savefig(
            buffer,
            format=suffix[1:],
            dpi=150,
            metadata={"Date": None} if suffix == ".svg" else None,
        )
    put(buffer.getvalue(), path)


def _font(path: str | os.PathLike[str]) -> Any:
    """
    Find a font that has the Chinese characters of the form.

    Raises: UnreadableFile, with the line that installs one.
    """
    manager = library("matplotlib.font_manager", "chart")
    installed = {each.name: each for each in manager.fontManager.ttflist}
    found = next((installed[name] for name in FONTS if name in installed), None)
    if found is None:
        raise unreadable(path, "chart.font")
    return found


def _outcomes(axes: Any, reports: Sequence[Report], lang: Lang) -> None:
    """
    Bars of what became of the requests: of one report one for each outcome, of several one for each
    report, in parts.
    """
    names = [_name(each, lang, several=len(reports) > 1) for each in reports]
    labels = [_label(reports[0], key, lang) for key in OUTCOMES]
    if len(reports) == 1:
        values = [_sum(reports[0], pattern) for pattern in OUTCOMES.values()]
        bars = axes.barh(labels, [value or 0 for value in values], color=COLOURS)
        axes.bar_label(
            bars,
            [phrase("excerpt.blank", lang) if value is None else f"{value}" for value in values],
            padding=3,
        )
        axes.set_title(phrase("chart.outcomes", lang, name=names[0]))
    else:
        start = [0] * len(reports)
        for pattern, label, colour in zip(OUTCOMES.values(), labels, COLOURS, strict=True):
            known = [_sum(each, pattern) or 0 for each in reports]
            axes.barh(names, known, left=start, color=colour, label=label)
            start = [before + value for before, value in zip(start, known, strict=True)]
        blanks = [
            any(_sum(each, pattern) is None for pattern in OUTCOMES.values()) for each in reports
        ]
        for number, (total, blank) in enumerate(zip(start, blanks, strict=True)):
            axes.text(
                total,
                number,
                f" {total}{'+' + phrase('excerpt.blank', lang) if blank else ''}",
                va="center",
            )
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=3, frameon=False)
        axes.set_title(phrase("chart.bodies", lang))
    axes.invert_yaxis()
    axes.set_xlabel(phrase("chart.unit", lang))
    axes.spines[["top", "right"]].set_visible(False)


def _course(axes: Any, reports: Sequence[Report], lang: Lang) -> None:
    """Lines over the years: requests received, answered, carried forward; a blank leaves a gap."""
    span = list(range(reports[0].year, reports[-1].year + 1))
    values = {each.year: dict(walk(each)) for each in reports}
    for cell, colour in zip(COURSE, (COLOURS[0], COLOURS[5], COLOURS[2]), strict=True):
        line = [
            float("nan") if (value := values.get(year, {}).get(cell)) is None else value
            for year in span
        ]
        form = edition(reports[-1].edition)
        above = (
            [form.rows["applications.outcomes"]]
            if ids.is_below(cell, "applications.outcomes")
            else []
        )
        rows = [*above, form.cell(cell).row]
        axes.plot(
            span,
            line,
            marker="o",
            color=colour,
            label=" · ".join(row.zh if lang == "zh" else row.en for row in rows),
        )
    axes.set_xticks(span)
    axes.set_ylim(bottom=0)
    axes.set_title(phrase("chart.course", lang, name=reports[0].body.name))
    axes.set_ylabel(phrase("chart.unit", lang))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=1, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _sum(report: Report, pattern: str) -> int | None:
    values = figures(report)
    own = [values[cell] for cell in form_of(report).sum_of(pattern)]
    return None if None in own else sum(own)


def _label(report: Report, key: str, lang: Lang) -> str:
    row = edition(report.edition).rows[ids.join("applications.outcomes", key)].path
    text = row.zh if lang == "zh" else row.en
    return text.partition("（区分")[0].partition(" (a severed")[0]


def _name(report: Report, lang: Lang, *, several: bool) -> str:
    text = (
        f"{report.body.name} {report.year}"
        if several or lang == "en"
        else f"{report.body.name}{report.year}年"
    )
    return "".join(sign for sign in text if sign.isprintable()).replace("$", r"\$")[:40]
