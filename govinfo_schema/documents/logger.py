"""
The log of the readers, under the name ``govinfo_schema``: what they decided, and why, at the level
``DEBUG``.

Nothing is printed unless the program sets up a handler and that level. What is in doubt is a
finding and not repeated here.
"""

from __future__ import annotations

import logging
from typing import Final

LOGGER: Final = logging.getLogger("govinfo_schema")
LOGGER.addHandler(logging.NullHandler())


def is_logged() -> bool:
    """Whether anybody wants to know, so that it is worth finding out what to say."""
    return LOGGER.isEnabledFor(logging.DEBUG)
