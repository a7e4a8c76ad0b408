"""
The report as frozen attrs classes, in the order in which it is printed.

Names and types stand here; labels, units and rules stand in ``data/``, and a test compares the two. ``None`` is blank in the
source and never zero. A row of figures is one object, so that an editor completes
``report.applications.outcomes.withheld.state_secret.natural_person``.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, Literal, TypeAlias, get_args, get_origin

import attrs
import msgspec
from msgspec import Meta

from govinfo_schema.cells import walk
from govinfo_schema.edition import EditionName, edition_name
from govinfo_schema.edition import edition as form_of
from govinfo_schema.errors import InvalidValue
from govinfo_schema.findings import phrase
from govinfo_schema.values import check_for, shown

if TYPE_CHECKING:
    from typing_extensions import TypeVar
else:
    from typing import TypeVar

MAX_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""
FIRST_YEAR: Final = 2008
"""The year in which the first Regulation on open government information came into force."""
LAST_YEAR: Final = 9999
MAX_BYTES: Final = 16_000_000
"""The longest JSON text of one report."""

Count: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_COUNT)] | None
SignedCount: TypeAlias = Annotated[int, Meta(ge=-MAX_COUNT, le=MAX_COUNT)] | None
Amount: TypeAlias = Decimal | None
Year: TypeAlias = Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)]
Text: TypeAlias = str | None
Name: TypeAlias = Annotated[str, Meta(min_length=1)]
DivisionCode: TypeAlias = Annotated[str, Meta(pattern="^([0-9]{6}|[0-9]{9})$", max_length=9)] | None
SocialCreditCode: TypeAlias = (
    Annotated[str, Meta(pattern="^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$", min_length=18, max_length=18)] | None
)
BodyLevel: TypeAlias = Literal["central", "province", "prefecture", "county", "township"] | None
BodyKind: TypeAlias = Literal["government", "department", "dispatched_office", "organization"] | None
TableScope: TypeAlias = Literal["own", "region", "system"] | None
AmountUnit: TypeAlias = Literal["元", "万元"] | None
FeeStatus: TypeAlias = Literal["charged", "none", "not_stated"]
NoteKind: TypeAlias = Literal["remark", "footnote", "not_applicable", "not_printed", "text"]


_KINDS: Final[tuple[tuple[str, Any], ...]] = (("count", Count), ("signed_count", SignedCount), ("amount", Amount), ("year", Year))
"""What a cell id leads to, by its type."""


def _by_type(_: type, fields: list[Any]) -> list[Any]:
    """
    Give every field the function that holds a value to its type, as its converter.

    msgspec holds values to the same types as it reads JSON, and skips the converters.
    """
    return [field.evolve(converter=_CONVERTER, metadata=_facts(field.type)) for field in fields]


@cache
def _facts(hint: Any) -> Mapping[str, Any]:
    """Give what a field of a type has as metadata: its *check*, and of a figure the *kind*."""
    kind = next((kind for kind, own in _KINDS if own == hint), "")
    check = check_for(hint, kind.replace("_", " "))
    return {"kind": kind, "check": check} if kind else {"check": check}


# One for all fields: attrs takes long to make a converter.
_CONVERTER: Final[Any] = attrs.Converter(lambda value, field: field.metadata["check"](value, field.name), takes_field=True)


def _total(*parts: int | None) -> int | None:
    return None if None in parts else sum(part for part in parts if part is not None)


# ---- the report outside its tables ------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Body:
    """Who reports. All but the name may be unknown."""

    name: Name
    """单位名称"""

    level: BodyLevel
    """行政层级"""

    kind: BodyKind
    """单位类型"""

    division_code: DivisionCode
    """行政区划代码"""

    social_credit_code: SocialCreditCode
    """统一社会信用代码"""

    @classmethod
    def named(cls, name: str) -> "Body":
        """Make a body of which only the name is known."""
        return cls(name=name, level=None, kind=None, division_code=None, social_credit_code=None)


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Scope:
    """What each table covers: the body itself, its region or its system. Two tables of one report may differ."""

    proactive: TableScope
    """第二部分统计范围"""

    applications: TableScope
    """第三部分统计范围"""

    disputes: TableScope
    """第四部分统计范围"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Note:
    """Something printed that the form has no cell for."""

    at: Text
    """备注位置"""

    kind: NoteKind
    """备注种类"""

    text: str
    """备注内容"""


