"""
Files that hold reports themselves: JSON, JSON lines, CSV, Parquet, SQLite and DuckDB, one module
each.

A row is a record (``report.record``). Which module reads or writes a file is decided in ``files``.
"""
