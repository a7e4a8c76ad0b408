"""
One report: its classes, its values, its JSON, the published JSON Schema, and its conversion between
editions.

``model`` is generated from the data of the form. This room decides which report can exist; whether
its sums hold is for ``checks``.
"""
