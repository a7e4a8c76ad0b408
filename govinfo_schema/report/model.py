# ruff: noqa: E501
"""
The report as frozen attrs classes, in the order in which it is printed. Generated from ``data/``;
do not edit.

``None`` is blank in the source and never zero. A row of figures is one object, so that an editor
completes ``report.applications.outcomes.withheld.state_secret.natural_person``.
``python -m tools.publish .`` writes this module anew.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Protocol, TypeAlias, overload

import attrs

from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.embeddable import Embeddable
from govinfo_schema.report.making import (
    by_type,
    column_totals,
    hold_fee,
    hold_together,
    one_line,
    refuse_subclass,
    shows_types,
    total_of,
)
from govinfo_schema.report.notebook import page
from govinfo_schema.report.values import (
    Amount,
    AmountUnit,
    BodyKind,
    BodyLevel,
    Count,
    Date,
    DivisionCode,
    FeeStatus,
    Name,
    NoteKind,
    SignedCount,
    SocialCreditCode,
    TableScope,
    Text,
    Year,
)

if TYPE_CHECKING:
    from typing_extensions import TypeVar
else:
    from typing import TypeVar


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class ProcessingFee:
    """
    The information processing fee (信息处理费) as section 6 reports it. Unit: 元. *not_stated* is not zero.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.other_matters.processing_fee, gs.ProcessingFee)
    True
    """

    status: FeeStatus
    """信息处理费收取情况。依据：《政府信息公开条例》第四十二条；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"""

    requests: Count
    """收取信息处理费的申请件数，单位：件。依据：《政府信息公开条例》第四十二条；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"""

    amount: Amount
    """信息处理费金额，单位：元。依据：《政府信息公开条例》第四十二条；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"""

    __attrs_post_init__ = hold_fee


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Body:
    """
    Who reports. All but the name may be unknown.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.body, gs.Body)
    True
    """

    name: Name
    """单位名称。依据：《政府信息公开条例》第四十九条"""

    level: BodyLevel = None
    """行政层级。依据：本规范"""

    kind: BodyKind = None
    """单位类型。依据：本规范"""

    division_code: DivisionCode = None
    """行政区划代码。依据：GB/T 2260《中华人民共和国行政区划代码》、GB/T 10114《县级以下行政区划代码编制规则》"""

    social_credit_code: SocialCreditCode = None
    """统一社会信用代码。依据：GB 32100《法人和其他组织统一社会信用代码编码规则》"""

    @classmethod
    def named(cls, name: str) -> "Body":
        """Make a body of which only the name is known."""
        return cls(name=name)


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Scope:
    """
    What each table covers: the body itself, its region or its system. Two tables of one report may differ.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.scope, gs.Scope)
    True
    """

    proactive: TableScope = None
    """第二部分统计范围。依据：本规范"""

    applications: TableScope = None
    """第三部分统计范围。依据：本规范"""

    disputes: TableScope = None
    """第四部分统计范围。依据：本规范"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class OtherMatters:
    """
    Section 6: its text, and the processing fee read out of it.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.other_matters, gs.OtherMatters)
    True
    """

    text: Text = None
    """第六部分正文。依据：《政府信息公开条例》第五十条"""

    processing_fee: ProcessingFee
    """信息处理费。依据：《政府信息公开条例》第四十二条；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Note:
    """
    Something printed that the form has no cell for.

    >>> import govinfo_schema as gs
    >>> gs.Note(at="applications.received.total", kind="remark", text="其中修订16件").text
    '其中修订16件'
    """

    at: Text = None
    """备注位置。依据：本规范"""

    kind: NoteKind
    """备注种类。依据：本规范"""

    text: str
    """备注内容。依据：本规范"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Documents2021:
    """
    Rules and normative documents of edition 2021. Unit: 件.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.administrative_rules, gs.Documents2021)
    True
    """

    issued: Count
    """本年制发件数，单位：件。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第二十条第（一）项"""

    repealed: Count
    """本年废止件数，单位：件。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第二十条第（一）项"""

    in_force: Count
    """现行有效件数，单位：件。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第二十条第（一）项"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Decisions2021:
    """
    Decisions taken in the year, edition 2021. Unit: 件.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.licensing, gs.Decisions2021)
    True
    """

    decisions: Count
    """本年处理决定数量，单位：件。依据：国办公开办函〔2021〕30号附件"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class AdministrativeFees2021:
    """
    Administrative fees (行政事业性收费) of edition 2021. Unit: 万元, decimal.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.administrative_fees, gs.AdministrativeFees2021)
    True
    """

    amount: Amount
    """本年收费金额（单位：万元），单位：万元。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第二十条第（八）项"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Proactive2021:
    """
    Section 2 of edition 2021.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive, gs.Proactive2021)
    True
    """

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


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Applicants:
    """
    One row of section 3: six kinds of applicant and their total. Unit: 件.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications.received, gs.Applicants)
    True
    """

    natural_person: Count
    """自然人，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    commercial_enterprise: Count
    """商业企业，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    research_institution: Count
    """科研机构，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    public_welfare_organization: Count
    """社会公益组织，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    legal_service_institution: Count
    """法律服务机构，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    other_organization: Count
    """其他，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    total: Count
    """总计，单位：件。依据：国办公开办函〔2019〕60号附件；国办公开办函〔2021〕30号附件"""

    @classmethod
    def from_parts(  # noqa: PLR0913, PLR0917
        cls,
        natural_person: int | None,
        commercial_enterprise: int | None,
        research_institution: int | None,
        public_welfare_organization: int | None,
        legal_service_institution: int | None,
        other_organization: int | None,
    ) -> "Applicants":
        """
        Make it from its six parts, with the total worked out; where a part is blank the total
        is blank.

        >>> Applicants.from_parts(1, 2, 3, 4, 5, 6).total
        21
        """
        total = total_of(
            natural_person,
            commercial_enterprise,
            research_institution,
            public_welfare_organization,
            legal_service_institution,
            other_organization,
        )
        return cls(
            natural_person=natural_person,
            commercial_enterprise=commercial_enterprise,
            research_institution=research_institution,
            public_welfare_organization=public_welfare_organization,
            legal_service_institution=legal_service_institution,
            other_organization=other_organization,
            total=total,
        )


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Withheld:
    """
    （三）不予公开: withheld.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications.outcomes.withheld, gs.Withheld)
    True
    """

    state_secret: Applicants
    """1.属于国家秘密。依据：《政府信息公开条例》第十四条；《政府信息公开条例》第三十六条第（三）项"""

    prohibited_by_law: Applicants
    """2.其他法律行政法规禁止公开。依据：《政府信息公开条例》第十四条；《政府信息公开条例》第三十六条第（三）项"""

    security_and_stability: Applicants
    """3.危及“三安全一稳定”。依据：《政府信息公开条例》第十四条；《政府信息公开条例》第三十六条第（三）项"""

    third_party_rights: Applicants
    """4.保护第三方合法权益。依据：《政府信息公开条例》第十五条；《政府信息公开条例》第三十六条第（三）项"""

    internal_affairs: Applicants
    """5.属于三类内部事务信息。依据：《政府信息公开条例》第十六条第一款；《政府信息公开条例》第三十六条第（三）项"""

    process_information: Applicants
    """6.属于四类过程性信息。依据：《政府信息公开条例》第十六条第二款；《政府信息公开条例》第三十六条第（三）项"""

    enforcement_files: Applicants
    """7.属于行政执法案卷。依据：《政府信息公开条例》第十六条第二款；《政府信息公开条例》第三十六条第（三）项"""

    administrative_inquiry: Applicants
    """8.属于行政查询事项。依据：《政府信息公开条例》第三十六条第（七）项"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class UnableToProvide:
    """
    （四）无法提供: unable to provide.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications.outcomes.unable_to_provide, gs.UnableToProvide)
    True
    """

    not_held: Applicants
    """1.本机关不掌握相关政府信息。依据：《政府信息公开条例》第三十六条第（四）、（五）项"""

    requires_creation: Applicants
    """2.没有现成信息需要另行制作。依据：《政府信息公开条例》第三十八条"""

    unclear_after_supplement: Applicants
    """3.补正后申请内容仍不明确。依据：《政府信息公开条例》第三十条"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class NotProcessed:
    """
    （五）不予处理: not processed.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications.outcomes.not_processed, gs.NotProcessed)
    True
    """

    petition_or_complaint: Applicants
    """1.信访举报投诉类申请。依据：《政府信息公开条例》第三十九条第一款"""

    repeated: Applicants
    """2.重复申请。依据：《政府信息公开条例》第三十六条第（六）项"""

    publication: Applicants
    """3.要求提供公开出版物。依据：《政府信息公开条例》第三十九条第二款"""

    excessive: Applicants
    """4.无正当理由大量反复申请。依据：《政府信息公开条例》第三十五条"""

    confirm_or_reissue: Applicants
    """5.要求行政机关确认或重新出具已获取信息"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class OtherHandling:
    """
    （六）其他处理: other handling, in the three rows of edition 2021.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications.outcomes.other_handling, gs.OtherHandling)
    True
    """

    not_supplemented_in_time: Applicants
    """1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请。依据：《政府信息公开条例》第三十条"""

    fee_not_paid_in_time: Applicants
    """2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请。依据：《政府信息公开条例》第四十二条；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"""

    other: Applicants
    """3.其他"""


