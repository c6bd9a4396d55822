"""The page on which people log in from a command line: it hands a token over to the program that waits on their machine."""

from __future__ import annotations

import json
import re
from html import escape
from urllib.parse import parse_qs, quote

from .responses import HttpResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .responses import RawHeaders

_PATH = re.compile(r"/cli-auth/([A-Za-z0-9]{1,64})")
_HTML: RawHeaders = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
)
#: The token that each sandbox has unless it is given another; everyone knows it.
_KNOWN_TOKEN = "user:sandbox"  # noqa: S105 - no secret
_PAGE = """<!doctype html><meta charset="utf-8"><title>Log in to __TITLE__</title>
<h1>Log in to __TITLE__</h1>
<p>A command line on this machine asks for a token of this sandbox.</p>
<form><input name="token" type="password" value="__TOKEN__" placeholder="token" required autofocus>
<button>Log in</button></form><p id="said"></p>
<script>
const asked = __ASKED__
document.querySelector("form").onsubmit = async (event) => {
  event.preventDefault()
  const said = document.querySelector("#said")
  const body = {nonce: asked.nonce, organization: asked.organization, token: event.target.token.value}
  try {
    const answer = await fetch(`http://localhost:${asked.port}/callback`, {
      method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
    })
    said.textContent = answer.ok ? "Done. Go back to the terminal." : (await answer.json()).error
  } catch {
    said.textContent = "The command line does not wait any more."
  }
}
</script>
"""


def answer_login(
    scope: Mapping[str, Any], organization: str, is_known: Callable[[str], bool]
) -> HttpResponse | None:
    """Answer a request for the page, or for the way to it.

    Args:
        scope: The request as ASGI has it.
        organization: The organization's name.
        is_known: Tells whether a token is one of this sandbox. One that not everyone knows has to be typed in: whoever
            reaches the sandbox may ask for the page.

    Returns:
        The answer; None if something else is asked for.
    """
    if scope["method"] != "GET":
        return None
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    path: str = scope["path"]
    following = asked.get("next", [""])[0]
    if path in ("/", "") and following.startswith("/cli-auth/"):
        target = quote(following, safe="/?=").encode()
        return HttpResponse(302, b"", ((b"location", target),))
    found = _PATH.fullmatch(path)
    port = asked.get("port", [""])[0]
    if found is None or not re.fullmatch("[0-9]{1,5}", port):
        return None
    data = json.dumps({"nonce": found[1], "port": int(port), "organization": organization})
    data = data.replace("<", "\\u003c")
    token = _KNOWN_TOKEN if is_known(_KNOWN_TOKEN) else ""
    page = _PAGE.replace("__TITLE__", escape(organization)).replace("__TOKEN__", token)
    return HttpResponse(200, page.replace("__ASKED__", data).encode(), _HTML)
