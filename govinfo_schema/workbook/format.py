"""The workbook as a format to write reports in; ``documents.formats.xlsx`` reads it back."""

from __future__ import annotations

from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.report.model import Report


def write(report: Report, path: FilePath) -> None:
    """Write a report as a workbook; what that takes is loaded on first use."""
    with LOCK:
        from govinfo_schema.workbook import writing  # noqa: PLC0415 (only for those who write workbooks)

    writing.write(report, path)


FORMAT = Format(suffixes=(".xlsx",), place=6, write_report=write)
