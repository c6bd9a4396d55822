"""Where a job is defined: its code location and repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .._generated.models import JobRef, JobSummary, RepositoryRef


def is_in(job: JobRef | JobSummary, location: str | None, repository: str | None) -> bool:
    """Tell whether a job is defined there; None is anywhere."""
    home = job.repository
    return location in (None, home.location.name) and repository in (None, home.name)


def place(job: JobSummary) -> tuple[str, str, str]:
    """Return what jobs are ordered by: location, repository and name."""
    return job.repository.location.name, job.repository.name, job.name


def only_place(
    jobs: Iterable[JobRef], name: str, location: str | None, repository: str | None
) -> tuple[str, str]:
    """Return location and repository of the one job with that name.

    Args:
        jobs: All jobs.
        name: The job's name.
        location: Look in this code location only.
        repository: Look in repositories of this name only.

    Raises:
        NotFoundError: There is no such job; the message names similar ones.
        InvalidInputError: Several places have it; the message lists them.
    """
    there = [job for job in jobs if is_in(job, location, repository)]
    homes = [job.repository for job in there if job.name == name]
    if len(homes) == 1:
        return homes[0].location.name, homes[0].name
    if not homes:
        raise _no_such_job(name, location, repository, sorted({job.name for job in there}))
    raise InvalidInputError(
        f"{len(homes)} places have a job {name!r}; say which: {', '.join(map(_as_arguments, homes))}",
        code="AMBIGUOUS_NAME",
    )


def _as_arguments(home: RepositoryRef) -> str:
    return f'location="{home.location.name}", repository="{home.name}"'


def _no_such_job(
    name: str, location: str | None, repository: str | None, known: Sequence[str]
) -> NotFoundError:
    from difflib import get_close_matches

    where = f" in location {location!r}" if location else ""
    where += f" in repository {repository!r}" if repository else ""
    similar = get_close_matches(name, known, n=3)
    hint = f"; did you mean {' or '.join(map(repr, similar))}?" if similar else ""
    return NotFoundError(
        f"There is no job {name!r}{where}{hint}",
        code="PIPELINE_NOT_FOUND",
        typename="PipelineNotFoundError",
    )
