"""
What a web page shows, and what stands beside its text: styles, marks, fields, pictures, pages in
pages, menus. Each page is written here, as short as it shows what it must.
"""

from __future__ import annotations

from typing import Any, cast

import pytest
from lxml import etree

from govinfo_schema.documents.document import Document, Grid, Paragraph
from govinfo_schema.documents.formats.pages import read_page

PAGE = "<style>{}</style><table><tr><td>许可</td>{}<td>5271</td></tr></table>"


def read(page: str) -> Document:
    """Read a page that is one."""
    document = read_page(page)
    assert document is not None
    return document


def row(cell: str, style: str = "") -> list[Any]:
    """Read a row of a table that holds a cell between two others; give texts and what is beside."""
    grid = read(PAGE.format(style, cell)).blocks[-1]
    assert isinstance(grid, Grid)
    found: list[Any] = []
    for span in grid.spans[1:-1]:
        found += [span.text, *((aside.kind, aside.text) for aside in span.asides)]
        assert all(aside.place == span.place for aside in span.asides)
    assert grid.spans[-1].text == "5271"
    return found


@pytest.mark.parametrize(
    ("cell", "style", "text", "aside"),
    [
        ("<s>8</s>2935", "", "2935", ("struck", "8")),
        ("<strike>8</strike>2935", "", "2935", ("struck", "8")),
        ("<del>8<b>1</b></del><ins>2935</ins>", "", "2935", ("struck", "81")),
        ("2<s>8</s>935", "", "2935", ("struck", "8")),
        (
            "<span style='text-decoration: underline line-through'>8</span>2935",
            "",
            "2935",
            "struck",
        ),
        ("<i class=x>8</i>2935", ".x{text-decoration-line:line-through}", "2935", "struck"),
        ("<s style='text-decoration:none'>2935</s>", "", "2935", ""),
        ("2935<sup>1</sup>", "", "2935", ("note_mark", "1")),
        ("2935<sub>注2</sub>", "", "2935", ("note_mark", "注2")),
        ("2935<sup><a href='#n'>[3]</a></sup>", "", "2935", ("note_mark", "[3]")),
        ("2935<span style='vertical-align:super'>①</span>", "", "2935", ("note_mark", "①")),
        ("2935<span style='position:relative;top:-5.0pt'>2</span>", "", "2935", "note_mark"),
        ("2935<b class=m>*</b>", ".m{vertical-align:text-top}", "2935", "note_mark"),
        ("2935<a href='#_ftn1'>1</a>", "", "2935", ("note_mark", "1")),
        ("<a href='#top'>2935</a>", "", "2935", ""),
        ("<a href='#note1'>35</a>", "", "35", ""),
        ("29<sup>1</sup>35", "", "29 35", ("note_mark", "1")),
        ("2935<sup>（其中修订3件）</sup>", "", "2935（其中修订3件）", ""),
        ("<sup>4</sup>", "", "", ("note_mark", "4")),
        ("2935<ruby>件<rt>2</rt></ruby>", "", "2935件", ("note_mark", "2")),
        ("<b style='display:none'>8</b>2935", "", "2935", ("hidden", "8")),
        ("<b hidden>8</b>2935", "", "2935", "hidden"),
        (
            "<b style='visibility:hidden'>8<i style='visibility:visible'>1</i></b>2",
            "",
            "12",
            "hidden",
        ),
        ("<b style='opacity:0'>8</b>2935", "", "2935", "hidden"),
        ("<b style='font-size:0'>8<i style='font-size:9pt'>1</i></b>2", "", "12", "hidden"),
        ("<b style='color:#FFF'>8</b>2935", "", "2935", "hidden"),
        ("<font color=white>8</font>2935", "", "2935", "hidden"),
        ("<b style='color:rgba(0,0,0,0)'>8</b>2935", "", "2935", "hidden"),
        ("<b style='color:#fff;background:#a00000'>8</b>2935", "", "82935", ""),
        ("<b style='position:absolute;left:-9999px'>8</b>2935", "", "2935", "hidden"),
        ("<b class=sr-only>8</b>2935", "", "2935", "hidden"),
        ("<p style='height:0;overflow:hidden'>8</p>2935", "", "2935", "hidden"),
        ("<b style='text-indent:2em;width:100%;overflow:hidden'>8</b>2", "", "82", ""),
        ("<b aria-hidden=true>8</b>2935", "", "82935", ""),
        ("<b class='a x'>8</b>2935", ".y,b.x{display:none}", "2935", "hidden"),
        ("<b class=x>8</b>2935", "@media (max-width:768px){.x{display:none}}", "82935", ""),
        ("<b class=x>8</b>2", ".x{display:none}@media screen{td>b.x{display:inline}}", "82", ""),
        ("<b class=x>8</b>2935", "@media(min-width:992px){.x{display:none}}", "2935", "hidden"),
        ("<b class=x>8</b>2935", "@media (min-width:62em){.x{display:none}}", "2935", "hidden"),
        ("<b class=x>8</b>2935", "@media print{.x{display:none}}", "82935", ""),
        ("<b class=x>8</b>2935", "b:not(.y){visibility:hidden}", "2935", "hidden"),
        ("<b class=x>8</b>2935", "b:hover{display:none}", "82935", ""),
        ("<b style='display:inline'>8</b>2", "b{display:none!important}", "2", "hidden"),
        ("<b style='display:/**/none'>8</b>2935", "", "2935", "hidden"),
        ("<b style='d\\69splay:none'>8</b>2935", "", "2935", "hidden"),
        ("<b style='-webkit-text-fill-color:transparent'>8</b>2935", "", "2935", "hidden"),
        ("<b style='scale:0'>8</b>2935", "", "2935", "hidden"),
        ("<b popover>8</b>2935", "", "2935", "hidden"),
        ("<ruby>2935<rp>8</rp></ruby>", "", "2935", "hidden"),
        ("2935<b style='vertical-align:top;font-size:60%'>8</b>", "", "2935", "note_mark"),
        ("<b>8</b>2935", "td :is(i,b){display:none}", "2935", "hidden"),
        ("<b>8</b>2935", "b:where(:not(.y)){display:none}", "2935", "hidden"),
        ("<b>8</b>2935", "td b:only-child{display:none}", "2935", "hidden"),
        ("<b>8</b>2935", "td{color:red;& b{display:none}}", "2935", "hidden"),
        ("<b>8</b>2935", "td{> b{display:none} height:1em}", "2935", "hidden"),
        ("<b>8</b>2935", "@supports(display:grid){b{display:none}}", "2935", "hidden"),
        ("<b>8</b>2935", "@supports not (display:grid){b{display:none}}", "82935", ""),
        ("<b>8</b>2935", "b{display:none", "2935", "hidden"),
        ("<b>8</b>2935", ":root{--n:none}b{display:var(--n)}", "2935", "hidden"),
        ("<b>8</b>2935", "b{display:var(--n, none)}", "2935", "hidden"),
        ("<b>8</b>2935", "p{--n:none}td{--n:block}b{display:var(--n)}", "2935", "hidden"),
        ("<b>8</b>2935", "p{--n:block}td{--n:none}b{display:var(--n)}", "82935", "style"),
        ("<b>8</b>2935", "td:has(b) b{display:none}", "82935", "style"),
        ("<b>8</b>2935", "td:has(b) b{font-weight:700}", "82935", ""),
        ("<b></b>935", "b::before{content:'2'}", "935", "style"),
        ("<b></b>935", "b:after{content:'\\32'}", "935", "style"),
        ("<b></b>", "b:after{content:attr(data-v)}", "", "style"),
        ("2935", "td::after{content:'8'}", "2935", "style"),
        ("2935<b></b>", "b::before{content:'\\e602'}td::after{content:'件'}", "2935", ""),
        ("<b></b>2935", "b:hover::after{content:'8'}", "2935", ""),
        ("<b style='clip-path:polygon(0 0,0 0,0 0)'>8</b>2935", "", "82935", "style"),
        ("<b style='float:right'>5</b>293", "", "5293", "style"),
        ("<b style='float:right'>2935</b>", "", "2935", ""),
        ("<p style='flex-flow:row-reverse wrap'><b>35</b><b>29</b></p>", "", "3529", "style"),
        ("<bdo dir=rtl>5392</bdo>", "", "5392", "style"),
        ("<b style='transform:rotate(180deg)'>6</b>", "", "6", "style"),
        ("<b class=layui-hide>8</b>2935", "", "82935", ("style", "class: layui-hide")),
        ("<b class=hide>8</b>2935", ".hide{color:red}", "82935", ""),
        ("<ol start=2935><li></li></ol>", "", "", ("style", "ol")),
        ("<input type=password value=2935>", "", "", ("style", "2935")),
        ("<b id=n>8</b>2", "#n{display:inline}tr td b{display:none}", "82", ""),
        ("<input value=2935>", "", "2935", ""),
        ("<input type=NUMBER value=2935>件", "", "2935 件", ""),
        ("<input type=hidden value=8><input type=checkbox value=1>", "", "", ""),
        ("<input placeholder=请填写>", "", "", ("placeholder", "请填写")),
        ("<textarea>2935</textarea>", "", "2935", ""),
        ("<select><option>8<option selected>2935</select>", "", "2935", ""),
        ("<input value=29><input value=35>", "", "29  35", ""),
        ("<img src=a.png alt=2935>", "", "", ("picture", "2935")),
        ("<svg><text>2935</text></svg>", "", "", ("picture", "2935")),
        ("<img src=a.gif width=1 height=1>2935", "", "2935", ""),
        ("<math><mrow><mn>2935</mn></mrow></math>", "", "2935", ""),
        ("<math><msup><mn>29</mn><mn>3</mn></msup></math>", "", "", ("equation", "293")),
        ("<script>8</script><template>8</template><noscript>8</noscript>2935", "", "2935", ""),
    ],
)
def test_cell(cell: str, style: str, text: str, aside: Any) -> None:
    """What is not seen as a part of a figure stands beside it, and all that is seen is its text."""
    found = row(f"<td>{cell}</td>", style)
    assert found[0] == text
    assert (
        ([kind for kind, _ in found[1:]] == [aside])
        if isinstance(aside, str) and aside
        else (found[1:] == ([aside] if aside else []))
    )


