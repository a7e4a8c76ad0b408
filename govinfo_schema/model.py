"""
The report as frozen attrs classes, in the order in which it is printed.

Names and types stand here; labels, units and rules stand in ``data/``, and a test compares the two. ``None`` is blank in the
source and never zero. A row of figures is one object, so that an editor completes
``report.applications.outcomes.withheld.state_secret.natural_person``.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, Literal, TypeAlias, get_args, get_origin

import attrs
from msgspec import Meta

from govinfo_schema.cells import walk
from govinfo_schema.edition import EDITIONS, EditionName
from govinfo_schema.errors import InvalidValue, UnknownEdition

if TYPE_CHECKING:
    from typing_extensions import TypeVar
else:
    from typing import TypeVar

MAX_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""
MAX_AMOUNT: Final = 10**12
"""The largest amount of money, in its printed unit."""
FIRST_YEAR: Final = 2008
"""The year in which the first Regulation on open government information came into force."""
LAST_YEAR: Final = 9999
MAX_DIGITS: Final = 17
"""The most significant digits of a number."""

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


def to_amount(value: object) -> Decimal | None:
    """
    Normalise an amount of money: an exact decimal without exponent, trailing zero or minus zero.

    Blank: None stays None.
    Raises: ValueError if it is a float, no number, negative, above 10^12 or of more than 17 significant digits.

    >>> to_amount(Decimal("72701.2500"))
    Decimal('72701.25')
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise ValueError(f"an amount is a Decimal or an int, not {value!r}; write Decimal('12.5')")  # noqa: TRY004 (one kind of error)
    exact = Decimal(value)
    if not exact.is_finite() or not 0 <= exact <= MAX_AMOUNT:
        raise ValueError(f"an amount lies between 0 and 10^12, not {value}")
    if significant_digits(exact) > MAX_DIGITS or (exact and not float(exact)):
        raise ValueError(f"an amount has at most {MAX_DIGITS} significant digits, not {value}")
    plain = f"{abs(exact):f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def significant_digits(value: Decimal) -> int:
    """
    Count the digits of a number without the zeros before and behind them.

    >>> significant_digits(Decimal("0.0120"))
    2
    """
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


def _integer(lowest: int, highest: int, what: str) -> Callable[[object], object]:
    def convert(value: object) -> object:
        if value is None and what != "year":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(f"a {what} is a whole number from {lowest} to {highest}, not {value!r}")
        return int(value)

    return convert


_FIGURES: Final[tuple[tuple[Any, str, Callable[[object], object]], ...]] = (
    (Count, "count", _integer(0, MAX_COUNT, "count")),
    (SignedCount, "signed_count", _integer(-MAX_COUNT, MAX_COUNT, "signed count")),
    (Amount, "amount", to_amount),
    (Year, "year", _integer(FIRST_YEAR, LAST_YEAR, "year")),
)


def _checked(convert: Callable[[object], object]) -> Any:
    def named(value: object, field: Any) -> object:
        try:
            return convert(value)
        except ValueError as error:
            raise InvalidValue(field.name, str(error)) from None

    return attrs.Converter(named, takes_field=True)


_CONVERTERS: Final = tuple((hint, kind, _checked(convert)) for hint, kind, convert in _FIGURES)


def _by_type(_: type, fields: list[Any]) -> list[Any]:
    """Give every figure the converter of its type, which refuses what does not fit; msgspec has bounds of its own and skips it."""
    return [_figure(field) for field in fields]


def _figure(field: Any) -> Any:
    for hint, kind, converter in _CONVERTERS:
        if field.type == hint:
            return field.evolve(converter=converter, metadata={"kind": kind})
    return field


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
        """Hold the amount to the status: charged, above 0; none, 0 or null; not_stated, null."""
        fits = {"charged": bool(self.amount), "none": not self.amount, "not_stated": self.amount is None}
        if not fits.get(self.status, False):
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
    Other = TypeVar("Other", covariant=True)
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
    Raises: UnknownEdition; InvalidValue if *year* is no year.

    >>> blank("2021", year=2024, body="某市人民政府")
    <Report2021 某市人民政府 2024: 200 cells, 200 blank>
    """
    if edition not in EDITIONS:
        raise UnknownEdition(f"no edition {edition!r} of the form; there are {' and '.join(EDITIONS)}")
    given = {
        "edition": edition,
        "year": year,
        "body": Body.named(body) if isinstance(body, str) else body,
        "processing_fee": ProcessingFee(status="not_stated", requests=None, amount=None),
        "notes": (),
    }
    report: Report = _empty(Report2019 if edition == "2019" else Report2021, Applicants if undivided else OtherHandling, given)
    return report


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
