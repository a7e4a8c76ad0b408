"""
The class that all classes of reports are built on, by which a report is known without the model.

It imports nothing of the model, so that what the model is built with can tell a report too.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from govinfo_schema.data.once import LOCK


class Embeddable:
    """
    The base of every class of reports, and of no other: a report can be a field of a pydantic
    model, and the body of a FastAPI route.

    pydantic calls the hooks; they stand above the model, and are imported when it does.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _pydantic().core_schema(source, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> Any:
        return _pydantic().json_schema(core_schema, handler)


def _pydantic() -> Any:
    with LOCK:
        return import_module("govinfo_schema.report.pydantic")