@pytest.mark.parametrize(
    ("cells", "style", "left"),
    [
        ("<td style='display:none'>81</td><td>29</td>", "", ["29"]),
        ("<td hidden>81</td><td>29</td>", "", ["29"]),
        ("<td class=x>81</td><td>29</td>", "td.x{display:none}", ["29"]),
        ("<td>81</td><td>29</td>", "td:nth-child(2){display:none}", ["29"]),
        ("<td style='position:absolute;left:-9999px'>81</td><td>29</td>", "", ["29"]),
    ],
)
def test_hidden_cell_takes_no_column(cells: str, style: str, left: list[str]) -> None:
    """A browser takes such a cell out of its row; its text stands beside that of the page."""
    assert row(cells, style) == left
    asides = read(PAGE.format(style, cells)).asides
    assert [(aside.kind, aside.text) for aside in asides] == [("hidden", "81")]


def test_cell_that_is_not_visible_keeps_its_column() -> None:
    """It is blank, as one sees it, and says what it does not show."""
    assert row("<td style='visibility:hidden'>81</td><td>29</td>") == ["", ("hidden", "81"), "29"]


def texts(grid: Any) -> list[list[str]]:
    """Give the texts of a grid, row by row."""
    return [[span.text for span in row] for row in grid.rows()]


