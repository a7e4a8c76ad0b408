"""
The official form, made from data.

Cell ids, editions, rows, columns, cells, rules and their equations. ``Form``, one printed shape of
the form, puts them together. This package knows no report; ``report`` fills the cells that it
names.
"""
