"""
Openings of reports as pages, Word files, workbooks and copied texts print them, composed of parts,
each with the body and the year that it names.

The tables and texts of the report are the same in all of them; what stands above and below differs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final, Literal

import attrs

import govinfo_schema as gs
from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.layout import layout

Kind = Literal["page", "article", "word", "text", "pdf", "sheet"]
KINDS: Final[tuple[Kind, ...]] = ("page", "article", "word", "text", "pdf", "sheet")
"""A page of a content management system, an article for phones, a Word file and so on."""

BODIES: Final = (
    *("某市人民政府", "某县人民政府办公室", "某市某区某街道办事处", "某镇人民政府", "某市教育局"),
    *("某县公安局交通警察大队", "某省财政厅", "某市发展和改革委员会", "某市第一人民医院"),
    *("某高新技术产业开发区管理委员会", "某大学", "某市第１中学", "某水务集团有限公司"),
    *("某市政务服务和数据管理局", "某海关", "某自治州人民政府", "某旗人民政府", "市中区人民政府"),
    *("全州县人民政府", "将乐县人民政府", "和平区人民政府", "镇江市财政局", "日照市水利局"),
    *("本溪市民政局", "某縣某鄉人民政府", "中国某银行某市分行", "某县残联", "某市图书馆", "某村镇"),
    *("某市新闻出版局", "某市信访局", "某县融媒体中心", "某监狱", "某市政府办公厅", "公安县水利局"),
)
YEARS: Final[tuple[Callable[[int], str], ...]] = (
    lambda year: f"{year}年",
    lambda year: f"{year}年度",
    lambda year: f"{year} 年",
    lambda year: "".join(chr(ord(digit) + 0xFEE0) for digit in str(year)) + "年",
    lambda year: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year)) + "年",
    lambda year: "".join("○一二三四五六七八九"[int(digit)] for digit in str(year)) + "年度",
    lambda year: "".join("零一二三四五六七八九"[int(digit)] for digit in str(year)) + "年度",
)
TITLES: Final = (
    *("{body}{year}政府信息公开工作年度报告", "{year}{body}政府信息公开工作年度报告"),
    *("{body}{year}政府信息公开年度报告", "{body}关于{year}政府信息公开工作的年度报告"),
    *("{body}政府信息公开工作年度报告（{year}）", "{body}政府信息公开{year}年报"),
    *("关于{body}{year}政府信息公开工作情况的报告", "{body}{year}信息公开年度报告"),
    *("{body}{year}政务公开工作年度报告", "{body}{year}政府資訊公開年報"),
    "{year}政府信息公开工作年度报告（{body}）",
)
"""Titles that name year and body."""
BROKEN: Final = (
    ("{body}", "{year}政府信息公开工作年度报告"),
    ("{body}{year}", "政府信息公开工作年度报告"),
    ("{body}", "{year}", "政府信息公开工作年度报告"),
    ("{body}{year}政府信息公开工作", "年度报告"),
    ("{body}{year}政府信息", "公开工作年度报告"),
)
"""The same on several lines."""
NAMELESS: Final = (
    "{year}政府信息公开工作年度报告",
    "政府信息公开工作年度报告（{year}）",
    "关于{year}政府信息公开工作年度报告",
)
"""Titles without the body, which the signature then names."""
PREAMBLES: Final = (
    "根据《中华人民共和国政府信息公开条例》规定，现公布{body}{year}政府信息公开工作年度报告。",
    "按照有关要求，现将{body}{year}政府信息公开工作年度报告公布如下：",
    "根据《中华人民共和国政府信息公开条例》，{body}编制了《{body}{year}政府信息公开工作年度报告》。",
    "{body}{year}政府信息公开工作年度报告根据《条例》第五十条编制，由六个部分组成。",
)
"""First sentences of a report without a title."""
PERIODS: Final = (
    "本报告所列数据的统计期限为{number}年1月1日至{number}年12月31日。",
    "统计期限自{number}年1月1日起至12月31日止。",
    "数据统计时间：{number}.01.01-{number}.12.31（12月底）。",
)

ABOVE: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("首页 > 政务公开 > 政府信息公开年报 > 正文",),
    ("当前位置：首页 > 信息公开 > 政府信息公开年报",),
    ("您所在的位置： 首页>>政府信息公开>>年度报告",),
    ("首页", "政务公开", "办事服务", "互动交流", "走进某城"),
    ("导航", "网站首页", "新闻中心", "公众参与"),
    ("登录 | 注册 | 无障碍 | 长者版", "繁體版 ENGLISH"),
    ("欢迎访问某某政府门户网站！ 今天是2026年2月3日 星期二",),
    ("索引号：00820288-9/2025-13543 主题分类：", "发布日期：{after}-01-26 名称："),
    ("索 引 号：01123/2026-00007　文号：某政办〔{after}〕3号",),
    ("发文机关：某市人民政府办公室", "文 号：", "成文日期：{after}-02-01"),
    ("{after}-01-26 09:10",),
    ("某政办〔{after}〕3号",),
    ("附件2",),
    ("附件1：",),
    ("附件",),
    ("某某人民政府办公室文件", "某政办〔{after}〕12号"),
    ("【字体：大 中 小】", "打印", "分享到："),
    ("[字号 大 中 小]",),
    ("联系我们", "网站地图"),
    ("法规公文", "政策解读", "通知公告"),
    ("点击蓝字 关注我们",),
    ("来源：某某网 作者：管理员 浏览次数：2024",),
)
"""What stands above a title."""
DECOYS: Final[tuple[tuple[str, ...], ...]] = (
    (),
    (),
    ("{before}年政府信息公开工作年度报告", "{earlier}年政府信息公开工作年度报告"),
    ("丙市财政局{number}年政府信息公开工作年度报告",),
    (
        "丙市财政局{before}年政府信息公开工作年度报告",
        "丙市水利局{before}年政府信息公开工作年度报告",
    ),
)
"""Other reports that a page links to."""
UNDER: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("发布时间：{after}-01-26 09:10　来源：某某办公室　字体：【大 中 小】　浏览次数：2031",),
    ("日期：{after}年3月1日", "浏览量：2022"),
    ("分享到：微信 微博",),
    ("发布机构：{body}", "发布日期：{after}-02-03"),
    ("时间：{after}-01-20 来源：某市融媒体中心",),
    ("{after}年1月20日",),
)
"""What stands between a title and the first section."""
BELOW: Final[tuple[tuple[str, ...], ...]] = (
    (),
    ("上一篇：丙市{before}年政府信息公开工作年度报告", "下一篇：没有了"),
    ("【打印】 【关闭】", "主办单位：丙市人民政府 ICP备案：00000000号"),
    ("分享到：微信 微博", "相关链接：", "丙县{before}年政府信息公开工作年度报告"),
    ("扫一扫在手机打开当前页", "版权所有：丙市人民政府办公室 网站标识码：0000000000"),
    ("责任编辑：某某", "返回顶部"),
)
"""What stands below a report."""


@attrs.frozen
class Head:
    """A document, and the body and the year that are right for it; *number* is its seed."""

    number: int
    kind: Kind
    document: Document
    body: str
    year: int
    lines: tuple[str, ...]


def heads(numbers: Sequence[int]) -> Iterator[Head]:
    """Compose the openings with these numbers."""
    for number in numbers:
        yield _head(number, random.Random(number))


def _head(number: int, dice: random.Random) -> Head:
    kind = KINDS[number % len(KINDS)]
    year = dice.randrange(2021, 2026)
    body = dice.choice(BODIES)
    facts = {
        "body": body,
        "number": year,
        "year": dice.choice(YEARS)(year),
        "before": year - 1,
        "earlier": year - 2,
        "after": year + 1,
    }

    def filled(lines: Sequence[str]) -> list[str]:
        return [line.format(**facts) for line in lines]

    title, opening, below = map(filled, _entitled(dice))
    decoys = filled(dice.choice(DECOYS)) if kind in ("page", "text") else []
    above = filled(dice.choice(ABOVE)) + filled(dice.choice(ABOVE))
    under = filled(dice.choice(UNDER))
    page = kind == "page" and dice.random() < 0.7
    parts: list[Block] = [
        *(Paragraph(text=text, role="navigation" if page else "") for text in above[:-1]),
        *(Paragraph(text=text) for text in above[-1:]),
        *(Paragraph(text=text, role="link" if page else "") for text in decoys),
        *(Paragraph(text=text, level=_level(kind, dice)) for text in title),
        *(Paragraph(text=text) for text in (*under, *opening)),
    ]
    if kind == "sheet":
        parts = [_rows([*above[-1:], *title, *under, *opening])]
    tail = [Paragraph(text=text) for text in (*below, *filled(dice.choice(BELOW)))]
    metadata = kind in ("page", "word") and len(title) == 1 and dice.random() < 0.6
    document = Document(
        blocks=(*parts, *sections(), *tail),
        title=f"{title[0]}_某某政府网"
        if metadata and kind == "page"
        else title[0]
        if metadata
        else "",
        properties=(("SiteName", "丙市人民政府"), ("PubDate", f"{year + 1}-01-26")) if page else (),
    )
    lines = [*above, *decoys, *title, *under, *opening, "…", *(each.text for each in tail)]
    return Head(number, kind, document, body, year, tuple(lines))


def _entitled(dice: random.Random) -> tuple[Sequence[str], list[str], list[str]]:
    """Choose how a report says year and body: title, first sentences, signature."""
    period = [dice.choice(PERIODS)] if dice.random() < 0.5 else []
    signature = dice.choice([["{body}", "{after}年1月26日"], ["{body} {after}年1月26日"]])
    signed = signature if dice.random() < 0.4 else []
    way = dice.random()
    if way < 0.5:
        return [dice.choice(TITLES)], period, signed
    if way < 0.75:
        return dice.choice(BROKEN), period, signed
    if way < 0.85:
        return [dice.choice(NAMELESS)], period, signature
    if way < 0.95:
        return [], [dice.choice(PREAMBLES), *period], signed
    return ["{body}政府信息公开工作年度报告"], [dice.choice(PERIODS)], signed


def _level(kind: Kind, dice: random.Random) -> int:
    return 1 if kind == "page" or (kind == "word" and dice.random() < 0.5) else 0


def _rows(lines: Sequence[str]) -> Grid:
    """Put lines on a sheet, each merged over all columns."""
    place = Place(sheet="Sheet1")
    return Grid(
        spans=tuple(
            Span(text=line, row=row, column=0, columns=10, place=place)
            for row, line in enumerate(lines)
        )
    )


@cache
def sections() -> tuple[Block, ...]:
    """Give the six sections of a report, without its title."""
    report = gs.replace(
        gs.generate(7),
        {
            "title": None,
            "published_on": None,
            "overview": "本机关按照要求开展工作，与丁市水利局联合开展培训。",
            "problems": "存在不足，对照2018年政府信息公开工作年度报告持续改进。",
            "other_matters.text": "无。",
        },
    )
    return layout(report).blocks[1:]
