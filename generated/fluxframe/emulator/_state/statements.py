# A copy of codegen/runtime/emulator/_state/statements.py, where it is edited.
"""What is said to SQLite of jobs."""

from __future__ import annotations

COLUMNS = (
    "number, id, account, model, request, record, seconds, credits, created, begun, fate, reason, "
    "base_url, webhook, told"
)
INSERT = (
    "INSERT INTO jobs (id, account, model, operation, request, record, seconds, credits, created, begun, "
    "status, due, fate, reason, once, base_url, webhook, told) "
    f"VALUES ({', '.join('?' * 18)})"
)
BY_ID = f"SELECT {COLUMNS} FROM jobs WHERE id = ?"
BY_KEY = (
    f"SELECT operation, {COLUMNS} FROM jobs WHERE account = ? AND once = ? AND once IS NOT NULL"
)
REFUNDS = (
    "SELECT sum(credits), account FROM jobs "
    "WHERE due <= ? AND due IS NOT NULL AND fate = 'fail' AND begun + seconds <= ? GROUP BY account"
)
# Each model once, by going from one to the next in the index.
MODELS = """
WITH RECURSIVE found (model) AS (
  SELECT min(model) FROM jobs WHERE account = :account
  UNION ALL
  SELECT (SELECT min(model) FROM jobs WHERE account = :account AND model > found.model)
  FROM found WHERE found.model IS NOT NULL
) SELECT model FROM found WHERE model IS NOT NULL
"""
# The same as `status_at` and `due_at`.
SETTLE = """
UPDATE jobs SET
  status = (
    SELECT status FROM courses AS c WHERE c.fate = jobs.fate AND begun + share * seconds <= :now
    ORDER BY share DESC LIMIT 1
  ),
  due = coalesce(
    (SELECT min(begun + share * seconds) FROM courses AS c
     WHERE c.fate = jobs.fate AND begun + share * seconds > :now),
    CASE fate WHEN 'hang' THEN 9e99 END
  )
WHERE due <= :until
"""
# Those that are in use.
BYTES = (
    "SELECT (page_count - freelist_count) * page_size "
    "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)
LAST_OF_SOME = "SELECT due FROM jobs WHERE due <= ? ORDER BY due LIMIT 1 OFFSET 999"
