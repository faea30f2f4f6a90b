"""The shape of our credentials, closed: JSON-LD leaves unsigned whatever it has no term for."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

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
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Issuer(_Closed):
    id: _Address
    type: _One[Literal["Profile"]]
    name: _Text
    url: _Address


class _Holder(_Closed):
    type: Literal["IdentityObject"]
    hashed: _No
    identityHash: _Text  # noqa: N815  # the members have the names that Open Badges gives them
    identityType: Literal["name"]  # noqa: N815


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
    resultType: Literal["Percent"]  # noqa: N815
    valueMin: Literal["0"]  # noqa: N815
    valueMax: Literal["100"]  # noqa: N815
    requiredValue: _Percent = "0"  # noqa: N815  # may be left out, and not be null, which JSON-LD drops
    rubricCriterionLevel: _One[_Level]  # noqa: N815


class _Achievement(_Closed):
    id: _Address
    type: _One[Literal["Achievement"]]
    achievementType: Literal["Certification"]  # noqa: N815
    name: _Text
    description: _Text
    criteria: _Criteria
    resultDescription: Annotated[list[_ResultDescription], Field(min_length=1, max_length=_MOST_RESULTS)]  # noqa: N815


class _Result(_Closed):
    type: _One[Literal["Result"]]
    resultDescription: _Address  # noqa: N815
    value: _Percent
    achievedLevel: _Address  # noqa: N815


class _Subject(_Closed):
    id: _Address
    type: _One[Literal["AchievementSubject"]]
    identifier: _One[_Holder]
    achievement: _Achievement
    result: Annotated[list[_Result], Field(min_length=1, max_length=_MOST_RESULTS)]


class _Status(_Closed):
    id: _Address
    type: Literal["BitstringStatusListEntry"]
    statusPurpose: Literal["suspension"]  # noqa: N815
    statusListIndex: _Number  # noqa: N815
    statusListCredential: _Address  # noqa: N815


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
    verificationMethod: _Address  # noqa: N815
    proofPurpose: Literal["assertionMethod"]  # noqa: N815
    proofValue: _Text  # noqa: N815


class SignedCredential(_Closed):
    """A credential as we hand it out: content, evidence and proof."""

    context: tuple[
        Literal["https://www.w3.org/ns/credentials/v2"],
        Literal["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
    ] = Field(alias="@context", strict=False)  # JSON has arrays, which are lists
    id: _Address
    type: tuple[Literal["VerifiableCredential"], Literal["OpenBadgeCredential"]] = Field(strict=False)
    name: _Text
    issuer: _Issuer
    validFrom: _Seconds  # noqa: N815
    validUntil: _Seconds  # noqa: N815
    credentialSubject: _Subject  # noqa: N815
    credentialStatus: _Status  # noqa: N815
    evidence: _One[_Evidence]
    proof: _One[_Proof]


def find_fault(document: Any) -> str | None:
    """What is not as in a credential of ours, in a few words; None when nothing is."""
    try:
        SignedCredential.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part)[:60] for part in first["loc"])
        return f"{place or 'the whole'}: {first['msg']}"
    return None
