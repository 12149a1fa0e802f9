"""Send one message to one target, and be sure that it arrived.

apprise knows the services and their addresses. Mail is composed here: apprise gives each attempt a
Message-ID of its own, so that nobody could tell that a mail came twice.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formataddr, localtime
from typing import Any

from feeds.wording.sanitise import cut, one_line
from storage.errors import say_installation
from storage.json_shapes import Json

TIMEOUT_SECONDS = 60.0
"""Seconds to wait for an acknowledgement. One that comes later is asked for again."""


class NoApprise(Exception):
    """The extra ``notify`` is not installed."""

    def __str__(self) -> str:
        return f"notifications need apprise: `{say_installation('notify')}`"


class NotSent(Exception):
    """The target did not acknowledge; the text says why, as far as it is known."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one target. ``id`` is the same whenever it is sent again."""

    id: str
    title: str
    text: str
    html: str
    changes: tuple[Json, ...]  # the same for programs
    alerts: tuple[Json, ...] = ()


Send = Callable[[Message], None]
"""Sends, and returns when the target has acknowledged. Raises NotSent."""


def open_channel(url: str) -> Send:
    """Return the function that sends to an address.

    Raise ValueError for an unusable address, without quoting it: it may hold a password. Raise
    NoApprise where the extra is not installed.
    """
    try:
        from apprise import Apprise, AppriseAsset
        from apprise.plugins.email import NotifyEmail
    except ImportError:
        raise NoApprise from None
    asset = AppriseAsset(app_id="kohyo", app_desc="kohyo", app_url="", image_url_mask="")
    with _capture_log():
        service = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        raise ValueError("not an address that apprise can send to")
    service.retry = 0  # the outbox does that, over restarts too; what is counted next depends on it
    mail = type(service) is NotifyEmail
    receivers = len(_addresses(service)) if mail else len(service)
    if receivers != 1:
        raise ValueError(
            f"stands for {receivers} receivers; give each a target of its own, so that each is told once"
        )
    return _Mail(service) if mail else _Service(service)


def _addresses(mail: Any) -> set[str]:
    return {str(address) for _, address in mail.targets} | set(mail.cc) | set(mail.bcc)


class _Service:
    def __init__(self, service: Any) -> None:
        self._service = service
        # Followed, a redirected POST becomes a GET that brings nothing and is answered with 200.
        service.redirects = False
        service.socket_read_timeout = max(service.socket_read_timeout, TIMEOUT_SECONDS)
        self._headers = dict(getattr(service, "headers", None) or {})
        self._extras = dict(getattr(service, "payload_extras", None) or {})

    def __call__(self, message: Message) -> None:
        service = self._service
        if hasattr(service, "headers"):
            service.headers = {**self._headers, "Idempotency-Key": message.id}
        if service.service_name == "JSON":
            told = {"changes": list(message.changes), "alerts": list(message.alerts)}
            service.payload_extras = {**self._extras, "id": message.id, **told}
        with _capture_log() as words:
            try:
                sent = service.notify(
                    title=message.title, body=message.text, body_format="text", overflow="split"
                )
            except Exception as error:  # whatever a service's plugin runs into, others are to be told
                raise NotSent(type(error).__name__) from error
        if not sent:
            raise NotSent(self._without_secrets("; ".join(words)) or "the target did not acknowledge")

    def _without_secrets(self, words: str) -> str:
        secret = self._service.password
        return cut(one_line(words.replace(secret, "…") if secret else words), 300)


class _Mail:
    def __init__(self, service: Any) -> None:
        self._service = service

    def __call__(self, message: Message) -> None:
        service = self._service
        (receiver,) = _addresses(service)
        try:
            server = self._connected()
            try:
                if service.user and service.password:
                    server.login(service.user, service.password)
                server.send_message(self._composed(message, receiver), service.from_addr[1], [receiver])
            finally:
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()  # what was acknowledged stays so, whatever becomes of the farewell
        except Exception as error:  # likewise
            raise NotSent(cut(one_line(f"{type(error).__name__}: {error}"), 300)) from error

    def _connected(self) -> smtplib.SMTP:
        service = self._service
        trust = ssl.create_default_context()
        if not service.verify_certificate:
            trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        host, port = service.smtp_host, service.port or 0
        if service.secure_mode == "ssl":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=trust)
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        if service.secure_mode == "starttls":
            try:
                server.starttls(context=trust)
            except (OSError, smtplib.SMTPException):
                server.close()
                raise
        return server

    def _composed(self, message: Message, receiver: str) -> EmailMessage:
        mail = EmailMessage()
        name, sender = self._service.from_addr
        mail["From"] = formataddr((name or "kohyo", sender))
        mail["To"] = receiver
        mail["Subject"] = message.title
        mail["Date"] = localtime()
        mail["Message-ID"] = f"<{message.id}@kohyo.invalid>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from robots, please
        mail.set_content(message.text, cte="base64")
        mail.add_alternative(message.html, subtype="html", cte="base64")
        return mail


@contextmanager
def _capture_log() -> Iterator[list[str]]:
    """Collect what apprise logs: only there does it say why something failed."""
    words: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words.append(record.getMessage())

    logger, ear = logging.getLogger("apprise"), Ear(logging.WARNING)
    spread, logger.propagate = logger.propagate, False
    logger.addHandler(ear)
    try:
        yield words
    finally:
        logger.removeHandler(ear)
        logger.propagate = spread
