"""The tools of the guide are scripts, not a package: they are imported from where they lie."""

from __future__ import annotations

import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "implementation_guide" / "tools"
sys.path += [str(TOOLS), str(TOOLS / "oracle")]