AmountState: TypeAlias = Literal["blank", "zero", "positive"]
FEE_AMOUNTS: Final[Mapping[str, tuple[AmountState, ...]]] = {
    "charged": ("positive",),
    "none": ("blank", "zero"),
    "not_stated": ("blank",),
}
"""What the amount of a processing fee may be, by the status of the fee."""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class ProcessingFee:
    """The information processing fee (信息处理费) as section 6 reports it. Unit: 元. *not_stated* is not zero."""

    status: FeeStatus
    """信息处理费收取情况"""

    requests: Count
    """收取信息处理费的申请件数"""

    amount: Amount
    """信息处理费金额"""

    def __attrs_post_init__(self) -> None:
        """Hold the amount to the status."""
        state = "blank" if self.amount is None else "positive" if self.amount else "zero"
        if state not in FEE_AMOUNTS[self.status]:
            raise InvalidValue("amount", f"a processing fee that is {self.status!r} has no amount of {self.amount} 元")


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class OtherMatters:
    """Section 6: its text, and the processing fee read out of it."""

    text: Text
    """第六部分正文"""

    processing_fee: ProcessingFee
    """信息处理费"""


# ---- section 2 --------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Documents2021:
    """Rules and normative documents of edition 2021. Unit: 件."""

    issued: Count
    """本年制发件数"""

    repealed: Count
    """本年废止件数"""

    in_force: Count
    """现行有效件数"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Decisions2021:
    """Decisions taken in the year, edition 2021. Unit: 件."""

    decisions: Count
    """本年处理决定数量"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class AdministrativeFees2021:
    """Administrative fees (行政事业性收费) of edition 2021. Unit: 万元, decimal."""

    amount: Amount
    """本年收费金额（单位：万元）"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Proactive2021:
    """Section 2 of edition 2021."""

    administrative_rules: Documents2021
    """规章"""

    normative_documents: Documents2021
    """行政规范性文件"""

    licensing: Decisions2021
    """行政许可"""

    penalties: Decisions2021
    """行政处罚"""

    compulsion: Decisions2021
    """行政强制"""

    administrative_fees: AdministrativeFees2021
    """行政事业性收费"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Documents2019:
    """Rules and normative documents of edition 2019. Unit: 件."""

    produced: Count
    """本年新制作数量"""

    disclosed: Count
    """本年新公开数量"""

    total_disclosed: Count
    """对外公开总数量"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Decisions2019:
    """Items of the catalogue and decisions of edition 2019. Unit: 项 for items, 件 for decisions; the change is signed."""

    items_prior_year: Count
    """上一年项目数量"""

    items_change: SignedCount
    """本年增/减"""

    decisions: Count
    """处理决定数量"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class AdministrativeFees2019:
    """Items of administrative fees of edition 2019: how many there are, not how much they bring. Unit: 项."""

    items_prior_year: Count
    """上一年项目数量"""

    items_change: SignedCount
    """本年增/减"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class CentralizedProcurement2019:
    """Centralised procurement of edition 2019. The form prints no unit for the amount, so each body's own stands beside it."""

    projects: Count
    """采购项目数量"""

    amount: Amount
    """采购总金额"""

    unit: AmountUnit
    """采购总金额的单位"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Proactive2019:
    """Section 2 of edition 2019."""

    administrative_rules: Documents2019
    """规章"""

    normative_documents: Documents2019
    """规范性文件"""

    licensing: Decisions2019
    """行政许可"""

    other_external_services: Decisions2019
    """其他对外管理服务事项"""

    penalties: Decisions2019
    """行政处罚"""

    compulsion: Decisions2019
    """行政强制"""

    administrative_fees: AdministrativeFees2019
    """行政事业性收费"""

    centralized_procurement: CentralizedProcurement2019
    """政府集中采购"""


# ---- section 3 --------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Applicants:
    """One row of section 3: six kinds of applicant and their total. Unit: 件."""

    natural_person: Count
    """自然人"""

    commercial_enterprise: Count
    """商业企业"""

    research_institution: Count
    """科研机构"""

    public_welfare_organization: Count
    """社会公益组织"""

    legal_service_institution: Count
    """法律服务机构"""

    other_organization: Count
    """其他"""

    total: Count
    """总计"""

    @classmethod
    def from_parts(  # noqa: PLR0913, PLR0917 (a row has six parts)
        cls,
        natural_person: int | None,
        commercial_enterprise: int | None,
        research_institution: int | None,
        public_welfare_organization: int | None,
        legal_service_institution: int | None,
        other_organization: int | None,
    ) -> "Applicants":
        """
        Make a row from its six parts, with the total worked out; where a part is blank the total is blank.

        >>> Applicants.from_parts(3402, 99, 0, 4, 5, 1).total
        3511
        """
        return cls(
            natural_person=natural_person,
            commercial_enterprise=commercial_enterprise,
            research_institution=research_institution,
            public_welfare_organization=public_welfare_organization,
            legal_service_institution=legal_service_institution,
            other_organization=other_organization,
            total=_total(
                natural_person,
                commercial_enterprise,
                research_institution,
                public_welfare_organization,
                legal_service_institution,
                other_organization,
            ),
        )


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Withheld:
    """（三）不予公开: withheld."""

    state_secret: Applicants
    """1.属于国家秘密"""

    prohibited_by_law: Applicants
    """2.其他法律行政法规禁止公开"""

    security_and_stability: Applicants
    """3.危及“三安全一稳定”"""

    third_party_rights: Applicants
    """4.保护第三方合法权益"""

    internal_affairs: Applicants
    """5.属于三类内部事务信息"""

    process_information: Applicants
    """6.属于四类过程性信息"""

    enforcement_files: Applicants
    """7.属于行政执法案卷"""

    administrative_inquiry: Applicants
    """8.属于行政查询事项"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class UnableToProvide:
    """（四）无法提供: unable to provide."""

    not_held: Applicants
    """1.本机关不掌握相关政府信息"""

    requires_creation: Applicants
    """2.没有现成信息需要另行制作"""

    unclear_after_supplement: Applicants
    """3.补正后申请内容仍不明确"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class NotProcessed:
    """（五）不予处理: not processed."""

    petition_or_complaint: Applicants
    """1.信访举报投诉类申请"""

    repeated: Applicants
    """2.重复申请"""

    publication: Applicants
    """3.要求提供公开出版物"""

    excessive: Applicants
    """4.无正当理由大量反复申请"""

    confirm_or_reissue: Applicants
    """5.要求行政机关确认或重新出具已获取信息"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class OtherHandling:
    """（六）其他处理: other handling, in the three rows of edition 2021."""

    not_supplemented_in_time: Applicants
    """1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"""

    fee_not_paid_in_time: Applicants
    """2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"""

    other: Applicants
    """3.其他"""


