"""Hypothesis strategies for rewrites."""

from hypothesis import strategies as st

from assessments.domain.schemas.rewrite import Check, RewriteContent, RewriteKey, RewriteResponse
from tests.assessments.item_strategies import LINES, Triple
from tests.assessments.strategies.essay import criteria

# Of a word that is wrong in the response and the right one in its place; two words that are right as they stand.
WRONG = ("never", "Wednesday", "漢", "12,5 %")
RIGHT = ("always", "Tuesday", "字", "12.5 %")
KEPT = ("harbour", "caf\u00e9")


@st.composite
def rewrite_items(draw: st.DrawFn, with_markers: bool | None = None) -> Triple:
    """A response with one to four wrong words, checks by the right or the wrong word or by both, and a rewrite."""
    places = sorted(draw(st.sets(st.integers(0, len(WRONG) - 1), min_size=1)))
    kept = draw(st.lists(st.sampled_from(KEPT), unique=True))
    criteria_wanted = draw(st.booleans()) if with_markers is None else with_markers
    content = RewriteContent(
        task=draw(LINES),
        prompt=draw(LINES),
        reference=draw(st.none() | LINES),
        response=_text([WRONG[place] for place in places], kept),
        criteria=draw(criteria()) if criteria_wanted else (),
    )
    keys = RewriteKey(
        must_fix=tuple(draw(_checks(place, needs_words=place == places[0])) for place in places),
        must_keep=tuple(Check(id=f"keep-{n}", title="Kept", any_of=(word,)) for n, word in enumerate(kept)),
        exemplar=_text([RIGHT[place] for place in places], kept),
        notes=draw(st.none() | LINES),
    )
    return content, keys, RewriteResponse(text=draw(_rewrites(content, keys, places, kept)))


@st.composite
def _checks(draw: st.DrawFn, place: int, *, needs_words: bool) -> Check:
    looks = draw(st.sampled_from(["any", "both"] if needs_words else ["any", "none", "both"]))
    return Check(
        id=f"fix-{place}",
        title="Mended",
        any_of=() if looks == "none" else (RIGHT[place], "whatever"),
        none_of=() if looks == "any" else (WRONG[place],),
    )


@st.composite
def _rewrites(draw: st.DrawFn, content: RewriteContent, key: RewriteKey, places: list[int], kept: list[str]) -> str:
    """Any mixture of what is wrong and right, with some of what is to be kept; or a text that is well known."""
    words = [draw(st.sampled_from([WRONG[place], RIGHT[place], ""])) for place in places]
    left = [word for word in kept if draw(st.booleans())]
    spaced = content.response.replace(" ", " \n")
    known = st.sampled_from([content.response, spaced, key.exemplar, f"{key.exemplar} Indeed.", "", " \n "])
    return draw(st.just(_text(words, left)) | known)


def _text(words: list[str], kept: list[str]) -> str:
    return "; ".join(["It is so", *words, *kept]) + "."
