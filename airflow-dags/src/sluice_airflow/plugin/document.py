"""A JSON document that others have written, read without trusting its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Document:
    """A JSON object; what is missing or of another kind than asked for counts as absent."""

    value: Any

    def text(self, *path: str) -> str | None:
        """Return a text."""
        found = self._find(path)
        return found if isinstance(found, str) and found else None

    def number(self, *path: str) -> int | None:
        """Return a whole number."""
        found = self._find(path)
        return found if type(found) is int else None

    def decimal(self, *path: str) -> float | None:
        """Return a number, whole or not."""
        found = self._find(path)
        return float(found) if type(found) in (int, float) else None

    def time(self, *path: str) -> datetime | None:
        """Return a moment, which must say its offset."""
        try:
            found = datetime.fromisoformat((self.text(*path) or "").replace("Z", "+00:00"))
        except ValueError:
            return None
        return found if found.tzinfo else None

    def part(self, *path: str) -> Document:
        """Return an object within this one, empty where there is none."""
        return Document(self._find(path))

    def texts(self, *path: str) -> list[str]:
        """Return a list of texts."""
        return [item for item in self._items(path) if isinstance(item, str)]

    def parts(self, *path: str) -> list[Document]:
        """Return a list of objects."""
        return [Document(item) for item in self._items(path) if isinstance(item, Mapping)]

    def numbers(self, *path: str) -> dict[str, int]:
        """Return the whole numbers of an object, by name."""
        return {name: value for name, value in self._entries(path) if type(value) is int}

    def flag(self, *path: str) -> bool | None:
        """Return true or false."""
        found = self._find(path)
        return found if isinstance(found, bool) else None

    def __bool__(self) -> bool:
        return isinstance(self.value, Mapping) and bool(self.value)

    def _find(self, path: tuple[str, ...]) -> Any:
        found = self.value
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def _items(self, path: tuple[str, ...]) -> list[Any]:
        found = self._find(path)
        return found if isinstance(found, list) else []

    def _entries(self, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        found = self._find(path)
        yield from found.items() if isinstance(found, Mapping) else ()