if TYPE_CHECKING:
    Other = TypeVar("Other", default=OtherHandling | Applicants, covariant=True)
else:
    # The default is for type checkers; Python has it from 3.13 on.
    Other = TypeVar("Other", bound=OtherHandling | Applicants, covariant=True)
OtherRows = TypeVar("OtherRows", bound=OtherHandling | Applicants)


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Outcomes(Generic[Other]):
    """
    三、本年度办理结果: outcomes of the year. （六） is three rows, or one row: in edition 2019, and of some bodies on the 2021 form.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications.outcomes, gs.Outcomes)
    True
    """

    granted: Applicants
    """（一）予以公开。依据：《政府信息公开条例》第三十六条第（一）、（二）项"""

    partially_granted: Applicants
    """（二）部分公开（区分处理的，只计这一情形，不计其他情形）。依据：《政府信息公开条例》第三十七条"""

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
    def from_parts(  # noqa: PLR0913
        *,
        granted: Applicants,
        partially_granted: Applicants,
        withheld: Withheld,
        unable_to_provide: UnableToProvide,
        not_processed: NotProcessed,
        other_handling: OtherRows,
    ) -> "Outcomes[OtherRows]":
        """
        Make it from its rows, with the total worked out column by column; a column with a blank has
        a blank total.
        """
        total = column_totals(
            Applicants,
            granted,
            partially_granted,
            withheld,
            unable_to_provide,
            not_processed,
            other_handling,
        )
        return Outcomes(
            granted=granted,
            partially_granted=partially_granted,
            withheld=withheld,
            unable_to_provide=unable_to_provide,
            not_processed=not_processed,
            other_handling=other_handling,
            total=total,
        )


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Applications(Generic[Other]):
    """
    Section 3: requests received, brought forward, answered and carried forward.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.applications, gs.Applications)
    True
    """

    received: Applicants
    """一、本年新收政府信息公开申请数量。依据：《政府信息公开条例》第二十七条"""

    brought_forward: Applicants
    """二、上年结转政府信息公开申请数量"""

    outcomes: Outcomes[Other]
    """三、本年度办理结果"""

    carried_forward: Applicants
    """四、结转下年度继续办理"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class DisputeResults:
    """
    One group of section 4: four results and their total. Unit: 件.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.disputes.reconsideration, gs.DisputeResults)
    True
    """

    upheld: Count
    """结果维持，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十一条；国办公开办函〔2021〕30号附件"""

    corrected: Count
    """结果纠正，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十一条；国办公开办函〔2021〕30号附件"""

    other: Count
    """其他结果，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十一条；国办公开办函〔2021〕30号附件"""

    pending: Count
    """尚未审结，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十一条；国办公开办函〔2021〕30号附件"""

    total: Count
    """总计，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十一条；国办公开办函〔2021〕30号附件"""

    @classmethod
    def from_parts(
        cls,
        upheld: int | None,
        corrected: int | None,
        other: int | None,
        pending: int | None,
    ) -> "DisputeResults":
        """
        Make it from its four parts, with the total worked out; where a part is blank the total
        is blank.

        >>> DisputeResults.from_parts(1, 2, 3, 4).total
        10
        """
        total = total_of(upheld, corrected, other, pending)
        return cls(
            upheld=upheld,
            corrected=corrected,
            other=other,
            pending=pending,
            total=total,
        )


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Litigation:
    """
    行政诉讼: administrative litigation.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.disputes.litigation, gs.Litigation)
    True
    """

    direct: DisputeResults
    """未经复议直接起诉"""

    after_reconsideration: DisputeResults
    """复议后起诉"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Disputes:
    """
    Section 4: administrative reconsideration and litigation.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report.disputes, gs.Disputes)
    True
    """

    reconsideration: DisputeResults
    """行政复议"""

    litigation: Litigation
    """行政诉讼"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Documents2019:
    """
    Rules and normative documents of edition 2019. Unit: 件.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.administrative_rules, gs.Documents2019)
    True
    """

    produced: Count
    """本年新制作数量，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（一）项"""

    disclosed: Count
    """本年新公开数量，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（一）项"""

    total_disclosed: Count
    """对外公开总数量，单位：件。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（一）项"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Decisions2019:
    """
    Items of the catalogue and decisions of edition 2019. Unit: 项 for items, 件 for decisions; the change is signed.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.licensing, gs.Decisions2019)
    True
    """

    items_prior_year: Count
    """上一年项目数量，单位：项。依据：国办公开办函〔2019〕60号附件"""

    items_change: SignedCount
    """本年增/减，单位：项。依据：国办公开办函〔2019〕60号附件"""

    decisions: Count
    """处理决定数量，单位：件。依据：国办公开办函〔2019〕60号附件"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class AdministrativeFees2019:
    """
    Items of administrative fees of edition 2019: how many there are, not how much they bring. Unit: 项.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.administrative_fees, gs.AdministrativeFees2019)
    True
    """

    items_prior_year: Count
    """上一年项目数量，单位：项。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（八）项"""

    items_change: SignedCount
    """本年增/减，单位：项。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（八）项"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class CentralizedProcurement2019:
    """
    Centralised procurement of edition 2019. The form prints no unit for the amount, so each body's own stands beside it.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive.centralized_procurement, gs.CentralizedProcurement2019)
    True
    """

    projects: Count
    """采购项目数量，单位：项。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（九）项"""

    amount: Amount
    """采购总金额，单位：随填报：元或万元。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第二十条第（九）项"""

    unit: AmountUnit
    """采购总金额的单位。依据：《政府信息公开条例》第二十条第（九）项"""


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Proactive2019:
    """
    Section 2 of edition 2019.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2025, body="某市人民政府")
    >>> isinstance(report.proactive, gs.Proactive2019)
    True
    """

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


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Report2019(Embeddable):
    """
    A report on the form of 2019: 198 figures, 40 equations. Years 2019 and 2020; some bodies used it later.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2025, body="某市人民政府")
    >>> isinstance(report, gs.Report2019)
    True
    """

    edition: Literal["2019"] = "2019"
    """格式版本。依据：本规范"""

    year: Year
    """报告年度。依据：《政府信息公开条例》第四十九条"""

    title: Text = None
    """标题。依据：本规范"""

    body: Body
    """报告单位。依据：《政府信息公开条例》第四十九条"""

    published_on: Date = None
    """发布日期。依据：《政府信息公开条例》第四十九条"""

    scope: Scope = Scope()
    """统计范围。依据：本规范"""

    overview: Text = None
    """一、总体情况。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十条"""

    proactive: Proactive2019
    """二、主动公开政府信息情况。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十条"""

    applications: Applications[Applicants]
    """三、收到和处理政府信息公开申请情况。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十条"""

    disputes: Disputes
    """四、政府信息公开行政复议、行政诉讼情况。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十条"""

    problems: Text = None
    """五、存在的主要问题及改进情况。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十条"""

    other_matters: OtherMatters
    """六、其他需要报告的事项。依据：国办公开办函〔2019〕60号附件；《政府信息公开条例》第五十条"""

    notes: tuple[Note, ...] = ()
    """备注。依据：本规范"""

    __attrs_post_init__ = hold_together
    __repr__ = one_line
    _repr_html_ = page

    def __init_subclass__(cls) -> None:
        refuse_subclass(cls)