def test_rows_and_columns_that_are_not_shown() -> None:
    """They are left out of a grid, and what is merged over them is as small as it is shown."""
    document = read(
        "<table><colgroup><col><col style='visibility:collapse'><col></colgroup>"
        "<tr><td rowspan=4>甲</td><td colspan=2>头</td></tr>"
        "<tr style='display:none'><td>71</td><td>72</td></tr>"
        "<tr style='visibility:collapse'><td>73</td><td>74</td></tr>"
        "<tr><td>75</td><td>76</td></tr><tr><td>77</td><td>78</td></tr></table>"
    )
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    assert texts(grid) == [["甲", "头"], ["76"], ["78"]]
    assert [(span.rows, span.columns) for span in grid.spans[:2]] == [(3, 1), (1, 1)]
    assert [aside.text for aside in document.asides] == ["71", "72", "73", "74", "75", "77"]


@pytest.mark.parametrize(
    "table",
    [
        "<table style='display:none'>{}</table>",
        "<div hidden><table>{}</table></div>",
        "<table style='visibility:hidden'>{}</table>",
        "<div style='height:0;overflow:hidden'><table>{}</table></div>",
        "<table><tr><td><table class=sr-only>{}</table></td><td>旁</td></tr></table>",
    ],
)
def test_hidden_table_is_a_hidden_grid(table: str) -> None:
    """It can be named, cell by cell, and takes the place of none that is shown."""
    body = "<tr><td>甲</td><td>31</td></tr>"
    document = read(f"{table.format(body)}<table>{body.replace('31', '29')}</table>")
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    hidden = [grid for grid in grids if grid.hidden]
    assert [texts(grid) for grid in hidden] == [[["甲", "31"]]]
    assert [["甲", "29"]] in [texts(grid) for grid in grids if not grid.hidden]
    assert not any(span.asides for grid in hidden for span in grid.spans)


