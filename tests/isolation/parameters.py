"""What each parameter of a route is made of. A route whose parameters are not told here fails the matrix by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """A parameter that names a row: the column of a table of organisations, and whether the row is one person's."""

    table: str
    column: str = "id"
    where: str = "true"
    is_personal: bool = False  # others of the same organisation get the same answer as for one that never was


# Parameters that name no row of an organisation, with a value that the routes know.
PLAIN = {
    "colour": "2f5d8a",
    "digest": "0" * 16,
    "ending": "json",
    "first": "1",
    "index": "0",
    "kind": "csv",
    "logo_hash": "0" * 64,
    "name": "choice",
    "number": "1",
    "page": "1",
    "path": "lms/site.css",
    "position": "1",
    "purpose": "revocation",
    "second": "1",
    "size": "1",
    "table": "pass_rates",
    "token": "a-token-that-was-never-given",
    "type_name": "choice",
}

# By parameter, for the routes of any blueprint but those below.
DRAWN = {
    "admission_id": Drawn("oauth_admission", is_personal=True),
    "answer_key_id": Drawn("answer_key"),
    "attempt_id": Drawn("attempt", where="state = 'open'", is_personal=True),
    "certificate_id": Drawn("certificate"),
    "client_id": Drawn("oauth_client"),
    "decision_id": Drawn("entitlement_decision"),
    "delivery_id": Drawn("webhook_delivery"),
    "endpoint_id": Drawn("webhook_endpoint"),
    "identifier": Drawn("item", "identifier", "identifier LIKE 'of-the-%'"),
    "import_id": Drawn("item_import"),
    "invitation_id": Drawn("invitation"),
    "item_id": Drawn("item"),
    "key_id": Drawn("api_key"),
    "organisation_id": Drawn("membership", "organisation_id"),
    "person_id": Drawn("membership", "person_id"),
    "proposal_id": Drawn("suspension_proposal"),
    "regrade_id": Drawn("regrade"),
    "review_id": Drawn("certificate_review"),
    "run_id": Drawn("reissue_run"),
    "sanction_id": Drawn("sanction"),
    "subject": Drawn("consent", "person_id"),
    "tier_slug": Drawn("tier", "slug"),
    "version_id": Drawn("design_version"),
}
RELEASED = Drawn("attempt", where="released_at IS NOT NULL", is_personal=True)
MARKED = Drawn("attempt", where="state = 'submitted'")
LATE = Drawn("late_response", "attempt_id")
TEST, DRAFT, TIER = Drawn("test", "slug"), Drawn("test_draft", "slug"), Drawn("tier", "slug")
COHORT, PROGRAMME = Drawn("cohort", "slug"), Drawn("programme", "slug")
CALIBRATION, COURSE = Drawn("calibration", "slug"), Drawn("course", "slug")
CERTIFICATE_OF_PERSON = Drawn("certificate", is_personal=True)

# By endpoint, or by blueprint, and parameter.
DRAWN_BY = {
    ("assessments_api.read_test", "slug"): TEST,
    ("assessments_author", "slug"): DRAFT,
    ("assessments_candidate.begin", "slug"): CALIBRATION,
    ("assessments_candidate.calibration", "slug"): CALIBRATION,
    ("assessments_candidate.calibration_item", "slug"): CALIBRATION,
    ("assessments_candidate.result", "attempt_id"): RELEASED,
    ("assessments_candidate.start", "slug"): TEST,
    ("assessments_candidate.test", "slug"): TEST,
    ("assessments_candidate.try_calibration_item", "slug"): CALIBRATION,
    ("assessments_manager", "slug"): TEST,
    ("assessments_manager.decide_on_late_answers", "attempt_id"): LATE,
    ("assessments_manager.late_attempt", "attempt_id"): LATE,
    ("assessments_marker", "attempt_id"): MARKED,
    ("certificates_api.read_tier", "slug"): TIER,
    ("certificates_holder", "certificate_id"): CERTIFICATE_OF_PERSON,
    ("certificates_holder", "sanction_id"): Drawn("sanction", is_personal=True),
    ("certificates_holder.programme", "slug"): PROGRAMME,
    ("certificates_public.achievement", "slug"): Drawn("achievement", "slug"),
    ("courses_manager", "slug"): COHORT,
    ("courses_public", "slug"): COURSE,
    ("members", "import_id"): Drawn("invitation_import"),
    ("workspace", "slug"): TIER,
    ("workspace.achievement", "slug"): TEST,
    ("workspace.programme", "slug"): PROGRAMME,
    ("workspace.publish_achievement_version", "slug"): TEST,
    ("workspace.save_programme", "slug"): PROGRAMME,
}

