"""The time of an attempt in words: how long, and what it is made of."""

from datetime import datetime
from fractions import Fraction

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from assessments.domain.deadlines import Allowance, AttemptClock

HOURS_FROM = 180  # minutes


def clock_values(clock: AttemptClock, now: datetime) -> dict[str, object]:
    """What the templates need to show the time left of an attempt."""
    return {
        "seconds_left": int(clock.time_left(now).total_seconds()),
        "is_untimed": clock.is_untimed,
        "is_on_break": clock.is_on_break(now),
        "break_seconds_left": clock.break_left(now),
        "break_left": length_in_words(clock.break_left(now)),
        "credit": length_in_words(clock.credit_seconds) if clock.credit_seconds else "",
        "made_of": made_of(clock),
    }


def made_of(clock: AttemptClock) -> str:
    """As in "75 min × 1.5 + 10 min of breaks + 4 min for an outage of ours"; breaks are those that were taken."""
    parts = [_("no limit") if clock.is_untimed else length_in_words(int(clock.limit.total_seconds()))]
    if clock.percent != 100 and not clock.is_untimed:
        parts[0] += f" × {factor(clock.percent)}"
    taken = clock.break_seconds - (clock.break_seconds_left if clock.break_ends_at is None else 0)
    if taken:
        parts.append(_("%(time)s of breaks", time=length_in_words(taken)))
    if clock.credit_seconds:
        parts.append(_("%(time)s for outages of ours", time=length_in_words(clock.credit_seconds)))
    return " + ".join(parts)


def granted(allowance: Allowance) -> list[str]:
    """What an accommodation grants, each in a few words."""
    words = [_("no time limit")] if allowance.is_untimed else []
    if allowance.percent != 100 and not allowance.is_untimed:
        words.append(_("%(factor)s times the time", factor=factor(allowance.percent)))
    if allowance.break_seconds:
        words.append(
            _("breaks of %(time)s in all, during which the clock stops", time=length_in_words(allowance.break_seconds))
        )
    return words


def factor(percent: int) -> str:
    """150 as "1.5", in the reader's notation."""
    return str(format_decimal(float(Fraction(percent, 100)), "0.##"))


def length_in_words(seconds: int) -> str:
    """A length of time in minutes, above three hours in hours, with what is left over where it matters."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60) if minutes >= HOURS_FROM else (0, minutes)
    words = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if minutes:
        words.append(ngettext("%(num)s minute", "%(num)s minutes", minutes))
    if rest or not words:
        words.append(ngettext("%(num)s second", "%(num)s seconds", rest))
    return " ".join(words)