TABLE = "<table><tr><td>甲</td><td>29</td></tr></table>"
ESCAPED = TABLE.replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    "page",
    [
        f"<iframe srcdoc='<h1>题</h1>{TABLE}'></iframe>",
        f"<iframe srcdoc=\"<iframe srcdoc='<h1>题</h1>{ESCAPED}'>\"></iframe>",
        f"<div>&lt;html>&lt;h1>题&lt;/h1>{ESCAPED}</div>",
        f"<div>{f'&lt;h1>题&lt;/h1>{ESCAPED}'.replace('&', '&amp;')}</div>",
        f"<p>&lt;h1>题&lt;/h1></p><p>{ESCAPED.replace('&lt;td', '</p><p>&lt;td')}</p>",
        f"<textarea><h1>题</h1>{TABLE}</textarea>",
        f"<xmp><h1>题</h1>{TABLE}</xmp>",
    ],
)
def test_page_in_a_page(page: str) -> None:
    """A page in a frame, or one whose tags are written as text, is read in its place."""
    document = read(f"<p>前</p>{page}<p>后</p>")
    before, title, grid, after = document.blocks
    assert isinstance(title, Paragraph)
    assert (title.text, title.level) == ("题", 1)
    assert texts(grid) == [["甲", "29"]]
    assert [block.text for block in (before, after) if isinstance(block, Paragraph)] == ["前", "后"]