# Routes that show what they show to everybody, whoever it belongs to, with the reason.
FOR_EVERYBODY = {
    "assets.file": "files of the application",
    "assessments_manager.settle": "an outage concerns everybody on the installation; operators decide",
    "certificates_public.did_of_installation": "public keys",
    "certificates_public.did_of_organisation": "public keys, and names of organisations, which all know",
    "certificates_public.jwks": "public keys",
    "certificates_public.log": "the issuance log names nobody",
    "certificates_public.log_checkpoint": "the issuance log names nobody",
    "certificates_public.log_checkpoint_at": "the issuance log names nobody",
    "certificates_public.log_consistency": "the issuance log names nobody",
    "certificates_public.log_inclusion": "the issuance log names nobody",
    "certificates_public.log_leaf": "the issuance log names nobody",
    "certificates_public.log_leaves": "the issuance log names nobody",
    "certificates_public.portfolio": "its owner opened it to everybody who has the address",
    "certificates_public.portfolio_card": "its owner opened it to everybody who has the address",
    "certificates_public.share": "its holder shared it with everybody who has the address",
    "certificates_public.share_badge": "its holder shared it with everybody who has the address",
    "certificates_public.share_card": "its holder shared it with everybody who has the address",
    "certificates_public.status_list": "a list of bits; verifiers anywhere read it",
    "certificates_public.verify": "whoever was shown a certificate may verify it",
    "certificates_public.verify_file": "whoever was shown a certificate may verify it",
    "lms_oidc.userinfo": "whoever has an access token, which is asked for and found first",
    "members.brand": "a style sheet of one colour",
    "members.logo": "its organisation opened its page to everybody",
    "members.public_profile": "its organisation opened its page to everybody",
}
PLAIN_BY = {
    ("members.logo", "slug"): "nobody-at-all",
    ("members.public_profile", "slug"): "nobody-at-all",
    ("certificates_api.read_public_tier", "slug"): "there-is-none",
    ("assessments_manager.settle", "outage_id"): "00000000-0000-4000-8000-000000000000",
    ("certificates_public.did_of_organisation", "slug"): "public",
    ("certificates_public.portfolio", "address"): "nobody-at-all",
    ("certificates_public.portfolio_card", "address"): "nobody-at-all",
}

# Routes at which whatever name is not taken begins something new; a name that is taken elsewhere is one of them.
ANY_NAME = {"assessments_author.edit_test", "assessments_author.save_test"}

# Routes that answer row by row, or with an empty list: whoever is not here is told of in an answer that is good.
MAY_GO_ON = ANY_NAME | {
    "assessments_api.list_results",
    "assessments_author.decide_on_several",
    "certificates_api.check_many_entitlements",
    "certificates_api.list_certificates",
    "certificates_api.post_outcomes",
}

# Routes that find or allow nothing at what is an actor's own, with the reason.
MAY_MISS = {
    "assessments_author.compare_versions": "the item has one version",
    "assessments_author.preview_item": "the item is named in what is sent",
    "assessments_candidate.begin_pause": "there are no breaks",
    "assessments_candidate.calibration_item": "only one candidate has begun a round",
    "assessments_candidate.end_pause": "there are no breaks",
    "assessments_candidate.pause": "there are no breaks",
    "assessments_candidate.try_calibration_item": "only one candidate has begun a round",
    "assessments_manager.settle": "there is no such outage",
    "members.leave_organisation": "operators do not leave",
    "certificates_api.read_public_tier": "the public organisation of this world has no tier",
    "workspace.reinstate": "no tier of this world was withdrawn",
}
