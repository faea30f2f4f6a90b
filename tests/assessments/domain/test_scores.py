"""Scores add up from their parts, exactly."""

from fractions import Fraction

from assessments.domain.scores import Part, exact, nothing, weigh

HALF = Fraction(1, 2)


def test_points_are_the_weighted_sum_of_the_parts():
    parts = (Part("label", Fraction(1), HALF), Part("evidence", Fraction(1, 3), HALF))

    assert weigh(*parts).points == Fraction(2, 3)
    assert weigh(*parts).parts == parts


def test_nothing_names_every_part_and_earns_0():
    score = nothing({"label": HALF, "evidence": HALF})

    assert score.points == 0
    assert [(part.name, part.points, part.weight) for part in score.parts] == [
        ("label", 0, HALF),
        ("evidence", 0, HALF),
    ]


def test_a_number_means_what_was_written_not_its_binary_neighbour():
    assert exact(0.1) == Fraction(1, 10)
    assert exact(1e-07) == Fraction(1, 10**7)
