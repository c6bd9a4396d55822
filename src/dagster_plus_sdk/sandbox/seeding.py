"""The seed of a new sandbox, as it is given: read and checked before anything runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .._core.errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def checked_text(
    seed: str | os.PathLike[str] | Mapping[str, Any], organization: str, token: str
) -> str:
    """Return the YAML of a seed that can be planted.

    Args:
        seed: A file of YAML, or what would be in one.
        organization: The name of the sandbox's organization.
        token: The sandbox's token.

    Raises:
        ConfigurationError: The file cannot be read.
        InvalidInputError: It is no YAML, or it has an entry that cannot be.
    """
    from .control.seed import check_seed, read_seed

    if isinstance(seed, (str, os.PathLike)):
        try:
            text = Path(seed).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigurationError(f"{os.fspath(seed)} cannot be read: {why}") from error
    else:
        # JSON is YAML.
        text = json.dumps(seed, default=str)
    check_seed(read_seed(text), organization, token)
    return text
