"""Where a definition is: its code location and repository, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .errors import InvalidInputError
from .inputs import text
from .lookup import not_found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .._generated.input_types import PipelineSelector, RepositorySelector
    from .._generated.models import RepositoryRef


class Place(NamedTuple):
    """A definition's code location, repository and name; places are ordered by them."""

    location: str
    repository: str
    name: str

    @classmethod
    def of(cls, repository: RepositoryRef, name: str) -> Place:
        """Return the place of a definition in a repository."""
        return cls(repository.location.name, repository.name, name)

    def selector(self) -> RepositorySelector:
        """Return the API's selector of the repository."""
        return {"repositoryLocationName": self.location, "repositoryName": self.repository}

    def job_selector(self) -> PipelineSelector:
        """Return the API's selector of the job of that name."""
        return {
            "pipelineName": self.name,
            "repositoryLocationName": self.location,
            "repositoryName": self.repository,
        }

    def is_in(self, location: str | None, repository: str | None) -> bool:
        """Tell whether it is there; None is anywhere."""
        return location in (None, self.location) and repository in (None, self.repository)


def repository_selector(location: str | None, repository: str | None) -> RepositorySelector | None:
    """Return the API's selector of a repository; None unless both names are given.

    Raises:
        InvalidInputError: A name is empty.
    """
    for name, what in ((location, "location"), (repository, "repository")):
        if name is not None:
            text(name, what)
    if location is None or repository is None:
        return None
    return {"repositoryLocationName": location, "repositoryName": repository}


def only_place(
    places: Iterable[Place],
    what: str,
    name: str,
    location: str | None,
    repository: str | None,
    *,
    typename: str | None = None,
) -> Place:
    """Return the place of the one definition with that name.

    Args:
        places: Those of all definitions of the kind.
        what: The kind, such as ``job``, for the errors.
        name: The definition's name.
        location: Look in this code location only.
        repository: Look in repositories of this name only.
        typename: The API's own error for it, such as ``PipelineNotFoundError``: the error's code follows from it.

    Raises:
        NotFoundError: There is no such definition; the message names similar ones, or where it is instead.
        InvalidInputError: Several places have it; the message lists them.
    """
    everywhere = list(places)
    named = [place for place in everywhere if place.name == name]
    found = [place for place in named if place.is_in(location, repository)]
    if len(found) == 1:
        return found[0]
    if not found:
        where = f" in location {location!r}" if location else ""
        where += f" in repository {repository!r}" if repository else ""
        where += f"; there is one in {_listed(named)}" if named else ""
        known = {place.name for place in everywhere if place.is_in(location, repository)}
        raise not_found(what, name, known, where=where, typename=typename)
    raise InvalidInputError(
        f"{len(found)} places have a {what} {name!r}; say which: {_listed(found)}",
        code="AMBIGUOUS_NAME",
    )


def _listed(places: Iterable[Place]) -> str:
    return ", ".join(f'location="{p.location}", repository="{p.repository}"' for p in places)
