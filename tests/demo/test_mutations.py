"""Version 2 of the sample site is what the declared mutations make of version 1, and nothing else."""

import dataclasses

import pytest

from scene.demo.mutations import MUTATIONS, Banner, Mutation, Removal, SubpixelShift, Text, expected_verdicts, mutate
from scene.demo.site import PAGES, SamplePage, pages, render
from scene.domain.status import Verdict


def html(page: SamplePage) -> str:
    return render(page, with_font=True)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation.page}-{mutation.kind}")
def test_a_mutation_makes_exactly_its_page_differ(mutation: Mutation) -> None:
    differing = [page.slug for page in pages() if mutate(page.slug, html(page), [mutation]) != html(page)]

    assert differing == [mutation.page]


def test_every_kind_of_mutation_is_shown_and_most_pages_have_none() -> None:
    assert {mutation.kind for mutation in MUTATIONS} == {"banner", "colour", "text", "removal", "antialias"}
    assert len(MUTATIONS) * 2 <= len(PAGES)


def test_the_expected_verdicts_are_those_of_the_mutations() -> None:
    changed = {slug for slug, verdict in expected_verdicts().items() if verdict is Verdict.CHANGED}

    assert changed == {"menu", "events", "visit", "contact"}
    assert set(expected_verdicts()) == {page.slug for page in pages()}


def test_declaring_one_mutation_less_makes_its_page_unchanged() -> None:
    without_banner = [mutation for mutation in MUTATIONS if mutation.kind != "banner"]

    assert expected_verdicts(without_banner) == expected_verdicts() | {"menu": Verdict.UNCHANGED}


def test_declaring_a_mutation_for_another_page_changes_the_verdicts_of_both() -> None:
    moved = [dataclasses.replace(m, page="home") if isinstance(m, Banner) else m for m in MUTATIONS]

    assert expected_verdicts(moved) == expected_verdicts() | {"menu": Verdict.UNCHANGED, "home": Verdict.CHANGED}


def test_a_subpixel_shift_does_not_hide_a_change_of_the_same_page() -> None:
    both: list[Mutation] = [Text("about", "one drum", "two drums"), SubpixelShift("about", ".ring", 0.25, 0.15)]

    assert expected_verdicts(both)["about"] is Verdict.CHANGED
    assert expected_verdicts(both[1:])["about"] is Verdict.UNCHANGED


def test_a_banner_is_as_high_as_declared() -> None:
    assert "height:84px" in Banner("menu", 84, "Hello").apply("<body>\n</body>")


@pytest.mark.parametrize("mutation", [Removal("events", "karaoke"), Text("visit", "Harbour Coffee", "Pier Tea")])
def test_a_mutation_that_finds_no_single_place_is_refused(mutation: Mutation) -> None:
    page = next(page for page in PAGES if page.slug == mutation.page)

    with pytest.raises(ValueError, match="needs it once"):
        mutation.apply(html(page))
