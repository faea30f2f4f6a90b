"""The data model of Open Badges 3.0 as far as our credentials use it, for tests: no package ships the schema itself.

Source: Open Badges Specification 3.0 (1EdTech), appendix B.1, and the arrays of its JSON schema
`ob_v3p0_achievementcredential_schema.json`, version 3.0.3. `!` marks what a class must have, `[]` an array.
"""

import re
from typing import Any

_URI, _TEXT, _BOOLEAN, _INSTANT = "uri", "text", "boolean", "instant"
CLASSES = {
    "AchievementCredential": {
        "@context!": [_TEXT],
        "id!": _URI,
        "type!": [_TEXT],
        "name": _TEXT,
        "description": _TEXT,
        "credentialSubject!": "AchievementSubject",
        "evidence": ["Evidence"],
        "issuer!": "Profile",
        "validFrom!": _INSTANT,
        "validUntil": _INSTANT,
        "proof": ["Proof"],
        "credentialStatus": "CredentialStatus",
    },
    "AchievementSubject": {
        "id": _URI,
        "type!": [_TEXT],
        "achievement!": "Achievement",
        "identifier": ["IdentityObject"],
        "result": ["Result"],
    },
    "Achievement": {
        "id!": _URI,
        "type!": [_TEXT],
        "achievementType": _TEXT,
        "criteria!": "Criteria",
        "description!": _TEXT,
        "name!": _TEXT,
        "resultDescription": ["ResultDescription"],
    },
    "Criteria": {"id": _URI, "narrative": _TEXT},
    "CredentialStatus": {
        "id!": _URI,
        "type!": _TEXT,
        "statusPurpose": _TEXT,
        "statusListIndex": _TEXT,
        "statusListCredential": _URI,
    },
    "Evidence": {"id": _URI, "type!": [_TEXT], "narrative": _TEXT, "name": _TEXT, "genre": _TEXT},
    "IdentityObject": {"type!": _TEXT, "hashed!": _BOOLEAN, "identityHash!": _TEXT, "identityType!": _TEXT},
    "Profile": {"id!": _URI, "type!": [_TEXT], "name": _TEXT, "url": _URI},
    "Proof": {
        "type!": _TEXT,
        "created": _INSTANT,
        "cryptosuite": _TEXT,
        "verificationMethod": _URI,
        "proofPurpose": _TEXT,
        "proofValue": _TEXT,
    },
    "Result": {"type!": [_TEXT], "resultDescription": _URI, "achievedLevel": _URI, "value": _TEXT},
    "ResultDescription": {
        "id!": _URI,
        "type!": [_TEXT],
        "name!": _TEXT,
        "resultType!": _TEXT,
        "requiredValue": _TEXT,
        "rubricCriterionLevel": ["RubricCriterionLevel"],
        "valueMax": _TEXT,
        "valueMin": _TEXT,
    },
    "RubricCriterionLevel": {"id!": _URI, "type!": [_TEXT], "name!": _TEXT},
}
# What a `type` must contain, and where only some words are allowed (B.1, enumerations).
NAMED = {
    "AchievementSubject",
    "Achievement",
    "Evidence",
    "Profile",
    "Result",
    "ResultDescription",
    "RubricCriterionLevel",
}
WORDS = {
    ("Achievement", "achievementType"): {
        "Achievement",
        "Assessment",
        "Badge",
        "Certificate",
        "Certification",
        "Course",
    },
    ("ResultDescription", "resultType"): {"Percent", "PerformanceLevel", "RawScore", "RubricCriterionLevel", "Status"},
    ("IdentityObject", "identityType"): {"name", "emailAddress", "systemId", "userName", "identifier"},
}
_CONTEXTS = [
    re.compile(r"https://www\.w3\.org/ns/credentials/v2"),
    re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json"),
]


def faults(document: dict[str, Any]) -> list[str]:
    """What in a credential does not fit the model; an unknown member is a fault too, as we use no extensions."""
    found = list(_faults("AchievementCredential", document, "$"))
    contexts = document.get("@context", [])
    if not all(form.fullmatch(str(context)) for form, context in zip(_CONTEXTS, contexts, strict=False)):
        found.append("$.@context: not the two contexts in their order")
    types = document.get("type", [])
    if "VerifiableCredential" not in types or not {"OpenBadgeCredential", "AchievementCredential"} & set(types):
        found.append("$.type: not the types of an Open Badges credential")
    return found


def _faults(kind: str, value: Any, place: str) -> list[str]:
    if kind not in CLASSES:
        return [] if _is(kind, value) else [f"{place}: not of the form {kind}"]
    if not isinstance(value, dict):
        return [f"{place}: no {kind}"]
    members = {name.rstrip("!"): form for name, form in CLASSES[kind].items()}
    found = [
        f"{place}.{name}: missing" for name in (n[:-1] for n in CLASSES[kind] if n.endswith("!")) if name not in value
    ]
    found += [f"{place}.{name}: unknown" for name in value if name not in members]
    for name in value.keys() & members.keys():
        found += _faults_of_member(members[name], value[name], f"{place}.{name}")
        words = WORDS.get((kind, name))
        if words and value[name] not in words:
            found.append(f"{place}.{name}: not one of the words")
    if kind in NAMED and kind not in value.get("type", []):
        found.append(f"{place}.type: {kind} is not in it")
    return found


def _faults_of_member(form: Any, value: Any, place: str) -> list[str]:
    if not isinstance(form, list):
        return _faults(form, value, place)
    if not isinstance(value, list) or not value:
        return [f"{place}: no array"]
    return [fault for number, item in enumerate(value) for fault in _faults(form[0], item, f"{place}[{number}]")]


def _is(form: str, value: Any) -> bool:
    if form == _BOOLEAN:
        return isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if form == _URI:
        return re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", value) is not None
    return (
        form != _INSTANT or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value) is not None
    )
