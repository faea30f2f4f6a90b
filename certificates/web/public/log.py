"""The issuance log for everybody: a page for people, and checkpoints, leaves and proofs for programs."""

from typing import Any

from flask import Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.domain.checkpoints import origin_of, verifier_key
from certificates.domain.log_leaves import instant
from certificates.queries.issuance_log import (
    MOST_LEAVES,
    LeafView,
    find_checkpoint,
    find_newest_checkpoint,
    get_checkpoint,
    get_leaf,
    list_leaves,
    prove_consistency,
    prove_inclusion,
)
from certificates.queries.log_history import list_log_keys, list_resumptions
from certificates.web.public.blueprint import certificates_public
from lms.errors import Conflict, Invalid, NotFound
from lms.web.application import settings_of
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database

LIMIT = "600 per minute"
_LASTING = "public, max-age=31536000, immutable"
_PASSING = "public, max-age=10"
_MOST_DIGITS = 15


@certificates_public.get("/log/")
@public
@limiter.limit(LIMIT)
def log() -> ResponseReturnValue:
    """What the log is, how far it is, and how to check it; with `index`, the way to that leaf."""
    if "index" in request.args:
        return redirect(url_for(".log_leaf", index=_number("index")), 303)
    origin = origin_of(settings_of(current_app).base_url)
    with database().reading() as session:
        return render_template(
            "certificates/public/log.html",
            head=find_newest_checkpoint(session),
            origin=origin,
            keys=[(key, verifier_key(origin, key.public)) for key in list_log_keys(session)],
            resumptions=list_resumptions(session),
            most=MOST_LEAVES,
        )


@certificates_public.get("/log/checkpoint")
@public
@limiter.limit(LIMIT)
def log_checkpoint() -> ResponseReturnValue:
    """The newest checkpoint as a signed note."""
    with database().reading() as session:
        head = find_newest_checkpoint(session)
    if head is None:
        raise NotFound(_("The log is empty: nothing was issued yet, so no checkpoint was signed."))
    return _for_programs(make_response(head.note), _PASSING, "text/plain; charset=utf-8")


@certificates_public.get("/log/checkpoint/<int:size>")
@public
@limiter.limit(LIMIT)
def log_checkpoint_at(size: int) -> ResponseReturnValue:
    """The checkpoint that was signed over so many leaves."""
    with database().reading() as session:
        head = get_checkpoint(session, _bounded(size))
    return _for_programs(make_response(head.note), _LASTING, "text/plain; charset=utf-8")


@certificates_public.get("/log/leaves")
@public
@limiter.limit(LIMIT)
def log_leaves() -> ResponseReturnValue:
    """Leaves in their order, from `start`, at most `count` of them."""
    start, count = _number("start"), min(_number("count"), MOST_LEAVES)
    with database().reading() as session:
        leaves = list_leaves(session, start=start, count=count)
    caching = _LASTING if leaves and len(leaves) == count else _PASSING
    return _for_programs(jsonify({"leaves": [_leaf(leaf) for leaf in leaves]}), caching)


@certificates_public.get("/log/leaves/<int:index>")
@public
@limiter.limit(LIMIT)
def log_leaf(index: int) -> ResponseReturnValue:
    """One leaf with the proof that it is in the log: in the tree of `size` leaves, or in the newest."""
    with database().reading() as session:
        leaf = get_leaf(session, _bounded(index))
        head = find_newest_checkpoint(session)
        if head is None:
            raise Conflict(_("The log is damaged: it has leaves and no checkpoint."))
        size = _number("size") if "size" in request.args else head.size
        path = prove_inclusion(session, index=index, size=size)
        signed = head if size == head.size else find_checkpoint(session, size)
    if _wants_json():
        caching = _LASTING if "size" in request.args else _PASSING
        inclusion = _inclusion(index, size, path) | {"checkpoint": signed.note if signed else None}
        return _for_programs(jsonify(_leaf(leaf) | {"inclusion": inclusion}), caching, varies=True)
    shown = render_template(
        "certificates/public/log_leaf.html", leaf=leaf, size=size, path=path, signed=signed, at=instant(leaf.at)
    )
    page = make_response(shown)
    page.vary.add("Accept")
    return page


@certificates_public.get("/log/inclusion")
@public
@limiter.limit(LIMIT)
def log_inclusion() -> ResponseReturnValue:
    """The path from leaf `index` to the root of the tree of `size` leaves."""
    index, size = _number("index"), _number("size")
    with database().reading() as session:
        path = prove_inclusion(session, index=index, size=size)
    return _for_programs(jsonify(_inclusion(index, size, path)), _LASTING)


@certificates_public.get("/log/consistency")
@public
@limiter.limit(LIMIT)
def log_consistency() -> ResponseReturnValue:
    """The proof that the tree of `to` leaves continues that of `from`."""
    first, second = _number("from"), _number("to")
    with database().reading() as session:
        path = prove_consistency(session, first=first, second=second)
    told = {"from": first, "to": second, "path": [each.hex() for each in path]}
    return _for_programs(jsonify(told), _LASTING)


def _leaf(leaf: LeafView) -> dict[str, Any]:
    return {
        "index": leaf.index,
        "kind": leaf.kind,
        "commitment": leaf.commitment,
        "at": instant(leaf.at),
        "leaf_hash": leaf.leaf_hash,
    }


def _inclusion(index: int, size: int, path: tuple[bytes, ...]) -> dict[str, Any]:
    return {"index": index, "size": size, "path": [each.hex() for each in path]}


def _number(name: str) -> int:
    """A whole number of the query. Raises Invalid when it is missing or none."""
    typed = request.args.get(name, "").strip()
    if not (typed.isascii() and typed.isdigit()):
        raise Invalid(_("Give “%(name)s” as a whole number from 0 on, in digits.", name=name))
    return _bounded(int(typed[: _MOST_DIGITS + 1]))


def _bounded(number: int) -> int:
    """Raises NotFound for a number that no log of ours will ever come to, and no database can hold."""
    if number >= 10**_MOST_DIGITS:
        raise NotFound(_("The log is not that long."))
    return number


def _wants_json() -> bool:
    return request.args.get("format") == "json" or request.accept_mimetypes.best == "application/json"


def _for_programs(response: Response, caching: str, kind: str | None = None, *, varies: bool = False) -> Response:
    """Everybody may keep it, and pages of others may read it: it names nobody."""
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    if kind is not None:
        response.headers["Content-Type"] = kind
    if varies:
        response.vary.add("Accept")
    return response