if TYPE_CHECKING:
    Other = TypeVar("Other", default=OtherHandling | Applicants, covariant=True)
else:
    # The default is for type checkers; Python has it from 3.13 on.
    Other = TypeVar("Other", bound=OtherHandling | Applicants, covariant=True)
OtherRows = TypeVar("OtherRows", bound=OtherHandling | Applicants)


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Outcomes(Generic[Other]):
    """三、本年度办理结果: outcomes of the year. （六） is three rows, or one row: in edition 2019, and of some bodies on the 2021 form."""

    granted: Applicants
    """（一）予以公开"""

    partially_granted: Applicants
    """（二）部分公开（区分处理的，只计这一情形，不计其他情形）"""

    withheld: Withheld
    """（三）不予公开"""

    unable_to_provide: UnableToProvide
    """（四）无法提供"""

    not_processed: NotProcessed
    """（五）不予处理"""

    other_handling: Other
    """（六）其他处理"""

    total: Applicants
    """（七）总计"""

    @staticmethod
    def from_parts(  # noqa: PLR0913 (the outcomes have six parts)
        *,
        granted: Applicants,
        partially_granted: Applicants,
        withheld: Withheld,
        unable_to_provide: UnableToProvide,
        not_processed: NotProcessed,
        other_handling: OtherRows,
    ) -> "Outcomes[OtherRows]":
        """Make the outcomes from their rows, with （七）总计 worked out column by column; a column with a blank has a blank total."""
        rows = [
            row for part in (granted, partially_granted, withheld, unable_to_provide, not_processed, other_handling) for row in _rows(part)
        ]
        return Outcomes(
            granted=granted,
            partially_granted=partially_granted,
            withheld=withheld,
            unable_to_provide=unable_to_provide,
            not_processed=not_processed,
            other_handling=other_handling,
            total=Applicants(**{column.name: _total(*(getattr(row, column.name) for row in rows)) for column in attrs.fields(Applicants)}),
        )


