"""
One report: its classes, values, JSON, JSON Schema and conversion between editions.

``model`` is generated from the data of the form. This package decides which report can exist;
whether its equations hold is for ``checks``.
"""
