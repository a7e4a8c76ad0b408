"""A client of a web application that runs in the same process."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx


class Client:
    """Sends requests to an application; what it raises is the answer 500, as on a server."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def get(self, path: str) -> httpx.Response:
        """Send a GET request."""
        return asyncio.run(self._send("GET", path))

    def post(self, path: str, json: str | bytes = b"", **parts: Any) -> httpx.Response:
        """Send a POST request: a text of JSON, or other parts such as *files*."""
        if json:
            parts |= {"content": json, "headers": {"content-type": "application/json"}}
        return asyncio.run(self._send("POST", path, **parts))

    async def _send(self, method: str, path: str, **parts: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.request(method, path, **parts)