def _rows(part: Any) -> list[Applicants]:
    return [part] if isinstance(part, Applicants) else [getattr(part, field.name) for field in attrs.fields(type(part))]


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Applications(Generic[Other]):
    """Section 3: requests received, brought forward, answered and carried forward."""

    received: Applicants
    """一、本年新收政府信息公开申请数量"""

    brought_forward: Applicants
    """二、上年结转政府信息公开申请数量"""

    outcomes: Outcomes[Other]
    """三、本年度办理结果"""

    carried_forward: Applicants
    """四、结转下年度继续办理"""


# ---- section 4 --------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class DisputeResults:
    """One group of section 4: four results and their total. Unit: 件."""

    upheld: Count
    """结果维持"""

    corrected: Count
    """结果纠正"""

    other: Count
    """其他结果"""

    pending: Count
    """尚未审结"""

    total: Count
    """总计"""

    @classmethod
    def from_parts(cls, upheld: int | None, corrected: int | None, other: int | None, pending: int | None) -> "DisputeResults":
        """
        Make a group from its four parts, with the total worked out; where a part is blank the total is blank.

        >>> DisputeResults.from_parts(88, 18, 28, 36).total
        170
        """
        total = _total(upheld, corrected, other, pending)
        return cls(upheld=upheld, corrected=corrected, other=other, pending=pending, total=total)


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Litigation:
    """行政诉讼: administrative litigation."""

    direct: DisputeResults
    """未经复议直接起诉"""

    after_reconsideration: DisputeResults
    """复议后起诉"""


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Disputes:
    """Section 4: administrative reconsideration and litigation."""

    reconsideration: DisputeResults
    """行政复议"""

    litigation: Litigation
    """行政诉讼"""


# ---- what no field can say by itself ------------------------------------------------------------------------------

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_LONGEST_SIGN: Final = 6
"""The bytes of a sign that JSON escapes."""
_LONGEST_FRAME: Final = 100_000
"""No report has so many bytes beside its texts."""
_LONGEST_NOTE: Final = 200
"""No note has so many bytes beside its text."""


def _hold_together(report: Any) -> None:
    """
    Make sure that every note stands at a place of the form, and that the report is no longer than a file of one may be.

    Raises: InvalidValue.
    """
    texts = [report.title, report.body.name, report.overview, report.problems, report.other_matters.text]
    if report.notes:
        places = form_of(report.edition).places
        for number, note in enumerate(report.notes):
            if note.at is not None and note.at not in places:
                problem = f"should be {phrase('form.place', 'en')} of edition {report.edition}, not {shown(note.at)}"
                raise InvalidValue(f"notes.{number}.at", problem)
            texts.append(note.text)
    signs = sum([len(text) for text in texts if text])
    if signs * _LONGEST_SIGN + len(report.notes) * _LONGEST_NOTE + _LONGEST_FRAME > MAX_BYTES:
        _bound_size(report)


def _refuse_subclass(cls: type) -> None:
    """
    Keep the classes of reports closed: what is read back is a report of the class itself, and unequal to one of a subclass.

    Raises: TypeError.
    """
    raise TypeError(f"{cls.__name__} cannot be a subclass of a report; hold the report in a field of it")


def _bound_size(report: Any) -> None:
    amounts = [value for _, value in walk(report) if isinstance(value, Decimal)]
    amounts += [report.other_matters.processing_fee.amount or Decimal(0)]
    size = len(_ENCODER.encode(report)) + sum(len(f"{amount:f}") - len(str(amount)) for amount in amounts)
    if size > MAX_BYTES:
        parts = {
            "title": report.title,
            "body.name": report.body.name,
            "overview": report.overview,
            "problems": report.problems,
            "other_matters.text": report.other_matters.text,
            "notes": "".join(note.text for note in report.notes),
        }
        longest = max(parts, key=lambda path: len(parts[path] or ""))
        raise InvalidValue(longest, f"a report has at most {MAX_BYTES:,} bytes as JSON, not {size:,}")


