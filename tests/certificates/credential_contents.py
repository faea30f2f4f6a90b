"""Contents of credentials as hypothesis draws them: any text, any scores, any number of skills."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from certificates.domain.contents import SkillShown
from certificates.domain.credential import StatusEntry, build_content
from certificates.domain.issuer import Issuer
from tests.certificates.factories import BASE_URL, make_view

texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
slugs = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
scores = st.fractions(0, 1, max_denominator=1000)
skills = st.lists(st.builds(SkillShown, slugs, texts, scores), max_size=4, unique_by=lambda skill: skill.skill)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    view = make_view(
        holder_name=draw(texts),
        achievement=draw(texts),
        description=draw(texts),
        criteria=draw(texts),
        slug=draw(slugs),
        score=draw(scores),
        cut_score=draw(st.sampled_from([Fraction(0), Fraction(7, 10), Fraction(1)])),
        skills=tuple(draw(skills)),
    )
    issuer = Issuer("did:web:127.0.0.1%3A8000", draw(texts), f"{BASE_URL}/")
    status = StatusEntry(list=draw(st.integers(1, 9)), index=draw(st.integers(0, 131_071)))
    return build_content(view, issuer=issuer, base_url=BASE_URL, number=draw(st.integers(1, 99)), status=status)
