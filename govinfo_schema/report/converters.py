"""
``register``: teach a converter of cattrs reports, and amounts as exact decimals.

The converter brings cattrs along; this module only asks it for the classes of its errors.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.errors import Error, InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form.load import detect
from govinfo_schema.messages import shown
from govinfo_schema.report.model import Report
from govinfo_schema.report.structuring import (
    Target,
    may_be_rounded,
    structure,
    target_of,
    with_amounts,
)
from govinfo_schema.report.values import whole_number

if TYPE_CHECKING:
    from cattrs.converters import BaseConverter

_PRECONF = "cattrs.preconf."
_WITH_DECIMALS = ("cattrs.preconf.cbor2",)
"""The modules of cattrs for formats that have decimals of their own."""


def register(converter: BaseConverter, *, texts: bool | None = None) -> None:
    """
    Teach a converter of cattrs the classes of reports, unions of them, and ``Decimal``.

    ``converter.structure`` then reads a report as ``from_dict`` does, and ``converter.unstructure``
    writes one as ``to_dict`` does. A ``Decimal`` in other classes is read and written like an
    amount, unless the converter has a way of its own.

    *texts*: whether amounts are texts such as ``"12.5"``, which read back exactly. By default they
    are for the converters of ``cattrs.preconf`` whose format has no decimals (all but cbor2) and
    where the converter writes a ``Decimal`` as text already, and are ``Decimal`` otherwise.
    Raises: InvalidReport, from ``converter.structure``. In a field of another class, cattrs gathers
    it with the faults of the other fields, and ``cattrs.transform_error`` names each cell.
    TypeError, from this function, if *converter* is none of cattrs; ValueError if *texts* is none
    of the three.

    >>> import cattrs, govinfo_schema as gs
    >>> converter = cattrs.Converter()
    >>> gs.register(converter)
    >>> report = gs.blank("2021", year=2024, body="某市人民政府")
    >>> converter.structure(converter.unstructure(report), gs.Report2021) == report
    True
    """
    from cattrs.converters import BaseConverter  # noqa: PLC0415 (who calls this has it)

    if not is_a(converter, BaseConverter):
        raise TypeError(
            f"register takes a converter of cattrs, not {shown(converter)}; make one with "
            "cattrs.Converter()"
        )
    if texts is not None and not is_a(texts, bool):
        raise ValueError(f"texts is True, False or None, not {shown(texts)}")
    as_texts = _writes_texts(converter) if texts is None else texts
    written: Callable[[Decimal], Any] = _text if as_texts else lambda amount: amount
    _register_decimals(converter, written)

    def unstructure(report: Any) -> Any:
        return None if report is None else with_amounts(report, lambda amount, _: written(amount))

    def structured(data: Any, hint: Any) -> Any:
        if data is None and NoneType in get_args(hint):
            return None
        try:
            return structure(data, _chosen(_targets(hint), data), texts=as_texts)
        except InvalidReport as error:
            if converter.detailed_validation:
                raise _grouped(error, hint) from None
            raise

    def is_report(hint: Any) -> bool:
        return bool(_targets(hint))

    converter.register_unstructure_hook_func(is_report, unstructure)
    converter.register_structure_hook_func(is_report, structured)


def _targets(hint: Any) -> tuple[Target, ...]:
    """Return the classes of reports that a type names, alone or with None; nothing if others."""
    union = get_origin(hint) in (Union, UnionType)
    parts = [part for part in get_args(hint) if part is not NoneType] if union else [hint]
    targets = tuple(target for part in parts if (target := target_of(part)) is not None)
    return targets if len(targets) == len(parts) else ()


def _chosen(targets: tuple[Target, ...], data: Any) -> Target:
    """Return the target that is of the edition of data; the first if none is."""
    name = data.edition if is_a(data, Report) else detect(data)
    fitting = [target for target in targets if target.edition == name] or targets[:1]
    return fitting[0] if len(fitting) == 1 else attrs.evolve(fitting[0], shape=None)


# ---- decimals -----------------------------------------------------------------------------------


def _writes_texts(converter: BaseConverter) -> bool:
    homes = [cls.__module__ for cls in type(converter).__mro__]
    formats = [home for home in homes if home.startswith(_PRECONF)]
    return is_a(converter.unstructure(Decimal(1)), str) or (
        bool(formats) and formats[0] not in _WITH_DECIMALS
    )


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _register_decimals(converter: BaseConverter, written: Callable[[Decimal], Any]) -> None:
    """Teach a converter to read and write a Decimal exactly, unless it does so in its own way."""
    from cattrs.errors import StructureHandlerNotFoundError  # noqa: PLC0415 (who calls this has it)

    if is_a(converter.unstructure(Decimal(1)), Decimal):
        converter.register_unstructure_hook(Decimal, written)
    try:
        converter.structure(Decimal(1), Decimal)
    except StructureHandlerNotFoundError:
        converter.register_structure_hook(Decimal, lambda value, _: _decimal(value))
    except Exception:  # noqa: BLE001, S110 (it has a way of its own, which takes other values)
        pass


def _decimal(value: Any) -> Decimal:
    """
    Return a number, or the text of one, as a Decimal.

    Raises: ValueError if it is none, not finite, or a float that may have lost digits.
    """
    if may_be_rounded(value):
        raise ValueError(f"{value!r} was read as a float and may have lost digits; give a Decimal")
    number = repr(float(value)) if is_a(value, float) else value
    if not is_a(number, (str, Decimal)):
        number = whole_number(number)
    try:
        decimal = Decimal(number)
    except (InvalidOperation, TypeError):
        raise ValueError(f"should be a decimal number, not {shown(value)}") from None
    if not decimal.is_finite():
        raise ValueError(f"should be a finite number, not {shown(value)}")
    return decimal


# ---- errors -------------------------------------------------------------------------------------


class _Fault(Error):
    """One *finding*, as cattrs lists the faults of a class."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding

    def __str__(self) -> str:
        return f"{self.finding.code}: {self.finding.message('en')}"

    @property
    def code(self) -> str:
        return self.finding.code


def _grouped(error: InvalidReport, hint: Any) -> InvalidReport:
    """Return the faults of a report as cattrs gathers those of a class, each with its cell."""
    from cattrs.errors import AttributeValidationNote  # noqa: PLC0415 (who calls this has it)

    faults = []
    for finding in error.findings:
        fault = _Fault(finding)
        for cell in finding.cells[:1]:
            fault.add_note(AttributeValidationNote(f"at {cell}", cell, None))
        faults.append(fault)
    group: InvalidReport = _group()(str(error), faults, hint)
    return group


@once
def _group() -> Any:
    """Make the class of an error that is both: ``InvalidReport``, and a group of cattrs."""
    from cattrs.errors import ClassValidationError  # noqa: PLC0415 (who calls this has it)

    class InvalidReportGroup(InvalidReport, ClassValidationError):
        """The faults of a report, for ``cattrs.transform_error``."""

        def __new__(cls, message: str, faults: list[_Fault], hint: Any) -> Any:
            return ClassValidationError.__new__(cls, message, faults, hint)

        def __init__(self, _: str, faults: list[_Fault], __: Any) -> None:
            super().__init__([fault.finding for fault in faults])

        def __reduce__(self) -> Any:
            return InvalidReport, (self.findings,)

    return InvalidReportGroup
