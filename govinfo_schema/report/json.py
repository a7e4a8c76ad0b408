"""
Report <-> plain data and JSON.

``loads`` has two lanes. The fast one lets msgspec decode straight into the classes and then makes
sure that it took nothing for granted; whenever it is not sure, the thorough lane reads the text
again, names every fault, and decides. Both accept the same texts, those that the published schema
accepts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, Literal, NoReturn, cast, get_args, get_origin

import attrs
import msgspec

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidReport, InvalidValue
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, form
from govinfo_schema.form.load import edition_name
from govinfo_schema.form.parts import EDITIONS, EditionName
from govinfo_schema.messages import catalogue, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.conformance import (
    MAX_DEPTH,
    MAX_EXPONENT,
    Plain,
    faults,
    number_fault,
    plain,
    quoted,
)
from govinfo_schema.report.empty import class_of, resolved
from govinfo_schema.report.given import check_report
from govinfo_schema.report.making import ENCODER, hold_fee, hold_together, joined_texts
from govinfo_schema.report.model import FromDict, Loads, Report
from govinfo_schema.report.values import (
    MAX_BYTES,
    MAX_DIGITS,
    half_character,
    to_amount,
)

# ---- JSON ---------------------------------------------------------------------------------------


def _as_loads(function: Callable[..., Report]) -> Loads:
    return cast("Loads", function)


def _as_from_dict(function: Callable[..., Report]) -> FromDict:
    return cast("FromDict", function)


@_as_loads
def loads(data: bytes | str, *, edition: EditionName | None = None) -> Report:
    """
    Read a report from JSON.

    *edition* demands one edition of the form; without it the text says its own.
    Blank: ``null``. A key that is missing is a fault, not a blank.
    Raises: InvalidReport, which names every fault at once, each with its cell id; UnknownEdition if
    *edition* is none.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2024, body="某市人民政府")
    >>> gs.loads(gs.dumps(report)) == report
    True
    """
    if edition is not None:
        edition = edition_name(edition)
    text = _text(data)
    report = _decode(text)
    if report is None or edition not in (None, report.edition):
        return from_dict(_parse(text), edition=edition)
    return report


def dumps(report: Report) -> bytes:
    """
    Write a report as JSON: UTF-8, compact, the keys in printed order.

    Canonical: equal reports give equal bytes, and ``loads(dumps(report)) == report``.
    Blank: ``null``.
    Raises: TypeError if it is no report.

    >>> import govinfo_schema as gs
    >>> gs.dumps(gs.blank("2021", year=2024, body="某市"))[:30]
    b'{"edition":"2021","year":2024,'
    """
    twin = _twin(report)
    for fetch in _money(form_of(report)):
        holder = fetch(twin)
        if holder.amount and holder.amount.adjusted() < -6:
            # str() of so small a Decimal has an exponent.
            holder.amount = msgspec.Raw(f"{holder.amount:f}".encode())
    return ENCODER.encode(twin)


# ---- plain data ---------------------------------------------------------------------------------


def to_dict(report: Report) -> dict[str, Any]:
    """
    Return a report as plain nested dicts, every key present, in printed order.

    Blank: None. Amounts are Decimal, the date of publication is ISO text.
    Raises: TypeError if *report* is no report.

    >>> import govinfo_schema as gs
    >>> gs.to_dict(gs.blank("2021", year=2024, body="某市人民政府"))["disputes"]["reconsideration"]
    {'upheld': None, 'corrected': None, 'other': None, 'pending': None, 'total': None}
    """
    return cast("dict[str, Any]", msgspec.to_builtins(_twin(report), builtin_types=(Decimal,)))


@_as_from_dict
def from_dict(data: Mapping[str, Any], *, edition: EditionName | None = None) -> Report:
    """
    Read a report from plain nested dicts, as ``json.loads`` or ``to_dict`` give them.

    Unit: an amount may be an int, a Decimal, or a float, which is read by its repr; a count may be
    12.0. Whole numbers, texts, dicts and lists of other libraries are read by their value.
    Raises: InvalidReport, which names every fault at once; UnknownEdition if *edition* is none.

    >>> import govinfo_schema as gs
    >>> data = gs.to_dict(gs.blank("2021", year=2024, body="某市人民政府"))
    >>> data["disputes"]["reconsideration"]["upheld"] = 3
    >>> gs.from_dict(data).disputes.reconsideration.upheld
    3
    """
    return from_plain(plain(data), None if edition is None else edition_name(edition))


def from_plain(checkable: Plain | Finding, edition: EditionName | None) -> Report:
    """
    Read a report from what ``plain`` returns.

    Raises: InvalidReport.
    """
    report = _decode_plain(checkable)
    if report is not None and edition in (None, report.edition):
        return report
    findings = faults(checkable, edition)
    if isinstance(checkable, Finding) or findings:
        raise InvalidReport(findings)
    parts = {key: value for key, value in checkable.data.items() if key != "$schema"}
    hint = class_of(_form_of(parts))
    try:
        return cast("Report", _structure(hint)(parts, hint))
    except InvalidValue:
        # The schema bounds everything but the length of a report.
        _refuse("T-SIZE", limit=MAX_BYTES)


def _form_of(parts: Mapping[str, Any]) -> Form:
    """Return the form of data that conform: by their edition and by the divisible row."""
    of = form(parts["edition"])
    if of.edition.divisible is None:
        return of
    node: Any = parts
    for step in ids.split(of.edition.divisible):
        node = node[step]
    return (
        of.coarse
        if any(ids.join(of.edition.divisible, key) in of.coarse.cells for key in node)
        else of
    )


@once
def _structure(hint: Any) -> Callable[[Any, Any], Any]:
    """Return the function that turns data that conform into a report without checking them."""
    import cattrs  # noqa: PLC0415 (imported here only)

    converter = cattrs.Converter(detailed_validation=False)

    def scalar(hint: Any) -> bool:
        return not attrs.has(get_origin(hint) or hint) and get_origin(hint) is not tuple

    def structure(value: Any, hint: Any) -> Any:
        if date in get_args(hint):
            return None if value is None else date.fromisoformat(value)
        if Decimal in get_args(hint):
            return to_amount(Decimal(repr(value)) if isinstance(value, float) else value)
        return int(float(value)) if isinstance(value, (float, Decimal)) else value

    converter.register_structure_hook_func(scalar, structure)
    return converter.get_structure_hook(hint)


# ---- the fast lane ------------------------------------------------------------------------------

_EDITOR: Final = re.compile(
    rb'^[ \t\r\n]*\{[ \t\r\n]*"\$schema"[ \t\r\n]*:[ \t\r\n]*"[ !#-\[\]-~]*"[ \t\r\n]*,'
)
"""The one key that may be added, where editors want it: first."""
_PLAIN_AMOUNT: Final = re.compile(
    rb'"amount"[ \t\r\n]*:[ \t\r\n]*'
    rb"(?:null|(?:0|[1-9][0-9]{0,6})(?:\.[0-9]{1,10})?|[1-9][0-9]{0,11}(?:\.[0-9]{1,4})?)"
    rb"(?=[ \t\r\n,}])"
)
"""
The key of an amount, and a number without an exponent that is below ``MAX_AMOUNT`` and has at most
``MAX_DIGITS`` digits.
"""
_GLANCED: Final = MAX_BYTES // 8
"""A text of so many bytes is surely not too long for a report, however it is written."""
_EDITION: Final = re.compile(rb'"edition"[ \t\r\n]*:[ \t\r\n]*"([0-9]{4})"')
"""Where a text says its edition, if it is written without escapes."""


@attrs.frozen
class _Shape:
    """
    What reads the texts of one form: the decoders into its classes and into structs with the same
    names (``glance``), and the number of keys without notes.
    """

    form: Form
    decoder: msgspec.json.Decoder[Any]
    structs: msgspec.json.Decoder[Any]
    keys: int
    money: tuple[Callable[[Any], Any], ...]


@once
def _shapes() -> Mapping[bytes, tuple[_Shape, _Shape, bytes]]:
    """
    Make the decoders of all forms.

    Shape: edition -> the fine shape, the coarse one, and a key in quotes that only texts of the
    fine one have.
    """
    return {
        name.encode(): (
            _shape(form(name)),
            _shape(form(name).coarse),
            b'"%s"' % _only_fine(form(name)).encode(),
        )
        for name in EDITIONS
    }


@once
def _shape(of: Form) -> _Shape:
    hint = class_of(of)
    decoder, structs = (msgspec.json.Decoder(each) for each in (hint, _struct(hint, None, {})))
    return _Shape(of, decoder, structs, _keys(hint), _money(of))


def _struct(hint: Any, row: Any, known: dict[Any, Any]) -> Any:
    """Return a struct with the fields and types of a class, or a type that is none as it is."""
    cls, row = resolved(hint, row)
    if cls is tuple:
        return tuple[_struct(get_args(hint)[0], row, known), ...]  # type: ignore[misc]
    if not attrs.has(cls):
        return hint
    if (cls, row) not in known:
        fields = [(field.name, _struct(field.type, row, known)) for field in attrs.fields(cls)]
        known[cls, row] = msgspec.defstruct(cls.__name__, fields, gc=False)
    return known[cls, row]


def _only_fine(of: Form) -> str:
    """
    Return a step of a cell id that only the fine shape of an edition has.

    Nothing if the edition has one shape only.
    """
    coarse = {step for steps in of.coarse.steps.values() for step in steps}
    return max(
        (step for steps in of.steps.values() for step in steps if step not in coarse),
        key=len,
        default="",
    )


def _keys(hint: Any, row: Any = None) -> int:
    cls, row = resolved(hint, row)
    return sum(1 + _keys(field.type, row) for field in attrs.fields(cls)) if attrs.has(cls) else 0


@once
def _money(of: Form) -> tuple[Callable[[Any], Any], ...]:
    """Return getters of the parts that have an amount: rows of figures and the processing fee."""
    return tuple(attrgetter(ids.row_of(cell)) for cell in amount_cells(of))


@once
def amount_cells(of: Form) -> tuple[str, ...]:
    """Return the ids of the amounts of a report: cells, and the processing fee."""
    cells = [cell.id for cell in of.cells.values() if cell.kind == "amount"]
    return (*cells, "other_matters.processing_fee.amount")


def _decode(text: bytes) -> Report | None:
    """Read a text that is surely a report, fast; None where it is not sure."""
    found = _decoded(text, "decoder")
    return None if found is None else cast("Report", found[1])


def glance(text: bytes) -> tuple[Form, Any] | None:
    """
    Read the values of a text that is surely a report, in half the time of ``loads``; None where it
    is not sure.

    Shape: the form, and an object with the names and values of a report and nothing else of it.
    """
    found = _decoded(text, "structs") if len(text) <= _GLANCED else None
    if found is None:
        return None
    try:
        hold_fee(found[1].other_matters.processing_fee)
        hold_together(found[1])
    except ValueError:
        return None
    return found


def _decoded(text: bytes, decoder: Literal["decoder", "structs"]) -> tuple[Form, Any] | None:
    said = _EDITION.match(text, at) if (at := text.find(b'"edition"')) >= 0 else None
    shapes = _shapes().get(said[1]) if said else None
    if shapes is None:
        return None
    fine, coarse, only_fine = shapes
    shape = fine if text.rfind(only_fine) >= 0 else coarse
    text = _EDITOR.sub(b"{", text, count=1)
    try:
        report = getattr(shape, decoder).decode(text)
    except (ValueError, RecursionError):
        return None
    # No pattern says that the text ends behind the code: a line break may follow.
    code = report.body.division_code
    fits = (code is None or "\n" not in code) and _all_keys_once(report, text, shape.keys)
    return (shape.form, report) if fits and _amounts_exact(report, text, shape.money) else None


def _decode_plain(checkable: Plain | Finding) -> Report | None:
    """
    Read plain data that are surely a report by way of their text, fast; None where it is not sure.

    ``plain`` has kept out what msgspec would write as something else, such as NaN.
    """
    if isinstance(checkable, Finding):
        return None
    try:
        return _decode(ENCODER.encode(checkable.data))
    except (TypeError, ValueError, OverflowError):
        return None


def _all_keys_once(report: Report, text: bytes, keys: int) -> bool:
    r"""
    Whether every key stands exactly once and there is no other; msgspec ignores such keys.

    A text has one colon for each key and the colons inside its strings. No field has a default, so
    each of the keys stands there at least once. If no colon is left over, no other key was there;
    nor if those left over are just as many as the strings kept have. An escaped colon (``\u003a``)
    would upset that count.
    """
    surplus = text.count(b":") - keys - 3 * len(report.notes)
    if not surplus:
        return True
    inside = joined_texts(report).count(":")
    # From the end, Python searches for the backslash, which is rarer than the digit.
    return surplus == inside and text.rfind(b"\\u003") < 0


def _amounts_exact(report: Report, text: bytes, money: tuple[Callable[[Any], Any], ...]) -> bool:
    """
    Whether all amounts are plain numbers within bounds; brings them into normal form.

    msgspec accepts texts too.

    Every key stands exactly once, and as many of them as *money* has parts are ``amount``. Only a
    key is followed by a colon: if so many places match, they are these keys, whatever the texts
    hold. The last place is searched from the end of the text, where the processing fee is.
    """
    at = -1
    for _ in money[1:]:
        at = text.find(b'"amount"', at + 1)
        if at < 0 or not _PLAIN_AMOUNT.match(text, at):
            return False
    last = text.rfind(b'"amount"')
    if last <= at or not _PLAIN_AMOUNT.match(text, last):
        return False
    for fetch in money:
        holder = fetch(report)
        digits = str(holder.amount)
        if ("." in digits and digits[-1] == "0") or "E" in digits:
            # Nobody else holds the object yet: it is still being made.
            object.__setattr__(holder, "amount", to_amount(holder.amount))
    return True


# ---- the thorough lane --------------------------------------------------------------------------


def _text(data: Any) -> bytes:
    """Return the text as UTF-8 without a leading byte-order mark."""
    if is_a(data, str):
        if len(data) > MAX_BYTES:
            _refuse("T-SIZE", limit=MAX_BYTES)
        half = half_character(data)
        if half:
            _refuse("T-SURROGATE", character=half)
        data = data.encode()
    if not is_a(data, (bytes, bytearray, memoryview)):
        _refuse("T-REPORT", found=spoken("found.other", value=type(data).__name__))
    text = bytes(data).removeprefix(b"\xef\xbb\xbf")
    if len(text) > MAX_BYTES:
        _refuse("T-SIZE", limit=MAX_BYTES)
    return text


def _parse(text: bytes) -> Any:
    """
    Read a JSON text into plain data, numbers with a fraction or an exponent as Decimal.

    Raises: InvalidReport with one finding, the first fault of the text.
    """
    import json  # noqa: PLC0415 (only for texts that the fast lane is not sure of)

    try:
        return json.loads(
            text.decode(),
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=lambda name: _refuse("T-NAN", number=name),
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        _refuse("T-UTF8", byte=error.start + 1)
    except json.JSONDecodeError as error:
        name = f"json.{error.msg}"
        problem = spoken(name if name in catalogue() else "json.other")
        _refuse("T-JSON", line=error.lineno, column=error.colno, problem=problem)
    except RecursionError:
        _refuse("T-DEPTH", limit=MAX_DEPTH)


def _integer(literal: str) -> int:
    if len(literal.lstrip("-")) > MAX_DIGITS:
        raise InvalidReport([number_fault(literal)])
    return int(literal)


def _decimal(literal: str) -> Decimal:
    mantissa, _, exponent = literal.lower().partition("e")
    digits = mantissa.lstrip("-").replace(".", "").lstrip("0")
    exponent = exponent.lstrip("+-").lstrip("0")
    if (
        len(digits) > MAX_DIGITS
        or len(exponent) > 2
        or int(exponent or 0) > MAX_EXPONENT
        or (digits and not float(literal))
    ):
        raise InvalidReport([number_fault(literal)])
    return Decimal(literal)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        (key, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        _refuse("T-DUPLICATE", key=quoted(key).en, named=quoted(key))
    return data


def _refuse(code: str, **operands: Any) -> NoReturn:
    raise InvalidReport([Finding(code=code, level="error", operands=operands)])


# ---- writing ------------------------------------------------------------------------------------


def _twin(report: Report) -> Any:
    """
    Return a report as msgspec structs with its own names and values.

    A struct is written in the order of its fields, a slotted class in the order of the alphabet.
    """
    check_report(report, "this")
    return _twinned(form_of(report))(report)


@once
def _twinned(of: Form) -> Callable[[Any], Any]:
    """
    Return the function that copies a report of one form.

    It is one generated expression, twice as fast as msgspec's conversion by attributes.
    """
    scope: dict[str, Any] = {}
    expression = _copied(class_of(of), None, "report", scope)
    exec(f"def twin(report): return {expression}", scope)  # noqa: S102 (names of our own classes and fields, no data)
    twin: Callable[[Any], Any] = scope["twin"]
    return twin


def _copied(hint: Any, row: Any, value: str, scope: dict[str, Any]) -> str:
    cls, row = resolved(hint, row)
    if cls is tuple:
        return f"[{_copied(get_args(hint)[0], row, 'item', scope)} for item in {value}]"
    if not attrs.has(cls):
        return value
    fields = attrs.fields(cls)
    struct, name = f"{cls.__name__}{len(scope)}", f"v{len(scope)}"
    scope[struct] = msgspec.defstruct(struct, [field.name for field in fields], gc=False)
    first, *rest = (
        _copied(
            field.type,
            row,
            f"({name} := {value}).{field.name}" if field is fields[0] else f"{name}.{field.name}",
            scope,
        )
        for field in fields
    )
    return f"{struct}({', '.join([first, *rest])})"
