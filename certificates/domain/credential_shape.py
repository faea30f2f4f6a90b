"""The shape of our credentials, closed: JSON-LD leaves unsigned whatever it has no term for."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

_Text = Annotated[str, StringConstraints(max_length=100_000)]
_Address = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")]
_Seconds = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
_Number = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,6})$")]
_Percent = Annotated[str, StringConstraints(pattern=r"^(0|[1-9][0-9]?|100)$")]
_MOST_RESULTS = 100


def _refuse_true(value: bool) -> bool:
    if value:
        raise ValueError("false was expected")
    return value


_No = Annotated[StrictBool, AfterValidator(_refuse_true)]  # Literal[False] would take 0 for it, which signs otherwise

_Item = TypeVar("_Item")
_One = Annotated[list[_Item], Field(min_length=1, max_length=1)]


class _Closed(BaseModel):
    """Members have the names that Open Badges gives them, in camel case; no other is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


class _Issuer(_Closed):
    id: _Address
    type: _One[Literal["Profile"]]
    name: _Text
    url: _Address


class _Holder(_Closed):
    type: Literal["IdentityObject"]
    hashed: _No
    identity_hash: _Text
    identity_type: Literal["name"]


class _Criteria(_Closed):
    narrative: _Text


class _Level(_Closed):
    id: _Address
    type: _One[Literal["RubricCriterionLevel"]]
    name: _Text


class _ResultDescription(_Closed):
    id: _Address
    type: _One[Literal["ResultDescription"]]
    name: _Text
    result_type: Literal["Percent"]
    value_min: Literal["0"]
    value_max: Literal["100"]
    required_value: _Percent = "0"  # may be left out, and not be null, which JSON-LD drops
    rubric_criterion_level: _One[_Level]


class _Achievement(_Closed):
    id: _Address
    type: _One[Literal["Achievement"]]
    achievement_type: Literal["Certification"]
    name: _Text
    description: _Text
    criteria: _Criteria
    result_description: Annotated[list[_ResultDescription], Field(min_length=1, max_length=_MOST_RESULTS)]


class _Result(_Closed):
    type: _One[Literal["Result"]]
    result_description: _Address
    value: _Percent
    achieved_level: _Address


class _Subject(_Closed):
    id: _Address
    type: _One[Literal["AchievementSubject"]]
    identifier: _One[_Holder]
    achievement: _Achievement
    result: Annotated[list[_Result], Field(min_length=1, max_length=_MOST_RESULTS)]


class _Status(_Closed):
    id: _Address
    type: Literal["BitstringStatusListEntry"]
    status_purpose: Literal["suspension"]
    status_list_index: _Number
    status_list_credential: _Address


class _Evidence(_Closed):
    id: _Address
    type: _One[Literal["Evidence"]]
    name: _Text
    genre: _Text
    narrative: _Text


class _Proof(_Closed):
    type: Literal["DataIntegrityProof"]
    cryptosuite: Literal["eddsa-rdfc-2022"]
    created: _Seconds
    verification_method: _Address
    proof_purpose: Literal["assertionMethod"]
    proof_value: _Text


class _Credential(_Closed):
    """A credential as we hand it out: content, evidence and proof."""

    context: tuple[
        Literal["https://www.w3.org/ns/credentials/v2"],
        Literal["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    ] = Field(alias="@context", strict=False)  # JSON has arrays, which are lists
    id: _Address
    type: tuple[Literal["VerifiableCredential"], Literal["OpenBadgeCredential"]] = Field(strict=False)
    name: _Text
    issuer: _Issuer
    valid_from: _Seconds
    valid_until: _Seconds
    credential_subject: _Subject
    credential_status: _Status
    evidence: _One[_Evidence]
    proof: _One[_Proof]


def find_fault(document: Any) -> str | None:
    """What is not as in a credential of ours, in a few words; None when nothing is."""
    try:
        _Credential.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:60] for part in first["loc"])
        return f"{place or 'the whole'}: {first['msg']}"
    return None
