"""What people read when a tier closes or opens to them by a decision about the tier: mails in plain words."""

from datetime import datetime

from certificates.models.tiers import Tier, TierVersion


def subject_of_change(tier: Tier) -> str:
    return f"What “{tier.title}” asks for has changed"


def letter_of_change(name: str, tier: Tier, version: TierVersion, base_url: str) -> str:
    """To somebody who does not meet the new version."""
    if version.grace_until is not None:
        keeps = f"You keep the tier until {_day(version.grace_until)}, so that you have time to get there."
    else:
        keeps = "The tier is closed to you from now on."
    return (
        f"Dear {name},\n\n"
        f"the tier “{tier.title}” asks for something else now, and what you hold does not cover it.\n\n"
        f"The reason that was given:\n{version.reason}\n\n"
        f"{keeps} What it asks for, and what you are missing, stands here:\n"
        f"{base_url}/tiers/#tier-{tier.slug}\n"
    )


def subject_of_withdrawal(tier: Tier) -> str:
    return f"“{tier.title}” is no longer offered"


def letter_of_withdrawal(name: str, tier: Tier, reason: str, since: datetime, base_url: str) -> str:
    """To somebody to whom the tier was open."""
    return (
        f"Dear {name},\n\n"
        f"the tier “{tier.title}” was withdrawn on {_day(since)}. It was open to you, and is closed to everybody now. "
        "You did nothing wrong.\n\n"
        f"The reason that was given:\n{reason}\n\n"
        "Your certificates stay yours and stay valid, and other tiers stay open to you as they are:\n"
        f"{base_url}/tiers/\n"
    )


def subject_of_return(tier: Tier) -> str:
    return f"“{tier.title}” is offered again"


def letter_of_return(name: str, tier: Tier, reason: str, base_url: str) -> str:
    """To somebody to whom the tier is open again."""
    return (
        f"Dear {name},\n\n"
        f"the tier “{tier.title}”, which had been withdrawn, is offered again, and it is open to you.\n\n"
        f"The reason that was given:\n{reason}\n\n"
        f"It stands here:\n{base_url}/tiers/#tier-{tier.slug}\n"
    )


def _day(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M} UTC"
