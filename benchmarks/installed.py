"""Which `assay` a fresh process is asked of: the one that `make run` installs.

The peers' environment has pandas and scipy, and Numba and TA-Lib import what they find: half a second that no user waits for.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_USERS: Final = Path(__file__).parents[1] / ".venv" / "bin" / "assay"
ASSAY: Final = str(_USERS if _USERS.exists() else Path(sys.executable).with_name("assay"))
