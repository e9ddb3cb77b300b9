"""The Spec beside an earlier Spec (diff) and beside another document of the same API (drift)."""
