"""
What is read from a file that holds several reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import attrs

from govinfo_schema.data.once import LOCK
from govinfo_schema.findings import Finding
from govinfo_schema.report.model import Report

if TYPE_CHECKING:
    from govinfo_schema.documents.recognise import Reading


@attrs.frozen
class Readings(Sequence["Reading"]):
    """
    The reports of one file, in file order, each as a ``Reading``.

    *findings*: what could not be read. ``R-RECORD`` is an error for one invalid row, with its
    number, its line number (if the file has lines), and all its faults and their cells; the other
    rows are read. ``R-EXTRA`` names columns that the form does not have, ``R-ABSENT`` the figures
    that are blank because the table has no column, or no line, for them. ``R-SCALED`` and
    ``R-UNIT`` tell of lines that name another unit than the form.

    >>> import govinfo_schema as gs
    >>> import tempfile
    >>> reports = (gs.generate(1, "2021"), gs.generate(2, "2019"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gs.write_many(reports, f"{folder}/reports.csv")
    ...     readings = gs.read_many(f"{folder}/reports.csv")
    >>> len(readings), readings.reports == reports, readings.findings
    (2, True, ())
    """

    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Reading: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Reading, ...]: ...
    def __getitem__(self, index: int | slice) -> Reading | tuple[Reading, ...]:
        """Return one reading by its index, or several by a slice."""
        return self.readings[index]

    def __len__(self) -> int:
        """Return the number of reports that were read."""
        return len(self.readings)

    def _repr_html_(self) -> str:
        with LOCK:
            from govinfo_schema.documents.notebook import listing  # noqa: PLC0415 (only in notebooks)

        return listing(self.readings, self.findings)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, without sources and findings."""
        return tuple(reading.report for reading in self.readings)
