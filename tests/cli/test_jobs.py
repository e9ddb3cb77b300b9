"""The command `fluxframe jobs`."""

from __future__ import annotations

from .shells import (
    Shell,
    lines,
)


def test_jobs_are_listed_over_pages(shell: Shell) -> None:
    ids = shell.submitted(5)
    shell.submitted(1, aspect_ratio="0:9")
    listed = shell("jobs", "--limit", "3")
    assert listed.stdout.startswith("Job ")
    assert len(listed.stdout.splitlines()) == 4
    with shell.client() as client:
        list(client.jobs.wait_many(ids, interval=0.01))
    done = lines(shell("jobs", "--status", "completed", "--limit", "150", "--json").stdout)
    assert {job["id"] for job in done} == set(ids)
    assert shell("jobs", "--model", "flux-2-dev", "--json").stdout == ""
    assert len(lines(shell("jobs", "--model", "flux-2-pro", "--json").stdout)) == 6


def test_a_job_is_shown_in_full(shell: Shell) -> None:
    (id,) = shell.submitted(seed=7)
    shown = shell("jobs", id).stdout
    assert f"id: {id}\n" in shown
    assert '"fluxParams": {"seed": 7}' in shown
