"""
Read and write report files: ``read``, ``read_many``, ``write``, ``write_many``, ``mend``.

``registry`` lists the formats and detects the one of a file from its content; its suffix alone does
not decide. A format module converts between a file and a ``Document``; ``recognise`` and ``layout``
convert between a ``Document`` and a report. JSON, workbooks and tables hold reports themselves.
``nested`` and ``archives`` open files in files.
"""

from govinfo_schema.files.mending import mend, mendable
from govinfo_schema.files.nested import holder, members
from govinfo_schema.files.reading import columns_of, format_of, is_table, read, read_many, rows_of
from govinfo_schema.files.readings import Readings
from govinfo_schema.files.registry import (
    formats,
    holds_many,
    is_archive_named,
    is_database,
    is_recognised,
    suffixes,
    writable,
)
from govinfo_schema.files.writing import check_suffix, only, write, write_many

__all__ = [
    "Readings",
    "check_suffix",
    "columns_of",
    "format_of",
    "formats",
    "holder",
    "holds_many",
    "is_archive_named",
    "is_database",
    "is_recognised",
    "is_table",
    "members",
    "mend",
    "mendable",
    "only",
    "read",
    "read_many",
    "rows_of",
    "suffixes",
    "writable",
    "write",
    "write_many",
]
