"""Background work runs as whoever started it, and no further."""

from __future__ import annotations

import pytest

from minplan.core.access import Access, Permission


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "access",
    [
        Access.of("licheng", ["county"], ["黎城县"]),
        Access.of("kuangquan", ["rights"]).limited_to(frozenset({Permission.READ})),
    ],
)
def test_a_job_may_do_what_its_starter_might(access: Access) -> None:
    from minplan.core.text import Text
    from minplan.database.acting import act_as
    from minplan.web.jobs import registry

    with act_as(access):
        row = registry.start("verify-audit", Text("核对", "verify"))
        assert registry.access_of(registry.get(row.pk)) == access


@pytest.mark.usefixtures("site")
def test_a_job_that_may_not_fails_with_the_reason() -> None:
    from minplan.core.text import Text
    from minplan.database.acting import act_as
    from minplan.web.jobs import registry
    from minplan.web.jobs.tasks import run_job

    with act_as(Access.of("licheng", ["county"], ["黎城县"])):
        row = registry.start("verify-audit", Text("核对", "verify"))
        run_job.func(str(row.pk))
        done = registry.get(row.pk)
    assert done.state == "failed"
    assert done.error["code"] == "E951"


@pytest.mark.usefixtures("site")
def test_nobody_sees_the_jobs_of_others() -> None:
    from minplan.core.errors import StoreError
    from minplan.core.text import Text
    from minplan.database.acting import act_as
    from minplan.web.jobs import registry

    with act_as(Access.of("licheng", ["county"], ["黎城县"])):
        row = registry.start("verify-audit", Text("核对", "verify"))
    with act_as(Access.of("qinyuan", ["county"], ["沁源县"])):
        assert registry.listed() == ()
        with pytest.raises(StoreError, match="E811"):
            registry.get(row.pk)


@pytest.mark.usefixtures("site")
def test_a_cancelled_job_never_begins() -> None:
    from minplan.core.text import Text
    from minplan.database.acting import act_as
    from minplan.web.jobs import registry
    from minplan.web.jobs.tasks import run_job

    with act_as(Access.of("admin", ["administrator"])):
        row = registry.start("verify-audit", Text("核对", "verify"))
        registry.cancel(row.pk)
        run_job.func(str(row.pk))
        assert registry.get(row.pk).state == "cancelled"
