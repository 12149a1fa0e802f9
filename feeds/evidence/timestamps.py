"""Ask an authority for a timestamp of a link of the chain (RFC 3161), and check one that is kept."""

from __future__ import annotations

import hashlib
import http.client
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from feeds.formats.posting import Resolve, post
from storage.errors import say_installation
from storage.records import ChainLink, Stamp

_QUERY = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_GRANTED = 0


class NotStamped(ValueError):
    """No timestamp was to be had; the message says why."""


def request_stamp(link: ChainLink, authority: str, resolve: Resolve) -> Stamp:
    """Ask for a timestamp of a link's hash, as its 64 characters stand in files of evidence.

    Raises NotStamped where there is none, or it is of something else.
    """
    rfc3161 = _library()
    builder = rfc3161.TimestampRequestBuilder().data(link.hash.encode())
    query = builder.hash_algorithm(rfc3161.HashAlgorithm.SHA256).build()
    try:
        status, answer = post(authority, query.as_bytes(), _QUERY, resolve)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotStamped(f"{authority}: {error or type(error).__name__}") from error
    if status != http.client.OK:
        raise NotStamped(f"{authority}: HTTP {status}")
    response = _decode(answer)
    if response.tst_info.nonce != query.nonce:
        raise NotStamped(f"{authority}: the timestamp answers another request")
    moment = response.tst_info.gen_time.astimezone(UTC)
    made = Stamp(link.number, link.hash, authority, moment, answer)
    if problem := find_fault(made):
        raise NotStamped(f"{authority}: {problem}")
    return made


def find_fault(stamp: Stamp, roots: Sequence[bytes] = ()) -> str | None:
    """Say what is wrong with a timestamp, or return None.

    With ``roots``, certificates in PEM, its signature is checked up to one of them. Raises NotStamped where
    the library for it is not installed.
    """
    rfc3161 = _library()
    try:
        response = _decode(stamp.response)
        if response.tst_info.message_imprint.message != hashlib.sha256(stamp.hash.encode()).digest():
            return "the timestamp is of something else"
        if roots:
            from cryptography.x509 import load_pem_x509_certificates

            builder = rfc3161.VerifierBuilder()
            for certificate in load_pem_x509_certificates(b"\n".join(roots)):
                builder = builder.add_root_certificate(certificate)
            builder.build().verify_message(response, stamp.hash.encode())
    except NotStamped as error:
        return str(error)
    except (ValueError, rfc3161.VerificationError) as error:
        return f"the timestamp does not hold: {error}"
    return None


def _decode(answer: bytes) -> Any:
    try:
        response = _library().decode_timestamp_response(answer)
    except ValueError as error:
        raise NotStamped(f"the answer is no timestamp: {error}") from error
    if response.status != _GRANTED:
        raise NotStamped(f"the authority refuses: {', '.join(response.status_string) or response.status}")
    return response


def _library() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise NotStamped(f"timestamps need rfc3161-client: `{say_installation('stamp')}`") from None
    return rfc3161_client
