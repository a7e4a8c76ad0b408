"""
The reports that the golden cases look at, each by its name: examples, generated, damaged and odd
ones.

All randomness is that of ``random.Random`` with a number, the same on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs
import damage
import reports

import govinfo_schema as gs

EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"
SHAPES: Final = reports.SHAPES
KINDS: Final = (
    "single",
    "pair",
    "swapped",
    "shifted",
    "dropped_digit",
    "stale_total",
    "zero_column",
)
BODY: Final = "某市人民政府"
RULES: Final = "proactive.administrative_rules"
DOCUMENTS: Final = "proactive.normative_documents"
FEE: Final = "proactive.administrative_fees.amount"
PROCUREMENT: Final = "proactive.centralized_procurement"


def shape_name(edition: str, undivided: bool) -> str:
    """Name a shape of the form."""
    return f"{edition}-one-row" if undivided and edition != "2019" else edition


def filled(
    values: Mapping[str, Any] | None = None,
    *,
    edition: Any = "2021",
    year: int = 2024,
    body: str = BODY,
    undivided: bool = False,
) -> gs.Report:
    """Make a report of which every figure is 0 but these."""
    report = gs.blank(edition, year=year, body=body, undivided=undivided)
    return gs.replace(report, dict.fromkeys(dict(gs.walk(report)), 0) | dict(values or {}))


def renamed(report: gs.Report, name: str) -> gs.Report:
    """Give a report to another body."""
    return gs.replace(report, {"body.name": name})


# ---- examples, generated and damaged reports ----------------------------------------------------


@cache
def examples() -> dict[str, gs.Report]:
    """Read the examples of the documentation."""
    paths = sorted(EXAMPLES.glob("*.json"))
    return {f"example/{path.stem}": gs.loads(path.read_bytes()) for path in paths}


@cache
def generated() -> dict[str, gs.Report]:
    """Generate reports that hold, of all shapes; table 2 is blank."""
    return {
        f"generated/{shape_name(edition, undivided)}/{seed}": gs.generate(
            seed, edition, undivided=undivided
        )
        for edition, undivided in SHAPES
        for seed in range(5)
    }


@cache
def damaged() -> dict[str, gs.Report]:
    """Spoil generated reports in every way that is known."""
    reports: dict[str, gs.Report] = {}
    for at, (edition, undivided) in enumerate(SHAPES):
        for kind in KINDS:
            for seed in range(100 * at, 100 * at + 60):
                made = gs.generate(seed, edition, undivided=undivided)
                try:
                    spoilt = gs.damage(made, kind, seed)
                except ValueError:
                    continue
                reports[f"damaged/{shape_name(edition, undivided)}/{kind}"] = spoilt.report
                break
    return reports


@cache
def blanked() -> dict[str, gs.Report]:
    """Give reports some of whose figures are blank and some wrong."""
    return {f"blanked/{number}": damage.blanked(number) for number in range(24)}


@cache
def holed() -> dict[str, gs.Report]:
    """Give reports that hold, with up to thirty of their figures blank."""
    reports = {}
    for number in range(12):
        dice = random.Random(number)
        edition, undivided = SHAPES[number % 3]
        report = gs.generate(number + 40, edition, undivided=undivided)
        cells = [cell for cell, value in gs.walk(report) if value is not None]
        blank = dice.sample(cells, dice.randint(1, 30))
        reports[f"holed/{number}"] = gs.replace(report, dict.fromkeys(blank))
    return reports


# ---- full reports: figures in every table, texts, notes -----------------------------------------

SENTENCES: Final = (
    "全年主动公开政府信息{much}条。",
    "共收到政府信息公开申请{received}件，上年结转{before}件，办结{done}件。",
    "予以公开{granted}件，占{share}%；部分公开{part}件，不予公开{withheld}件。",
    "不予公开{withheld}件、无法提供{unable}件、不予处理{refused}件、其他处理{other}件。",
    "其中自然人申请{person}件，商业企业申请{firm}件。结转至下年度继续办理{after}件。",
    "因政府信息公开引起的行政复议{review}件、行政诉讼{trial}件。",
    "加强政府网站和政务新媒体平台建设，完善信息管理与监督保障。",
)


@cache
def full() -> dict[str, gs.Report]:
    """
    Make reports of which every part says something; some of their numbers are not those of the
    tables.
    """
    return {
        f"full/{shape_name(edition, undivided)}/{number}": _full(
            random.Random(1000 * at + number), edition, undivided
        )
        for at, (edition, undivided) in enumerate(SHAPES)
        for number in range(8)
    }


def _full(dice: random.Random, edition: Any, undivided: bool) -> gs.Report:
    report = gs.generate(dice.randrange(10_000), edition, undivided=undivided)
    largest = dice.choice((3, 40, 2_000))
    values: dict[str, Any] = {
        cell: _figure(dice, cell, largest)
        for cell, _ in gs.walk(report)
        if cell.startswith("proactive.")
    }
    text = "".join(dice.sample(SENTENCES, dice.randint(1, len(SENTENCES))))
    told = text.format_map(_numbers(dict(gs.walk(report)), dice)) * dice.choice((1, 1, 6))
    year = report.year + dice.choice((0, 0, 0, 1, -1))
    body = dice.choice(("某市人民政府", "某县人民政府", "某县教育局", "某镇人民政府", "某中心"))
    values |= {
        "year": year,
        "body.name": body,
        "body.level": dice.choice((None, "province", "prefecture", "county", "township")),
        "body.kind": dice.choice((None, "government", "department", "organization")),
        "title": dice.choice((None, f"{body}{year}年政府信息公开工作年度报告")),
        "published_on": date(year + 1, dice.randint(1, 5), dice.randint(1, 28)),
        "overview": told,
        "problems": dice.choice((None, "无。", "存在不足，下一步将改进。", "无其他情况")),
        "other_matters.text": dice.choice((None, "无。", "本年度未收取信息处理费。")),
        "scope.applications": dice.choice((None, "own", "region", "system")),
    }
    if edition == "2019":
        values[f"{PROCUREMENT}.unit"] = dice.choice((None, "元", "万元"))
    note = gs.Note(at=dice.choice((None, *dict(gs.walk(report)))), kind="remark", text="含下属单位")
    return attrs.evolve(gs.replace(report, values), notes=(note,) * dice.randint(0, 2))


def _figure(dice: random.Random, cell: str, largest: int) -> Any:
    if dice.random() < 0.1:
        return None
    if cell.endswith(".amount"):
        return Decimal(dice.randrange(10**8)).scaleb(-dice.choice((0, 2, 4, 6, 7)))
    figure = dice.choice((0, dice.randint(0, largest)))
    return dice.choice((1, -1)) * figure if cell.endswith(".items_change") else figure


def _numbers(values: Mapping[str, Any], dice: random.Random) -> dict[str, Any]:
    """Give what the sentences tell: mostly the figures of the tables."""
    rows = "applications.outcomes"

    def told(*starts: str) -> int:
        own = [
            values[cell] for cell in values if cell.startswith(starts) and cell.endswith(".total")
        ]
        return int(sum(own)) + dice.choice((0, 0, 0, 1))

    done, granted = told(f"{rows}.total."), told(f"{rows}.granted.")
    return {
        "much": dice.randint(1, 5_000),
        "received": told("applications.received."),
        "before": told("applications.brought_forward."),
        "done": done,
        "granted": granted,
        "share": f"{granted * 100 / done if done else 0:.{dice.choice((0, 1, 2))}f}",
        "part": told(f"{rows}.partially_granted."),
        "withheld": told(f"{rows}.withheld."),
        "unable": told(f"{rows}.unable_to_provide."),
        "refused": told(f"{rows}.not_processed."),
        "other": told(f"{rows}.other_handling."),
        "person": values["applications.received.natural_person"],
        "firm": values["applications.received.commercial_enterprise"],
        "after": told("applications.carried_forward."),
        "review": told("disputes.reconsideration."),
        "trial": told("disputes.litigation."),
    }


# ---- odd reports: every heuristic, where it speaks and just where it does not -------------------

WHOLE: Final[dict[str, Any]] = {
    "published_on": date(2025, 1, 20),
    "title": "年度报告",
    "overview": "有",
    "problems": "有不足，将改进",
    "other_matters.text": "未收取信息处理费",
}
OLD: Final[dict[str, Any]] = {"edition": "2019", "year": 2020, "undivided": True}
LONG: Final = "依申请公开、平台、监督、管理" * 50
_OUTCOMES: Final = "applications.outcomes"


def _document_figures(issued: int, repealed: int, in_force: int) -> dict[str, Any]:
    row = {"issued": issued, "repealed": repealed, "in_force": in_force}
    return {f"{DOCUMENTS}.{column}": value for column, value in row.items()}


ODD: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "X-TPL/2019-of-2021": ({}, OLD | {"year": 2021}),
    "X-TPL/2019-of-2020": ({}, OLD),
    "X-TPL/2019-of-2018": ({}, OLD | {"year": 2018}),
    "X-TPL/2021-of-2020": ({}, {"year": 2020}),
    "X-TPL/one-row": ({}, {"year": 2020, "undivided": True}),
    "X-TPL/2021-of-2021": ({}, {"year": 2021}),
    "X-PUB/department-late": (WHOLE | {"published_on": date(2025, 2, 1)}, {"body": "某市教育局"}),
    "X-PUB/department-last-day": (
        WHOLE | {"published_on": date(2025, 1, 31)},
        {"body": "某市教育局"},
    ),
    "X-PUB/government-late": (WHOLE | {"published_on": date(2025, 4, 1)}, {}),
    "X-PUB/government-last-day": (WHOLE | {"published_on": date(2025, 3, 31)}, {}),
    "X-PUB/kind-given": (
        WHOLE | {"published_on": date(2025, 4, 1), "body.kind": "department"},
        {"body": "某办"},
    ),
    "X-PUB/township": (WHOLE | {"published_on": date(2025, 4, 1), "body.level": "township"}, {}),
    "X-PUB/last-year-of-the-calendar": (WHOLE, {"year": 9999}),
    "N-SEC/overview": (WHOLE | {"overview": None}, {}),
    "N-SEC/problems": (WHOLE | {"problems": None}, {}),
    "N-SEC/other-matters": (WHOLE | {"other_matters.text": None}, {}),
    "N-SEC/two": (WHOLE | {"problems": None, "other_matters.text": None}, OLD),
    "N-SEC/no-title": (WHOLE | {"title": None, "problems": None}, {}),
    "N-SEC/whole": (WHOLE, {}),
    "A-VALID1/documents": (_document_figures(5, 1, 3), {}),
    "A-VALID1/edge": (_document_figures(5, 1, 4), {}),
    "A-VALID1/blank": (_document_figures(5, 1, 3) | {f"{DOCUMENTS}.repealed": None}, {}),
    "A-VALID1/rules": ({f"{RULES}.issued": 2, f"{RULES}.in_force": 1}, {"undivided": True}),
    "A-GZ/town": ({f"{RULES}.in_force": 2}, {"body": "某县某镇人民政府"}),
    "A-GZ/street": ({f"{RULES}.issued": 2, f"{RULES}.in_force": 3}, {"body": "某街道办事处"}),
    "A-GZ/county-by-name": ({f"{RULES}.in_force": 2}, {"body": "某县人民政府"}),
    "A-GZ/bureau-of-a-county": ({f"{RULES}.in_force": 2}, {"body": "某县水利局"}),
    "A-GZ/county-by-level": ({f"{RULES}.in_force": 2, "body.level": "county"}, {}),
    "A-GZ/prefecture": ({f"{RULES}.in_force": 2, "body.level": "prefecture"}, {}),
    "A-GZ/city": ({f"{RULES}.in_force": 2}, {}),
    "A-GZ/2019": ({f"{RULES}.produced": 2, "body.level": "county"}, OLD),
    "A-UNIT/town": ({FEE: 1_904_573}, {"body": "某镇人民政府"}),
    "A-UNIT/town-edge": ({FEE: 20_000}, {"body": "某镇人民政府"}),
    "A-UNIT/town-below": ({FEE: Decimal("19999.99")}, {"body": "某镇人民政府"}),
    "A-UNIT/county": ({FEE: 1_000_000, "body.level": "county"}, {}),
    "A-UNIT/province": ({FEE: 100_000_000, "body.level": "province"}, {}),
    "A-UNIT/unknown": ({FEE: 961_716_000}, {}),
    "A-UNIT/unknown-below": ({FEE: Decimal("96171.6")}, {}),
    "A-DEC/seven": ({FEE: Decimal("1.2345678")}, {}),
    "A-DEC/six": ({FEE: Decimal("1.234567")}, {}),
    "A-DEC/zeros": ({FEE: Decimal("1.23000000")}, {}),
    "P-PUB/documents": ({f"{DOCUMENTS}.disclosed": 2}, OLD),
    "P-PUB/rules-edge": ({f"{RULES}.disclosed": 2, f"{RULES}.total_disclosed": 2}, OLD),
    "P-PUB/rules": ({f"{RULES}.disclosed": 3, f"{RULES}.total_disclosed": 2}, OLD),
    "P-NEG/penalties": ({"proactive.penalties.items_change": -8}, OLD),
    "P-NEG/edge": (
        {"proactive.penalties.items_prior_year": 8, "proactive.penalties.items_change": -8},
        OLD,
    ),
    "P-NEG/all-rows": (
        {
            f"proactive.{row}.items_change": -1
            for row in ("licensing", "other_external_services", "compulsion", "administrative_fees")
        },
        OLD,
    ),
    "P-AMT/projects": ({f"{PROCUREMENT}.projects": 8}, OLD),
    "P-AMT/amount": ({f"{PROCUREMENT}.amount": Decimal("0.5")}, OLD),
    "P-AMT/both": ({f"{PROCUREMENT}.projects": 8, f"{PROCUREMENT}.amount": 1}, OLD),
    "A-POWER/county": ({"body.kind": "government", "body.level": "county"}, {}),
    "A-POWER/2019": ({"body.kind": "government", "body.level": "province"}, OLD),
    "A-POWER/township": ({"body.kind": "government", "body.level": "township"}, {}),
    "A-POWER/used": (
        {"body.kind": "government", "body.level": "county", "proactive.licensing.decisions": 1},
        {},
    ),
    "A-ZERO/2021": ({}, {}),
    "A-ZERO/2019": ({}, OLD),
    "A-ZERO/blank": ({"disputes.reconsideration.upheld": None}, {}),
    "C-AFTER/odd": ({"disputes.litigation.after_reconsideration.total": 1}, {}),
    "C-AFTER/2019": ({"disputes.litigation.after_reconsideration.total": 1}, OLD),
    "C-AFTER/direct": ({"disputes.litigation.direct.total": 1}, {}),
    "C-NOREQ/reconsideration": ({"disputes.reconsideration.total": 1}, {}),
    "C-NOREQ/all": (
        {
            f"disputes.{row}.total": 2
            for row in ("reconsideration", "litigation.direct", "litigation.after_reconsideration")
        },
        OLD,
    ),
    "C-NOREQ/request": (
        {"disputes.reconsideration.total": 1, "applications.brought_forward.natural_person": 1},
        {},
    ),
    "N-S1/long": (WHOLE | {"overview": LONG}, {}),
    "N-S1/two-missing": (WHOLE | {"overview": "主动公开、依申请公开、管理" * 50}, OLD),
    "N-S1/short": (WHOLE | {"overview": "依申请公开、平台、监督" * 9}, {}),
    "N-S5/nothing": (WHOLE | {"problems": "无。"}, {}),
    "N-S5/none-known": (WHOLE | {"problems": "不存在重大问题"}, OLD),
    "N-S5/words": (WHOLE | {"problems": "无论在形式上还是内容上都有不足"}, {}),
    "N-S6/nothing": (WHOLE | {"other_matters.text": "无"}, {}),
    "N-S6/one-row": (WHOLE | {"other_matters.text": "无"}, {"undivided": True}),
    "N-S6/2019": (WHOLE | {"other_matters.text": "无"}, OLD),
    "N-S6/stated": (
        WHOLE | {"other_matters.text": "无", "other_matters.processing_fee.status": "none"},
        {},
    ),
    "N-S6b/unpaid": (
        WHOLE
        | {
            "other_matters.text": "无",
            f"{_OUTCOMES}.other_handling.fee_not_paid_in_time.total": 6,
        },
        {},
    ),
    "N-S6b/told": (WHOLE | {f"{_OUTCOMES}.other_handling.fee_not_paid_in_time.total": 6}, {}),
    "N-FEE/parts": (
        {"other_matters.text": "收取信息处理费2950元，其中甲局420元、乙局2500元。"},
        {},
    ),
    "N-FEE/two-sentences": (
        {
            "other_matters.text": "无。\n收取处理费30.5元（甲局10元、乙局20元）；"
            "收取处理费9元，分别为甲局4元、乙局4元"
        },
        OLD,
    ),
    "N-FEE/whole": (
        {
            "other_matters.text": "收取信息处理费2950元（标准为100元/件），"
            "其中甲局420元、乙局2530元。"
        },
        {},
    ),
}
"""Name -> the figures and texts of a report, and its form, its year and its body."""

CLAIMS: Final = {
    "received": "全年收到政府信息公开申请{n}件。",
    "received-in-hundreds": "全年新收申请一百零五件。",
    "received-partly": "区政府办代表区政府受理政府信息公开申请{n}件。",
    "received-roughly": "收到政府信息公开申请近{n}件。",
    "received-compared": "受理政府信息公开申请较上年增加{n}件。",
    "received-elsewhere": "收到群众来信{n}件。",
    "handled": "办理政府信息公开申请{n}件。",
    "answered": "政府信息公开申请办结{n}件。",
    "brought-forward": "上年结转申请{n}件。",
    "carried-forward": "{n}件结转下年度继续办理。",
    "carried-forward-first": "结转至下年度办理的申请{n}件。",
    "granted": "予以公开{n}件，占{share}%。",
    "granted-partly": "部分公开{n}件，占{share}%。",
    "granted-both": "予以公开及部分公开{n}件，占比{share}%。",
    "withheld": "不予公开{n}件，占15%。",
    "unable": "无法提供{n}件，占15.0%。",
    "not-processed": "不予处理{n}件。",
    "other-handling": "其他处理{n}件，占{share}%。",
    "natural-person": "政府信息公开申请中，自然人申请{n}件。",
    "commercial-enterprise": "政府信息公开申请中，商业企业申请{n}件。",
    "reconsideration": "因政府信息公开引起的行政复议{n}件。",
    "litigation": "因政府信息公开引起的行政复议2件、行政诉讼{n}件。",
    "documents-in-force": "现行有效行政规范性文件{n}件。",
    "documents-issued": "制发行政规范性文件{n}件。",
}

CONTEXTS: Final = {
    "partly": (
        *(
            "代表区政府",
            "本级",
            "市级",
            "区级",
            "县级",
            "机关本部",
            "市办共",
            "局办公室受理的",
            "其中",
            "有关部门",
            "各部门",
        ),
        *(
            "三季度",
            "上半年",
            "下半年",
            "七月",
            "通过网络",
            "网上",
            "通过网站",
            "通过平台",
            "信函",
            "邮寄",
            "邮件",
            "当面",
        ),
        *("现场", "窗口", "传真", "自然人", "企业", "法人", "组织", "机构", "公民", "本年"),
    ),
    "elsewhere": (
        *(
            "留言",
            "咨询",
            "来信",
            "信件",
            "热线",
            "12345",
            "建议",
            "提案",
            "议案",
            "解读",
            "诉求",
            "主动公开",
        ),
        *("主动发布", "依职权", "许可申请", "复议申请", "诉讼"),
    ),
    "compared": (
        *(
            "同比",
            "环比",
            "较上年",
            "比去年",
            "去年",
            "增长",
            "增加",
            "上升",
            "下降",
            "减少",
            "回落",
            "以来",
        ),
        *("近", "约", "超过", "超", "逾", "达到", "达", "多达", "不足", "至少"),
    ),
}
"""Words beside which a number says something else, or less."""


@cache
def odd() -> dict[str, gs.Report]:
    """
    Make the reports of ``ODD``, and one true and one untrue of everything that a text may claim.
    """
    reports = {f"odd/{name}": filled(values, **form) for name, (values, form) in ODD.items()}
    for at, (name, text) in enumerate(CLAIMS.items()):
        for turn, n in enumerate(("6", "７", "60")[at % 2 :]):
            edition, undivided = SHAPES[(at + turn) % 3]
            told = {"overview": "本年度。\n" + text.format(n=n, share="10")}
            figures = _claimed(edition, undivided)
            year = 2020 if edition == "2019" else 2024
            report = filled(figures | told, edition=edition, year=year, undivided=undivided)
            reports[f"claim/{name}/{shape_name(edition, undivided)}/{n}"] = report
    for context, words in CONTEXTS.items():
        for number in (3, 60):
            texts = [f"{word}收到政府信息公开申请{number}件。" for word in words]
            texts += [
                f"收到政府信息公开申请{word}{number}件，办结申请{number}件。" for word in words
            ]
            told = {"overview": "\n".join(texts)}
            reports[f"context/{context}/{number}"] = filled(_claimed("2021", False) | told)
    for share in ("9", "9.9", "9.99", "10", "10.0", "10.1", "10.4", "11", "11.0", "60", "100"):
        told = {"overview": f"不予公开6件，占{share}%。"}
        reports[f"share/{share}"] = filled(_claimed("2021", False) | told)
    return reports


def _claimed(edition: Any, undivided: bool) -> dict[str, Any]:
    """Give figures of which each that a text may claim is 6, or a sum of 6."""
    report = filled(edition=edition, undivided=undivided)
    rows = (
        *("received", "carried_forward", "outcomes.granted", "outcomes.partially_granted"),
        *("outcomes.withheld.state_secret", "outcomes.unable_to_provide.not_held"),
        *("outcomes.not_processed.repeated", "outcomes.other_handling.other"),
    )
    wanted = [f"applications.{row}" for row in (*rows, "outcomes.other_handling")]
    cells = [cell for cell, _ in gs.walk(report) if cell.rpartition(".")[0] in wanted]
    documents = [f"{DOCUMENTS}.{column}" for column in ("issued", "in_force", "produced")]
    cells += [cell for cell, _ in gs.walk(report) if cell in documents]
    cells += ["disputes.reconsideration.total", "disputes.litigation.direct.total"]
    return dict.fromkeys(cells, 6) | {f"{_OUTCOMES}.total.total": 60}
