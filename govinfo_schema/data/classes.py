"""What class a value is of, whatever it claims."""

from __future__ import annotations

from typing import Any


def is_a(value: object, classes: Any) -> bool:
    """
    Tell whether a value is of a class, or of one of several: by its type.

    ``isinstance`` also believes what an object says of itself, as a mock does.

    >>> from unittest.mock import Mock
    >>> isinstance(Mock(spec=str), str), is_a(Mock(spec=str), str)
    (True, False)
    """
    return issubclass(type(value), classes)
