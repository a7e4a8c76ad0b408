"""
Chromium as the tests drive it: over a pipe, without a network, with a list of what it asked for.

``Browser`` starts it in a network namespace of its own that has no network at all, where the
operating system lets it, and with every host name unknown in any case.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from programs import CHROMIUM

ALONE: Final = ("unshare", "--map-root-user", "--net")
"""What runs a program where there is no network, not even this computer's own."""
PIPED: Final = ("sh", "-c", 'exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>/dev/null')
"""What gives a program its standard streams under the numbers by which Chromium is told things."""
OPTIONS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)


def can_be_alone() -> bool:
    """Whether the operating system lets a program be started without any network."""
    with suppress(OSError):
        return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0
    return False


class Browser:
    """
    One page of a headless Chromium.

    *requests* are the addresses that the page and its workers asked for; *downloads* is the folder
    that files go to.
    """

    def __init__(self, folder: Path, *, alone: bool = True) -> None:
        self.downloads = folder / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
        command = [*(ALONE if alone and can_be_alone() else ()), *PIPED, str(CHROMIUM), *OPTIONS]
        self.process = subprocess.Popen(
            [*command, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin
        assert self.process.stdout
        self._out, self._in = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._number = 0
        self._buffer = b""
        target = next(
            each
            for each in self._send("Target.getTargets")["targetInfos"]
            if each["type"] == "page"
        )
        self.session = self._send(
            "Target.attachToTarget", {"targetId": target["targetId"], "flatten": True}
        )["sessionId"]
        self.call("Page.enable")
        self.call("DOM.enable")
        self._send(
            "Browser.setDownloadBehavior",
            {"behavior": "allow", "downloadPath": str(self.downloads), "eventsEnabled": True},
        )

    def _watch(self, session: str) -> None:
        """Have a page or a worker say what it asks for and which errors it has."""
        waiting = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}
        self._tell("Network.enable", {}, session)
        self._tell("Runtime.enable", {}, session)
        self._tell("Target.setAutoAttach", waiting, session)
        self._tell("Runtime.runIfWaitingForDebugger", {}, session)

    def __enter__(self) -> Self:
        """Give the browser itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it."""
        with suppress(OSError, RuntimeError):
            self._send("Browser.close")
        self.process.wait(30)
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()

    # ---- the protocol ---------------------------------------------------------------------------

    def call(self, method: str, **arguments: Any) -> Any:
        """Tell the page something in the protocol of its developer tools, and give the answer."""
        return self._send(method, arguments, self.session)

    def cpu_time(self) -> float:
        """Return the CPU seconds of all processes that show pages."""
        processes = self._send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(float(each["cpuTime"]) for each in processes if each["type"] == "renderer")

    def _tell(self, method: str, arguments: dict[str, Any], session: str = "") -> int:
        """Send a message without waiting for its answer, and give its number."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": arguments}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        return self._number

    def _send(self, method: str, arguments: dict[str, Any] | None = None, session: str = "") -> Any:
        number = self._tell(method, arguments or {}, session)
        while True:
            answer = self._message()
            if "method" in answer:
                self._heard(answer)
            elif answer["id"] == number:
                break
        if "error" in answer:
            raise RuntimeError(answer["error"]["message"])
        return answer["result"]

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            block = os.read(self._in, 1 << 20)
            if not block:
                raise RuntimeError("Chromium ended")
            self._buffer += block
        line, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(line))

    def _heard(self, event: dict[str, Any]) -> None:
        told = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Runtime.exceptionThrown":
                details = told["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description", details["text"]))
            case "Target.attachedToTarget":
                self._watch(told["sessionId"])

    # ---- the page -------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open a file as a page."""
        self.call("Page.navigate", url=path.as_uri())
        self.until("document.readyState === 'complete'")

    def value(self, expression: str) -> Any:
        """Give the value of an expression of JavaScript on the page, awaited if it is a promise."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def until(self, expression: str, seconds: float = 60) -> Any:
        """Wait until an expression is true on the page, and give its value."""
        end = time.monotonic() + seconds
        while not (value := self.value(expression)):
            if time.monotonic() > end:
                raise TimeoutError(f"{expression}; {self.errors}")
            time.sleep(0.05)
        return value

    def choose(self, selector: str, files: list[Path]) -> None:
        """Choose files in a field of the page, as a person does in the dialog that it opens."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[*map(str, files)])

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key and let it go."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **({"text": text} if text and kind == "keyDown" else {}),
            )

    def downloaded(self, begin: Callable[[], object], seconds: float = 30) -> Path:
        """Give the file that something lets the page save."""
        before = {*self.downloads.iterdir()}
        begin()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.value("0")
            new = {*self.downloads.iterdir()} - before
            done = [path for path in new if path.suffix != ".crdownload"]
            if done:
                return done[0]
            time.sleep(0.05)
        raise TimeoutError("nothing was saved")


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser that ends with the block."""
    with Browser(folder) as one:
        yield one