@shows_types
@attrs.frozen(kw_only=True, field_transformer=by_type)
class Report2021(Embeddable, Generic[Other]):
    """
    A report on the form of 2021: 200 figures and 42 equations, or 186 and 40 where （六） is printed as one row.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2025, body="某市人民政府")
    >>> isinstance(report, gs.Report2021)
    True
    """

    edition: Literal["2021"] = "2021"
    """格式版本。依据：本规范"""

    year: Year
    """报告年度。依据：《政府信息公开条例》第四十九条"""

    title: Text = None
    """标题。依据：本规范"""

    body: Body
    """报告单位。依据：《政府信息公开条例》第四十九条"""

    published_on: Date = None
    """发布日期。依据：《政府信息公开条例》第四十九条"""

    scope: Scope = Scope()
    """统计范围。依据：本规范"""

    overview: Text = None
    """一、总体情况。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第五十条"""

    proactive: Proactive2021
    """二、主动公开政府信息情况。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第五十条"""

    applications: Applications[Other]
    """三、收到和处理政府信息公开申请情况。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第五十条"""

    disputes: Disputes
    """四、政府信息公开行政复议、行政诉讼情况。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第五十条"""

    problems: Text = None
    """五、存在的主要问题及改进情况。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第五十条"""

    other_matters: OtherMatters
    """六、其他需要报告的事项。依据：国办公开办函〔2021〕30号附件；《政府信息公开条例》第五十条"""

    notes: tuple[Note, ...] = ()
    """备注。依据：本规范"""

    __attrs_post_init__ = hold_together
    __repr__ = one_line
    _repr_html_ = page

    def __init_subclass__(cls) -> None:
        refuse_subclass(cls)


