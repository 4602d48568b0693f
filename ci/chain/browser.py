"""A headless Chromium, driven over two pipes by its own protocol: no driver and no package of Python is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services import ROOT

PATIENCE = 60
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # the tests run as root in containers, and open only files of their own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)


class Browser:
    """One tab of a Chromium."""

    def __init__(self, commands: int, replies: int) -> None:
        """Take over the two pipes and open a tab."""
        self._commands = os.fdopen(commands, "wb", buffering=0)
        self._replies = os.fdopen(replies, "rb", buffering=0)
        self._unread = b""
        self._last = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what happens meanwhile is kept in ``events``."""
        self._last += 1
        number = self._last
        session = {"sessionId": self._session} if self._session else {}
        message = {"id": number, "method": method, "params": parameters, **session}
        self._commands.write(json.dumps(message).encode() + b"\0")
        while (answer := self._receive()).get("id") != number:
            self.events.append(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def await_event(self, method: str) -> dict[str, Any]:
        """Wait for the first event of that name since the last page was opened."""
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._receive())
        return next(event for event in self.events if event.get("method") == method)

    def open(self, page: Path | str, *, scheme: str = "light", script: bool = True, width: int = 1280) -> None:
        """Open a file, or an address of this machine, and wait until it is loaded."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.send("Emulation.setScriptExecutionDisabled", value=not script)
        self.events.clear()
        self.send("Page.navigate", url=page.as_uri() if isinstance(page, Path) else page)
        self.await_event("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def screenshot(self, file: Path, *, whole: bool = False) -> None:
        """Keep a picture of the first screen, or of the whole page."""
        picture = self.send("Page.captureScreenshot", captureBeyondViewport=whole)["data"]
        file.write_bytes(base64.b64decode(picture))

    def complaints(self) -> list[str]:
        """Return all that the console, the log or an uncaught exception has said of the page."""
        told = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        return [json.dumps(event["params"]) for event in self.events if event.get("method") in told]

    def requests(self) -> list[str]:
        """Return every address that the page has asked for."""
        asked = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in asked]

    def quit(self) -> None:
        """End the browser."""
        self._session = None
        self.send("Browser.close")
        self._commands.close()
        self._replies.close()

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._replies], [], [], PATIENCE)
            assert ready, f"Chromium says nothing for {PATIENCE} seconds"
            chunk = self._replies.read(1 << 16)
            assert chunk, "Chromium has ended"
            self._unread += chunk
        message, _, self._unread = self._unread.partition(b"\0")
        received: dict[str, Any] = json.loads(message)
        return received


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Run Debian's Chromium with a profile in a folder; it is installed where it is missing."""
    subprocess.run(["bash", "-c", ". ci/lib.sh && need_packages chromium fonts-dejavu-core"], cwd=ROOT, check=True)
    theirs_in, commands = os.pipe()
    replies, theirs_out = os.pipe()
    # It reads from descriptor 3 and writes to 4, which only a shell can give it.
    shell = f'exec chromium "$@" 3<&{theirs_in} 4>&{theirs_out}'
    with (folder / "chromium.log").open("w") as log:
        process = subprocess.Popen(
            ["bash", "-c", shell, "chromium", *FLAGS, f"--user-data-dir={folder / 'profile'}"],
            pass_fds=(theirs_in, theirs_out),
            env={**os.environ, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        browser = Browser(commands, replies)
        yield browser
        browser.quit()
        process.wait(PATIENCE)
    finally:
        process.kill()
        process.wait()
