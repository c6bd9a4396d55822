"""Issues, with the runs and assets that they are about."""

from __future__ import annotations

from ..callers import USER
from ..context import uuid_id
from ..refs import Ref
from ..registry import kind, mutation, query, seeds, switch
from .organization.feature_gates import need_gate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..context import Context
    from ..store import Row

ISSUE = "Issue"
EDIT = "EDIT_ISSUES"
NUMBERING = switch(
    "issue_scope",
    "deployment",
    "organization",
    about="What the public ids of issues are counted in, and whose issues are listed.",
)


def _ref(link: Row) -> Ref:
    return Ref("Run", link["runId"]) if link.get("runId") else Ref("Asset", link["assetKey"])


kind(
    ISSUE,
    private=("deployment", "links", "from", "email"),
    asMarkdown=lambda _, row: f"# {row['title']}\n\n{row['description']}\n",
    createdBy=lambda context, row: context.store.find(USER, email=row["email"]),
    linkedObjects=lambda _, row: [_ref(link) for link in row["links"]],
    origin=lambda _, row: _ref(row["from"]) if row["from"] else None,
)


def _need(context: Context, public_id: str) -> Row:
    where = {"publicId": public_id, **context.scope(NUMBERING)}
    return context.need_one(ISSUE, "IssueNotFound", "issue", **where)


@query("issue")
def issue(context: Context, *, issue_id: str) -> Row | None:
    """Return an issue by its public id; null if it is not there."""
    return context.store.find(ISSUE, publicId=issue_id, **context.scope(NUMBERING))


@query("issues")
def issues(
    context: Context, *, limit: int, cursor: str | None = None, filters: Row | None = None
) -> Row:
    """Return issues, the newest first."""
    wanted = filters or {}

    def fits(row: Row) -> bool:
        return (
            row["status"] in (wanted.get("statuses") or [row["status"]])
            and row["email"] == (wanted.get("createdBy") or row["email"])
            and (wanted.get("createdAfter") or 0) <= row["createdAt"]
            and row["createdAt"] <= (wanted.get("createdBefore") or float("inf"))
        )

    page, has_more = context.store.page(
        ISSUE, limit, before=cursor, keep=fits, **context.scope(NUMBERING)
    )
    last = page[-1]["id"] if page else None
    return {"__typename": "IssueConnection", "issues": page, "hasMore": has_more, "cursor": last}


@mutation("createIssue", needs=EDIT, audit=None)
def create(
    context: Context,
    *,
    title: str,
    description: str,
    chat_id: int | None = None,  # noqa: ARG001 - there are no chats in the sandbox
    origin: Row | None = None,
    status: str | None = None,
) -> Row:
    """Create an issue; the same call again creates another one."""
    need_gate(context, "DAGSTER_PLUS_ISSUES_ENABLED")
    row = {"title": title, "description": description, "status": status or "OPEN", "from": origin}
    return _write(context, {**row, "email": context.caller.email})


def _write(context: Context, given: Row) -> Row:
    row = {
        "id": uuid_id(),
        "publicId": str(context.store.next_number(f"{ISSUE}{context.scope(NUMBERING) or ''}")),
        "deployment": context.here()["deploymentId"],
        "createdAt": context.now(),
        "links": [given["from"]] if given["from"] else [],
        **given,
    }
    return context.store.put(ISSUE, row["id"], row)


@mutation("updateIssue", needs=EDIT, audit=None)
def update(
    asked: Context,
    /,
    *,
    issue_id: str,
    context: str | None = None,
    description: str | None = None,
    status: str | None = None,
    title: str | None = None,
) -> Row:
    """Change what is given; the rest stays."""
    found = _need(asked, issue_id)
    given = {"context": context, "description": description, "status": status, "title": title}
    changed = {name: value for name, value in given.items() if value is not None}
    return asked.store.put(ISSUE, found["id"], {**found, **changed})


@mutation("addLinkToIssue", needs=EDIT, audit=None)
def add_link(context: Context, *, issue_id: str, linked_object: Row) -> Row:
    """Link a run or an asset."""
    return _relink(context, issue_id, linked_object, add=True)


@mutation("removeLinkFromIssue", needs=EDIT, audit=None)
def remove_link(context: Context, *, issue_id: str, linked_object: Row) -> Row:
    """Unlink a run or an asset."""
    return _relink(context, issue_id, linked_object, add=False)


def _relink(context: Context, issue_id: str, link: Row, *, add: bool) -> Row:
    found = _need(context, issue_id)
    links = [other for other in found["links"] if other != link]
    return context.store.put(
        ISSUE, found["id"], {**found, "links": [*links, link] if add else links}
    )


@seeds("issues")
def plant_issue(
    context: Context, title: str, user: str, description: str = "", status: str = "OPEN"
) -> None:
    """Write an issue of a user."""
    row = {"title": title, "description": description, "status": status, "from": None}
    _write(context, {**row, "email": user})
