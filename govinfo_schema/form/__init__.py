"""
The official form, made from data: cell ids, editions, rows, columns, cells, rules and their
equations.

``Form`` is the central idea: one printed shape of the form. This room knows no report; ``report``
fills the cells that it names.
"""
