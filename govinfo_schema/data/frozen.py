"""A mapping that cannot be changed: what is read from data, and what findings and readings hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Frozen(dict[K, V]):
    """
    A mapping that cannot be changed, and that compares, copies and pickles like the dict that it
    is.

    >>> Frozen(a=1) == {"a": 1}
    True
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping cannot be changed; make a copy of your own with dict(...)")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __copy__(self) -> Frozen[K, V]:
        return self


def frozen(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a mapping that cannot be changed; the one given may be."""
    return Frozen(mapping)