Report: TypeAlias = Report2019 | Report2021
"""
A report of any edition.

>>> import govinfo_schema as gs
>>> isinstance(gs.blank("2021", year=2025, body="某市人民政府"), gs.Report)
True
"""

REPORTS: Final[Mapping[EditionName, Any]] = {
    "2019": Report2019,
    "2021": Report2021,
}
"""The class of the report of each edition."""


class Loads(Protocol):
    """The type of ``loads``: the edition that is asked for decides the class."""

    @overload
    def __call__(self, data: bytes | str, *, edition: Literal["2019"]) -> Report2019: ...
    @overload
    def __call__(self, data: bytes | str, *, edition: Literal["2021"]) -> Report2021: ...
    @overload
    def __call__(
        self,
        data: bytes | str,
        *,
        edition: Literal["2019", "2021"] | None = None,
    ) -> Report: ...


class FromDict(Protocol):
    """The type of ``from_dict``: the edition that is asked for decides the class."""

    @overload
    def __call__(self, data: Mapping[str, Any], *, edition: Literal["2019"]) -> Report2019: ...
    @overload
    def __call__(self, data: Mapping[str, Any], *, edition: Literal["2021"]) -> Report2021: ...
    @overload
    def __call__(
        self,
        data: Mapping[str, Any],
        *,
        edition: Literal["2019", "2021"] | None = None,
    ) -> Report: ...


__all__ = [
    "AdministrativeFees2019",
    "AdministrativeFees2021",
    "Applicants",
    "Applications",
    "Body",
    "CentralizedProcurement2019",
    "Decisions2019",
    "Decisions2021",
    "DisputeResults",
    "Disputes",
    "Documents2019",
    "Documents2021",
    "Litigation",
    "NotProcessed",
    "Note",
    "OtherHandling",
    "OtherMatters",
    "Outcomes",
    "Proactive2019",
    "Proactive2021",
    "ProcessingFee",
    "Report",
    "Report2019",
    "Report2021",
    "Scope",
    "UnableToProvide",
    "Withheld",
]
