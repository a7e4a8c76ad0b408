"""
The columns of data frames: their types, and what another program put into them brought to these.

``frames`` makes reports of them and ``equations`` adds them up. This is the one door to Polars.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library
from govinfo_schema.errors import Incompatible, MissingLibrary
from govinfo_schema.messages import spoken
from govinfo_schema.report.access import closest
from govinfo_schema.report.conformance import quoted
from govinfo_schema.report.record import KEPT, Rounded, Type, settled
from govinfo_schema.report.values import EXACT_DIGITS, MAX_AMOUNT, MAX_DIGITS
from govinfo_schema.tables.csv.kinds import CODES, Kinds
from govinfo_schema.tables.csv.tidy import is_tidy
from govinfo_schema.tables.parquet import DECIMALS
from govinfo_schema.tables.rows import FILE, SHOWN, dotted, stored_types

if TYPE_CHECKING:
    import polars as pl

    from govinfo_schema.tables.rows import Rows

    DataFrame: TypeAlias = pl.DataFrame
    Expr: TypeAlias = pl.Expr
    LazyFrame: TypeAlias = pl.LazyFrame
    Series: TypeAlias = pl.Series

DIGITS: Final = 38
"""The digits of a column of exact decimals."""
TEXTS: Final = Kinds(grouped=False, is_file=False)
"""How values are read that are texts."""
FAR: Final = 2**64
"""A number that no column of 64 bits holds."""
SIGNS: Final = 200
"""So many characters are shown of what the library of a frame says."""


@once
def frame_types() -> Mapping[Type, Any]:
    """Give the types that the columns of a frame have."""
    polars = library("polars", "frames")
    return {
        "text": polars.String,
        "whole": polars.Int64,
        "amount": polars.Decimal(DIGITS, DECIMALS),
        "date": polars.Date,
        "flag": polars.Boolean,
    }


def schema_of(columns: Mapping[str, Any]) -> Any:
    """Give the types of the columns of a frame; of a type in brackets a value is a list."""
    polars, types = library("polars", "frames"), frame_types()
    return {
        name: types[kind] if is_a(kind, str) else polars.List(types[kind[0]])
        for name, kind in columns.items()
    }


@attrs.frozen
class _Stream:
    """A frame of which nothing but the Arrow C stream is seen."""

    frame: Any

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)


def table_of(frame: Any, caller: str) -> DataFrame:
    """
    Take any frame over as one of Polars; *caller* is the function that was called.

    Raises: TypeError, Incompatible, MissingLibrary.
    """
    polars = library("polars", "frames")
    # A single column, which has a type of its own, is a stream too.
    cls = type(frame)
    is_stream = hasattr(cls, "__arrow_c_stream__") and not hasattr(cls, "dtype")
    if not is_a(frame, polars.LazyFrame) and not is_stream:
        raise TypeError(
            f"{caller} takes a data frame (Polars, pandas, pyarrow, DuckDB), not "
            f"{cls.__name__}; {_instead(frame)}"
        )
    if not is_a(frame, polars.LazyFrame):
        names = getattr(frame, "column_names", getattr(frame, "columns", ()))
        _check_distinct([name for name in names if is_a(name, str)])
    try:
        if is_a(frame, polars.LazyFrame):
            frame = frame.collect()
        taken: DataFrame = (
            frame if is_a(frame, polars.DataFrame) else polars.DataFrame(_Stream(frame))
        )
    except ImportError as error:
        raise MissingLibrary("pyarrow", "bulk") from error
    except MemoryError:
        raise
    # Whatever the library of the frame raises; Polars panics at types that it does not have.
    except (Exception, polars.exceptions.PanicException) as error:
        raise unreadable_frame(" ".join(map(str, error.args)) or type(error).__name__) from error
    # pandas keeps an index without a name under a name of its own.
    taken = taken.drop([name for name in taken.columns if name.startswith("__index_level_")])
    return with_dots(taken)


def frame_of(rows: Rows) -> DataFrame:
    """
    Make a frame of rows of a table.

    Raises: Incompatible.
    """
    if not is_a(rows.columns, Mapping):
        pyarrow = library("pyarrow", "bulk")
        return table_of(pyarrow.Table.from_batches(rows.columns), "check").rechunk()
    polars = library("polars", "frames")
    frame: DataFrame = polars.DataFrame(
        [_column(name, values, stored_types()[name]) for name, values in rows.columns.items()]
    )
    return frame


def _column(name: str, values: Sequence[Any], kind: Type) -> Series:
    """Make a column of values, any objects where one is not of its type."""
    polars = library("polars", "frames")
    plain = {*map(type, values)} <= {*_PLAIN[kind], type(None)}
    try:
        column: Series = polars.Series(
            name, values, frame_types()[kind] if plain else polars.Object
        )
    except (OverflowError, UnicodeError, polars.exceptions.PolarsError):
        column = polars.Series(name, values, polars.Object)
    return column


_PLAIN: Final[Mapping[Type, Sequence[type]]] = {
    "text": (str,),
    "whole": (int,),
    "amount": (Decimal, int),
    "date": (date,),
    "flag": (bool,),
}
"""The types of values of which a column of each type is made."""


def _instead(frame: Any) -> str:
    """Say what to do with what is no data frame here."""
    package = type(frame).__module__.partition(".")[0]
    if is_a(frame, (str, os.PathLike)):
        package = "path"
    return _INSTEAD.get(package, "read_many reads files")


_INSTEAD: Final[Mapping[str, str]] = {
    "path": "polars.scan_parquet(path), scan_csv or read_many opens a file, and check_lines checks "
    "JSON lines",
    "pyarrow": "dataset.to_table() or polars.scan_pyarrow_dataset(dataset) makes a frame of it",
    "dask": "frame.map_partitions calls a function for each part, and in it check_batch",
    "dask_expr": "frame.map_partitions calls a function for each part, and in it check_batch",
    "pyspark": "frame.selectExpr('struct(*) AS report').mapInArrow calls a function for each "
    "batch, and in it check_batch",
    "ray": "dataset.map_batches(function, batch_format='pyarrow') calls a function for each batch, "
    "and in it check_batch",
}
"""What to do with what is no frame here, by the package that it comes from."""


# ---- names --------------------------------------------------------------------------------------


def _check_distinct(names: Sequence[str]) -> None:
    """
    Make sure that no name stands twice, in whichever spelling.

    Raises: Incompatible, which names it.
    """
    seen = dict[str, str]()
    for name in names:
        own = dotted(name)
        if (before := seen.setdefault(own, name)) != name:
            raise Incompatible(spoken("frame_spelt", columns=(before, name)))
    if len(seen) < len(names):
        twice = next(name for number, name in enumerate(names) if name in names[:number])
        raise Incompatible(spoken("frame_twice", column=twice))


def with_dots(frame: DataFrame) -> DataFrame:
    """
    Give the columns of the form their names with dots.

    Raises: Incompatible for a column that stands there in both spellings.
    """
    renamed = {name: own for name in frame.columns if (own := dotted(name)) != name}
    if not renamed:
        return frame
    _check_distinct(frame.columns)
    return frame.rename(renamed)


def check_columns(columns: Mapping[str, Any], figures: Mapping[str, Any]) -> None:
    """
    Make sure that a frame has one row a report, and at least one column of *figures*; *columns* are
    the types of its columns by their names.

    Raises: Incompatible, which says what to do.
    """
    _check_distinct([*columns])
    names = [*map(dotted, columns)]
    if "edition" not in names:
        raise Incompatible(spoken("no_edition_column"))
    if is_tidy(names):
        raise Incompatible(spoken("tidy_frame"))
    if not any(name in figures for name in names):
        raise Incompatible(spoken("no_figures", hint=_hint(columns, figures)))


def _hint(columns: Mapping[str, Any], figures: Mapping[str, Any]) -> Any:
    """Say what may be wrong with columns of which none is a figure."""
    polars = library("polars", "frames")
    structs = [
        name
        for name, dtype in columns.items()
        if is_a(dtype, polars.Struct) and any(cell.startswith(f"{name}.") for cell in figures)
    ]
    if structs:
        return spoken("structs", columns=tuple(structs))
    unknown = [name for name in columns if name not in stored_types() and len(name) < SIGNS]
    meant = {name: dotted(name.strip().lower()) for name in unknown}
    close = next((name for name in unknown if meant[name] in figures), None)
    for name in [close] if close else unknown[:SHOWN]:
        if near := closest(meant[name], figures):
            return spoken("misspelt", column=quoted(name), close=near)
    return spoken("cell_names")


def unreadable_frame(problem: str) -> Incompatible:
    """Return the error for a frame, with the first line of what its library says."""
    line = problem.partition("\n")[0]
    shortened = line if len(line) <= SIGNS else f"{line[:SIGNS]}…"
    return Incompatible(spoken("bad_frame", problem=shortened))


def simplified(column: Series, kind: Type) -> Series:
    """Bring a column nearer to the type that a report needs, as far as no value is lost."""
    polars = library("polars", "frames")
    if column.dtype in (polars.Categorical, polars.Enum):
        return column.cast(polars.String)
    if column.dtype.is_float():
        column = column.fill_nan(None)
    if column.name == FILE:
        return _names(column)
    if _is_short(column):
        return column
    if kind != "amount" and (column.dtype.is_float() or column.dtype.is_decimal()):
        whole = column.cast(polars.Int64, strict=False)
        is_same = whole.cast(column.dtype, strict=False).eq_missing(column).all()
        column = whole if is_same else column
    if column.dtype == polars.Datetime and kind == "date":
        day, clock = column.dt.date().cast(polars.String), column.dt.time()
        return day.zip_with((clock == time(0)).fill_null(value=True), column.cast(polars.String))
    return column


def _names(column: Series) -> Series:
    """Return a column of file names as text; a byte that is no UTF-8 is escaped."""
    polars = library("polars", "frames")
    if is_hashed(column) and column.dtype not in (polars.Binary, polars.Duration):
        return column.cast(polars.String, strict=False)
    texts = [
        value.decode("utf-8", "backslashreplace") if is_a(value, bytes) else value and str(value)
        for value in column.to_list()
    ]
    names: Series = polars.Series(column.name, [each or None for each in texts], polars.String)
    return names


def is_hashed(column: Series) -> bool:
    """Whether Polars can compare all values of a column: not lists, structs, or any objects."""
    polars = library("polars", "frames")
    return not column.dtype.is_nested() and column.dtype != polars.Object


def _is_short(column: Series) -> bool:
    """Whether a column holds floats of fewer than eight bytes."""
    polars = library("polars", "frames")
    dtype: Any = column.dtype
    return bool(dtype.is_float()) and dtype != polars.Float64


def _size(column: Series) -> int:
    """Give the bytes of each float of a column of short ones."""
    polars = library("polars", "frames")
    return 4 if column.dtype == polars.Float32 else 2


def is_plain(column: Series) -> bool:
    """Whether all values of a column are of the types ``RowReader.PLAIN``."""
    polars = library("polars", "frames")
    dtype = column.dtype
    simple = (polars.String, polars.Boolean, polars.Date, polars.Null)
    return dtype in simple or dtype.is_integer() or dtype.is_decimal()


def reader_of(column: Series, kind: Type) -> Callable[[Any], Any] | None:
    """Return what reads the values of a column, None where nothing is to be done."""
    return (_reader_of_short if _is_short(column) else _reader_of_long)(column, kind)


def _reader_of_long(column: Series, kind: Type) -> Callable[[Any], Any] | None:
    polars = library("polars", "frames")
    dtype = column.dtype
    if dtype == polars.String and (kind != "text" or column.name in CODES):
        read = TEXTS.of(column.name, kind)
        return lambda text: None if text is None else read(text)
    if column.name in CODES and dtype.is_numeric():
        return _code
    if kind == "flag" and dtype.is_integer():
        return lambda value: bool(value) if value in (0, 1) else value
    if kind == "amount" and dtype.is_float():
        return _amount
    if dtype.is_float() or (dtype.is_decimal() and kind != "amount"):
        return _whole
    return None


def _reader_of_short(column: Series, kind: Type) -> Callable[[Any], Any]:
    """Return what reads floats of fewer than eight bytes, by way of the numbers people wrote."""
    size = _size(column)
    read = _amount if kind == "amount" else _code if column.name in CODES else _whole
    return lambda value: value if value is None else read(settled(value, size))


def whole_numbers(column: Series) -> tuple[Series, Mapping[str, Series]]:
    """
    Return a simplified column as whole numbers, and by the code of the schema the rows of what is
    none, which is null.
    """
    polars = library("polars", "frames")
    dtype = column.dtype
    if dtype.is_integer() and dtype not in (polars.UInt64, polars.Int128, polars.UInt128):
        return column, {}
    missing = column.is_null()
    if dtype == polars.String:
        read = {text: TEXTS.whole(text) for text in column.drop_nulls().unique()}
        missing |= column.is_in([text for text, value in read.items() if value is None])
        read = {text: value for text, value in read.items() if type(value) is int}
        column = column.replace_strict(read, default=None, return_dtype=polars.Int64)
        return column, {"S-TYPE": (column.is_null() & ~missing).arg_true()}
    if dtype == polars.Object:
        values = [value if is_a(value, bool) else _whole(value) for value in column.to_list()]
        own = [max(-FAR, min(value, FAR)) if type(value) is int else None for value in values]
        column, wrong_ones = whole_numbers(polars.Series(column.name, own, dtype=polars.Int128))
        other = [value is None for value in own]
        return column, {**wrong_ones, "S-TYPE": (polars.Series(other) & ~missing).arg_true()}
    if not dtype.is_numeric():
        nothing = polars.Series(column.name, [None], dtype=polars.Int64)
        return nothing.new_from_index(0, column.len()), {"S-TYPE": (~missing).arg_true()}
    whole = column.cast(polars.Int64, strict=False)
    wrong = ((whole.cast(dtype, strict=False) == column).fill_null(value=False) | missing).not_()
    far = whole.is_null() & wrong
    rounded = missing & ~missing
    if _is_short(column):
        rounded = (~wrong & (column.abs() >= KEPT[_size(column)][2])).fill_null(value=False)
        wrong |= rounded
    faults = {
        "S-DIGITS": rounded,
        "S-TYPE": wrong & ~far & ~rounded,
        "S-NEGATIVE": far & (column < 0),
        "S-MAXIMUM": far & (column > 0),
    }
    column = whole.zip_with(~wrong, polars.Series([None], dtype=polars.Int64))
    return column, {code: rows.arg_true() for code, rows in faults.items()}


def are_amounts(column: Series) -> bool:
    """
    Whether all values of a simplified column are amounts that a report may hold, as far as that is
    seen without a look at each; these have few decimals.
    """
    polars = library("polars", "frames")
    if column.dtype == polars.Null:
        return True
    if column.dtype.is_integer() or column.dtype.is_decimal():
        most, places = MAX_AMOUNT, MAX_DIGITS - len(str(MAX_AMOUNT - 1))
    elif column.dtype == polars.Float64:
        # The double that is nearest to a number of so few digits is read as that number.
        places = 4
        most = 10 ** (EXACT_DIGITS - places - 1)
    else:
        return False
    low: Any = column.min()
    high: Any = column.max()
    if low is None:
        return True
    scale = 10**places
    rounded = (column * scale).round() / scale if column.dtype.is_float() else column.round(places)
    return bool(low >= 0 and high <= most and (rounded == column).all())


def _amount(value: float | None) -> Any:
    """Read an amount that is a float by its shortest text, as ``from_dict`` does."""
    number = None if value is None else settled(value)
    if number is None or is_a(number, Rounded) or not math.isfinite(number):
        return value
    return Decimal(repr(number))


def _whole(value: Any) -> Any:
    """Return a number that is whole as an int; other values unchanged."""
    try:
        is_whole = value is not None and not is_a(value, Rounded) and int(value) == value
        return int(value) if is_whole else value
    except (ValueError, OverflowError):
        return value


def _code(value: Any) -> Any:
    """Return a code that another program took for a whole number as the text that it was."""
    number = _whole(value)
    return str(number) if type(number) is int else number
