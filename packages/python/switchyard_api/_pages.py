"""Lists that are answered page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next` is what `after` of the next page says; None at the end."""

    data: list[T]
    next: str | None


class Pages(Generic[T]):
    """A list: iterate over it for all of it, asked for as it is needed, or take `page()`, its first."""

    def __init__(self, ask: Callable[[dict[str, object]], Any]) -> None:
        self._ask = ask

    def page(self) -> Page[T]:
        return self._page({})

    def __iter__(self) -> Iterator[T]:
        after: str | None = None
        while True:
            page = self._page({} if after is None else {"after": after})
            yield from page.data
            # A list that does not go on from where it stands would never end.
            if page.next is None or page.next == after or not page.data:
                return
            after = page.next

    def _page(self, more: dict[str, object]) -> Page[T]:
        said = self._ask(more)
        return Page(data=said["data"], next=said.get("next") if said.get("has_more", True) else None)
