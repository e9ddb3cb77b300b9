"""What stands around the code: sessions, hooks, workflows, the changelog, and what is promised."""
