"""The venues that bars can be fetched from, a line each: a source is made when it is first asked, and imports what it needs then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from assay.runtime.sources import Offer

VENUES: Final[Mapping[str, Offer]] = {}
