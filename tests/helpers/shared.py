"""Real articles from outside the project; tests that use them skip where they are missing."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
SEED = SHARED / "seeds" / "closing-your-account.md"
CORPUS = SHARED / "corpus" / "publickb"

needs_seed = pytest.mark.skipif(not SEED.exists(), reason="the seed article is not beside the project")
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of articles is not beside the project")
