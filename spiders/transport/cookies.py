"""Cookies that live for one visit: a page, its redirects and its attachments, and nothing after.

Some servers send a visitor in a circle until a cookie comes back. Scrapy's own middleware keeps cookies
for the whole crawl and asks the network which names are public suffixes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.http.cookies import CookieJar
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

JAR = "visit_cookies"
"""Key of ``Request.meta``: the jar of the visit that a request belongs to; redirects take it along."""

MAX_COOKIES = 20
"""Cookies that one visit keeps, of at most MAX_COOKIE_CHARS characters each."""
MAX_COOKIE_CHARS = 4096


class VisitCookiesMiddleware:
    """Sends back, to the very host that set them, the cookies of this visit."""

    def process_request(self, request: Request) -> None:
        """Send the cookies of the visit that the request belongs to, and no others."""
        jar: CookieJar | None = request.meta.get(JAR)
        request.headers.pop("Cookie", None)
        if jar is not None and len(jar):
            jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the cookies of an answer for the rest of its visit, each for its own host alone."""
        jar: CookieJar | None = request.meta.get(JAR)
        if jar is None or b"Set-Cookie" not in response.headers:
            return response
        host = urlparse_cached(request).hostname or ""
        cookies: Any = jar.make_cookies(response, request)
        for cookie in cookies:
            # Of the host alone, whatever it says: then nobody need know which domains are public.
            cookie.domain, cookie.domain_specified, cookie.domain_initial_dot = host, False, False
            if len(jar) < MAX_COOKIES and len(cookie.value or "") + len(cookie.name) <= MAX_COOKIE_CHARS:
                jar.set_cookie_if_ok(cookie, request)
        return response
