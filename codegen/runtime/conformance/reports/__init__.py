"""The reports of a run, each a pure function of it, and how they come into their files."""