# ---- the report -------------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Report2019:
    """A report on the form of 2019: 198 figures, 40 equations. Years 2019 and 2020; some bodies used it later."""

    edition: Literal["2019"]
    """格式版本"""

    year: Year
    """报告年度"""

    title: Text
    """标题"""

    body: Body
    """报告单位"""

    published_on: date | None
    """发布日期"""

    scope: Scope
    """统计范围"""

    overview: Text
    """一、总体情况"""

    proactive: Proactive2019
    """二、主动公开政府信息情况"""

    applications: Applications[Applicants]
    """三、收到和处理政府信息公开申请情况"""

    disputes: Disputes
    """四、政府信息公开行政复议、行政诉讼情况"""

    problems: Text
    """五、存在的主要问题及改进情况"""

    other_matters: OtherMatters
    """六、其他需要报告的事项"""

    notes: tuple[Note, ...]
    """备注"""

    __attrs_post_init__ = _hold_together

    def __init_subclass__(cls) -> None:
        _refuse_subclass(cls)

    def __repr__(self) -> str:
        return _one_line(self)


@attrs.frozen(kw_only=True, field_transformer=_by_type)
class Report2021(Generic[Other]):
    """A report on the form of 2021: 200 figures and 42 equations, or 186 and 40 where （六） is printed as one row."""

    edition: Literal["2021"]
    """格式版本"""

    year: Year
    """报告年度"""

    title: Text
    """标题"""

    body: Body
    """报告单位"""

    published_on: date | None
    """发布日期"""

    scope: Scope
    """统计范围"""

    overview: Text
    """一、总体情况"""

    proactive: Proactive2021
    """二、主动公开政府信息情况"""

    applications: Applications[Other]
    """三、收到和处理政府信息公开申请情况"""

    disputes: Disputes
    """四、政府信息公开行政复议、行政诉讼情况"""

    problems: Text
    """五、存在的主要问题及改进情况"""

    other_matters: OtherMatters
    """六、其他需要报告的事项"""

    notes: tuple[Note, ...]
    """备注"""

    __attrs_post_init__ = _hold_together

    def __init_subclass__(cls) -> None:
        _refuse_subclass(cls)

    def __repr__(self) -> str:
        return _one_line(self)


Report: TypeAlias = Report2019 | Report2021


def is_undivided(report: Report) -> bool:
    """Tell whether （六）其他处理 of a report is one row; edition 2019 has no other shape."""
    return type(report.applications.outcomes.other_handling) is Applicants


def blank(edition: EditionName, *, year: int, body: str | Body, undivided: bool = False) -> Report:
    """
    Make the empty form: every figure and text None.

    *undivided* prints （六）其他处理 as one row; edition 2019 always does.
    Raises: UnknownEdition; InvalidValue if *year* is no year, or *body* neither a name nor a Body.

    >>> blank("2021", year=2024, body="某市人民政府")
    <Report2021 某市人民政府 2024: 200 cells, 200 blank>
    """
    name = edition_name(edition)
    given = {
        "edition": name,
        "year": year,
        "body": _body(body),
        "processing_fee": ProcessingFee(status="not_stated", requests=None, amount=None),
        "notes": (),
    }
    report: Report = _empty(Report2019 if name == "2019" else Report2021, Applicants if undivided else OtherHandling, given)
    return report


def _body(body: object) -> object:
    if not isinstance(body, str):
        return body
    try:
        return Body.named(body)
    except InvalidValue as error:
        raise InvalidValue(f"body.{error.field}", error.problem) from None


def _empty(hint: Any, other: type, given: dict[str, Any]) -> Any:
    cls = other if isinstance(hint, TypeVar) else get_origin(hint) or hint
    if Applicants in get_args(hint):
        other = Applicants
    if not attrs.has(cls):
        return None
    return cls(
        **{field.name: given[field.name] if field.name in given else _empty(field.type, other, given) for field in attrs.fields(cls)}
    )


def _one_line(report: Any) -> str:
    values = [value for _, value in walk(report)]
    name = " ".join(report.body.name.split())
    return f"<{type(report).__name__} {name} {report.year}: {len(values)} cells, {values.count(None)} blank>"
