"""The client of one gateway."""

from __future__ import annotations

from ._call import Caller
from .generated.resources import Resources


class Gateway(Resources):
    """
    `url`: the gateway's address. `key`: an API key (`sk_...`); without one only what needs none can be asked.
    `timeout`: seconds for each call with all its repeats, 60 unless told. It keeps nothing open.
    """

    def __init__(self, url: str, key: str | None = None, *, timeout: float | None = None) -> None:
        super().__init__(Caller(url, key, timeout))
