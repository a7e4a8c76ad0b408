"""
The annual report on open government information (政府信息公开工作年度报告) as software.

Typed classes and a JSON Schema for the official form, its reconciliation rules (勾稽关系) as data, and a checker. Everything
public is named here; what a module holds besides is its own.
"""

from govinfo_schema.cells import get, replace, walk
from govinfo_schema.check import check
from govinfo_schema.convert import dumps, from_dict, loads, to_dict
from govinfo_schema.edition import Cell, Edition, edition
from govinfo_schema.errors import Error, InvalidReport, InvalidValue, UnknownCell, UnknownEdition, UnreadableFile
from govinfo_schema.findings import Assessment, Equation, Finding, RuleSet
from govinfo_schema.model import Report, Report2019, Report2021, blank
from govinfo_schema.schema import conforms, json_schema

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Cell",
    "Edition",
    "Equation",
    "Error",
    "Finding",
    "InvalidReport",
    "InvalidValue",
    "Report",
    "Report2019",
    "Report2021",
    "RuleSet",
    "UnknownCell",
    "UnknownEdition",
    "UnreadableFile",
    "blank",
    "check",
    "conforms",
    "dumps",
    "edition",
    "from_dict",
    "get",
    "json_schema",
    "loads",
    "replace",
    "to_dict",
    "walk",
]
