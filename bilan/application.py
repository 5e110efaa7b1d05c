"""Flask, for what this application does thousands of times and Flask does with more care than it needs here."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context
from flask.globals import request_ctx

from bilan import uploads

# What a process remembers, some 400 bytes each.
ADDRESSES = 1500
# What somebody typed, and what opens a page by itself, stay in no memory.
NEVER_KEPT = {"q", "token", "next"}


class Application(Flask):
    """Flask, whose addresses are remembered: a page writes thirty, and most are those of the page before."""

    request_class = uploads.UploadRequest
    # The way of whoever reads to the pages that two share, see together.py.
    way_of_reader: Callable[[], str]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._remembered = lru_cache(ADDRESSES)(self._written)
        self._expects_way = lru_cache(None)(lambda endpoint: self.url_map.is_endpoint_expecting(endpoint, "way"))

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return the address of a page, as Flask writes it."""
        adapter = request_ctx.url_adapter if has_request_context() else None
        if adapter is None or endpoint[0] == "." or values.get("_external") or not NEVER_KEPT.isdisjoint(values):
            return super().url_for(endpoint, **values)
        if "way" not in values and self._expects_way(endpoint):
            values["way"] = self.way_of_reader()
        try:
            return self._remembered(adapter.script_name, endpoint, *values.items())
        except TypeError:  # a list, of several values under one name, is no key
            return super().url_for(endpoint, **values)

    def _written(self, _before: str, endpoint: str, *values: tuple[str, Any]) -> str:
        return super().url_for(endpoint, **dict(values))

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: none is a coroutine, and Flask asks it of thirty at each request."""
        return func
