"""Many requests, each paid for once: rows, journal, steps, and threads or tasks that take them."""
