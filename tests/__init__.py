"""Tests, in the folders of what they test. `helpers/` and `conftest.py` hold what they share."""
