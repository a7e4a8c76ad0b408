"""
The maps, sets and lists of rpds that jsonschema and referencing ask for, in plain Python.

rpds is written in Rust and has no wheel for browsers. A change gives a new object and leaves the
old one as it is; unlike those of rpds, these are copied whole, which is nothing for the handful of
schemas that the checker knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self


class HashTrieMap(dict[Any, Any]):
    """A dict that is never changed: ``insert``, ``remove`` and ``update`` give another one."""

    @classmethod
    def convert(cls, value: Any) -> HashTrieMap:
        """Give a mapping as one of these."""
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key: Any, value: Any) -> HashTrieMap:
        """Give the map with one more key."""
        return HashTrieMap({**self, key: value})

    def remove(self, key: Any) -> HashTrieMap:
        """
        Give the map without a key.

        Raises: KeyError.
        """
        rest = HashTrieMap(self)
        del rest[key]
        return rest

    def update(self, *args: Any, **kwargs: Any) -> HashTrieMap:  # type: ignore[override]
        """Give the map with the keys of others."""
        return HashTrieMap({**self, **dict(*args, **kwargs)})

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


class HashTrieSet(frozenset[Any]):
    """A set that is never changed: ``insert``, ``remove`` and ``update`` give another one."""

    def insert(self, value: Any) -> HashTrieSet:
        """Give the set with one more member."""
        return HashTrieSet(self | {value})

    def remove(self, value: Any) -> HashTrieSet:
        """
        Give the set without a member.

        Raises: KeyError.
        """
        if value not in self:
            raise KeyError(value)
        return HashTrieSet(self - {value})

    def update(self, *others: Iterable[Any]) -> HashTrieSet:
        """Give the set with the members of others."""
        return HashTrieSet(self.union(*others))


class List(tuple[Any, ...]):
    """A list that is never changed, whose first member is the last one that was put there."""

    __slots__ = ()

    def __new__(cls, *values: Any) -> Self:
        """Make a list of one iterable, or of several members, as rpds does."""
        return super().__new__(cls, values[0] if len(values) == 1 else values)

    @property
    def first(self) -> Any:
        """
        The first member.

        Raises: IndexError where there is none.
        """
        return self[0]

    @property
    def rest(self) -> List:
        """The list without its first member."""
        return List(self[1:])

    def push_front(self, value: Any) -> List:
        """Give the list with one more member before all others."""
        return List((value, *self))

    def drop_first(self) -> List:
        """
        Give the list without its first member.

        Raises: IndexError where there is none.
        """
        if not self:
            raise IndexError("empty list")
        return self.rest

    def __reversed__(self) -> Iterator[Any]:
        return iter(self[::-1])
