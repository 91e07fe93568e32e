"""Who may do what, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minplan.core.access import Access, Permission, Role
from minplan.core.access.model import Forbidden, roles_with

ROLES = st.sets(st.sampled_from([role.value for role in Role]))
COUNTIES = st.sets(st.sampled_from(["黎城县", "沁源县", "武乡县"]))


def test_every_permission_is_held_by_some_role() -> None:
    assert [p.value for p in Permission if not roles_with(p)] == []


def test_a_county_account_acts_in_its_county_alone() -> None:
    county = Access.of("licheng", ["county"], ["黎城县"])
    assert county.may(Permission.REVIEW, "黎城县")
    assert not county.may(Permission.REVIEW, "沁源县")
    assert not county.may(Permission.SIGN)
    with pytest.raises(Forbidden, match="E952"):
        county.require(Permission.REVIEW, "沁源县")


def test_a_county_account_without_county_covers_nothing() -> None:
    nowhere = Access.of("nowhere", ["county"])
    assert nowhere.is_limited
    assert not nowhere.covers("黎城县")


def test_refusals_name_the_roles_that_may() -> None:
    with pytest.raises(Forbidden) as refused:
        Access.of("kuangquan", ["rights"]).require(Permission.SIGN)
    assert refused.value.hint is not None
    assert "领导" in refused.value.hint.zh


def test_the_public_reads_what_is_published_and_no_more() -> None:
    assert Access.public().permissions == {Permission.READ_PUBLISHED}
    assert Access.public().is_public


def test_unknown_roles_grant_nothing() -> None:
    assert Access.of("x", ["emperor"]).permissions == frozenset()


@given(ROLES, ROLES, COUNTIES)
def test_more_roles_never_allow_less(some: set[str], more: set[str], areas: set[str]) -> None:
    few, many = Access.of("x", some, areas), Access.of("x", some | more, areas)
    assert few.permissions <= many.permissions


@given(ROLES, COUNTIES)
def test_only_the_system_is_unlimited_by_counties(roles: set[str], areas: set[str]) -> None:
    access = Access.of("x", roles, areas)
    if areas:
        assert {c for c in ("黎城县", "沁源县", "武乡县") if access.covers(c)} == areas
    assert Access.of_system().covers("黎城县")
