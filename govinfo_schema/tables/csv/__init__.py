"""
CSV, in two shapes: *wide*, one row a report and one column a cell id, and *tidy*
(``reports.tidy.csv``), one line a figure.

A spreadsheet runs what begins like a formula: such a text is written behind an apostrophe, which
reading takes off again. What a spreadsheet has opened and saved is read as well: its encodings,
delimiters, dates and numbers.

Beside a file a Data Package descriptor is written (``reports.datapackage.json``) that says what
each column is.
"""