def test_roles() -> None:
    """What leads to other pages is told from what the page is about; a first heading is neither."""
    document = read(
        "<body><header><h1>某县人民政府</h1><p>登录</p></header><nav>首页</nav>"
        "<div class='bt-position'>您的位置：<a>首页</a></div><div class=top><a>繁体</a></div>"
        "<article><header><h1>年度报告</h1><p>2025-01-20</p></header>"
        "<p>见<a href=x>链接</a></p><h2><a name=_Toc1>一、总体</a></h2><p><a href=x>附件</a></p>"
        "<div class=top>正文</div></article><p>当前位置：首页</p><ul class=side><li>去年</li></ul>"
        "<p>下一篇：<a>没有了</a></p><p>【打印】 【关闭】</p>"
        f"<div class=main-nav>{'总体情况' * 200}</div><div id=pageFooter>主办</div>"
    )
    roles = [
        (block.text[:4], block.role) for block in document.blocks if isinstance(block, Paragraph)
    ]
    assert roles == [
        *(("某县人民", ""), ("登录", "navigation"), ("首页", "navigation")),
        *(("您的位置", "navigation"), ("繁体", "navigation"), ("年度报告", ""), ("2025", "")),
        *(("见链接", ""), ("一、总体", ""), ("附件", "link"), ("正文", "")),
        *(("当前位置", "navigation"), ("去年", "navigation")),
        *(("下一篇：", "navigation"), ("【打印】", "navigation"), ("总体情况", "")),
        ("主办", "navigation"),
    ]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p class='position-relative'>公开信息三条</p>", ["公开信息三条"]),
        ("<p id=share-box>情况良好。</p><p id=share-box>分享</p>", ["情况良好。"]),
        (
            "<footer>全年公开信息，答复申请，办理复议，接受监督</footer>",
            ["全年公开信息，答复申请，办理复议，接受监督"],
        ),
        ("<header><p>情况<a href=x>良好</a>。</p></header>", ["情况良好。"]),
        ("<footer>版权所有，未经许可不得转载。</footer>", []),
        ("<div class=side><a href=x>情况良好。</a></div>", []),
        ("<p>位置：大厅一楼</p><p>位置：首页 &gt; 年报</p>", ["位置：大厅一楼"]),
        ("<p>打印 资料12份</p><p>打印 关闭</p>", ["打印 资料12份"]),
        ("<p>您的位置：大厅一楼设立查阅点。</p>", ["您的位置：大厅一楼设立查阅点。"]),
        (
            "<textarea>情况良好。\n已公开。</textarea><textarea>搜索</textarea>",
            ["情况良好。", "已公开。"],
        ),
    ],
)
def test_sentences_are_no_navigation(page: str, lines: list[str]) -> None:
    """A sentence is text wherever it stands, and so is what only looks like a menu."""
    blocks = [block for block in read(page).blocks if isinstance(block, Paragraph)]
    assert [block.text for block in blocks if not block.role] == lines


def test_properties() -> None:
    """What a page says of itself is kept by the names that it uses."""
    document = read(
        "<head><meta name=ArticleTitle content='年报 '><meta name=PubDate content=2025-01-26>"
        "<meta property='og:title' content=题><meta name=empty content=''>"
        "<title>年报_网</title></head><body><time datetime=2025-01-20>一月</time>"
        "<b itemprop=datePublished>2025-01-21</b>"
    )
    assert document.title == "年报"
    assert document.properties == (
        *(("ArticleTitle", "年报"), ("PubDate", "2025-01-26"), ("og:title", "题")),
        *(("title", "年报_网"), ("time", "2025-01-20"), ("datePublished", "2025-01-21")),
    )


def test_locators_lead_to_the_element() -> None:
    """The path of a cell or a paragraph finds in the parsed page what it was read from."""
    page = (
        "<body><div><p>甲</p></div><div><p>乙</p><table><tbody><tr><td>一</td><td>29</td></tr>"
        "<tr><th>二</th><td><table><tr><td>35</td></tr></table></td></tr></tbody></table></div>"
    )
    tree = etree.fromstring(page, etree.HTMLParser(encoding="utf-8")).getroottree()
    found = []
    for block in read(page).blocks:
        for each in block.spans if isinstance(block, Grid) else [block]:
            (element,) = cast("list[Any]", tree.xpath(each.place.locator))
            assert element.text == each.text
            found.append(each.text)
    assert found == ["甲", "乙", "一", "29", "二", "35"]


def test_text_outside_cells() -> None:
    """The mark of a note goes, the square of a metre stays; what is left out is kept beside."""
    document = read(
        "<p>面积35m<sup>2</sup>，新收3525<sup>1</sup>件。<s>旧</s></p>"
        "<p><sup>1</sup>注：含结转。</p><p style='display:none'>藏</p><p><img alt=图></p>"
        "<table><caption>单位：元</caption><tr><td>1"
    )
    shown = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert shown == ["面积35m2，新收3525件。", "1注：含结转。", "单位：元"]
    assert [(aside.kind, aside.text) for aside in document.asides] == [
        *(("note_mark", "1"), ("struck", "旧"), ("hidden", "藏"), ("picture", "图")),
    ]
