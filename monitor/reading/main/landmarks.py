"""What ids, classes and roles say of an element: main text, furniture, or nothing.

Templates of Japanese sites name their parts in a small common tongue (tmp_gnavi, pankuzu, topicpath,
l-footer, side_content), so one vocabulary of words serves every family. A name is only a hint:
``find_main_text`` never drops what holds the page's heading or most of its text.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from storage.text.patterns import pattern_of


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Part(IntEnum):
    """What an element is by its tag, role, class and id, from the text itself to what is never part of it."""

    NOTHING = 0
    MAIN = 1
    HEADER = 2  # furniture at the top of the page, but an article has headers too
    SOFT = 3  # furniture if it is mostly links: side columns, related pages, banners
    HARD = 4  # furniture wherever it stands


_HARD = _words(
    """
    nav navi navs navigation gnav gnavi lnav lnavi snav snavi hnavi fnav fnavi rnavi pnavi globalnav
    globalnavi globalmenu localnav localnavi localmenu sidenav sidenavi sitenav footnavi headnavi
    menu menus megamenu submenu gmenu smenu hmenu fmenu navbar drawer hamburger burger breadcrumb
    breadcrumbs crumb crumbs bread pankuzu panku topicpath topicspath topickpath crumblist footer
    foot ft fcnt sns share sharing sharedaddy social addtoany addthis pagetop pagtop ptop totop
    gotop backtop backtotop topback topbtn skip skiplink blockskip navskip skipnav cookie cookies
    consent gdpr toolbar lang langs language languages foreign translate translation multilingual
    search kensaku fontsize textsize mojisize fsize moji bgcolor copyright copylight chat chatbot
    aistaff footstep footsteps popup readspeaker browsealoud tool tools sitemap login signin
    getreader acrobat adobe adobereader accesscounter ticker loading blockjump
    """
)
_SOFT = _words(
    """
    side sidebar sidecolumn sidecontents sidecontent aside lcnt rcolumn related relation relations
    relatedposts recommend recommended recentaccess recent osusume pickup bnr banner banners ad ads
    kokoku advertisement advert sponsor enquete enq enquate questionnaire anketo survey feedback
    hyoka evaluation opinion opi widget widgets secondary emergency kinkyu ranking modal overlay sub
    subcolumn subcontents rmenu print printbtn printarea plugin lightbox counter
    """
)
_HEADER = _words(
    """
    header head heads masthead hd siteheader gheader pageheader headerarea
    """
)
_MAIN = _words(
    """
    main maincontent maincontents maincol maincolumn mainbody contents content contentbody
    contentsbody contentarea contentsarea honbun article voice primary
    """
)
_MAIN_FILL = _words(
    """
    tmp wrap wrapper area inner block box container page site entry post l p c id column detail body
    the text single news section kiji shosai syosai naiyo naiyou frame col left right center cont pg
    new global
    """
)
_NOT_FURNITURE = _words(
    """
    note notes footnote contact inquiry toiawase otoiawase inq entry post article
    """
)
_SEARCH = frozenset(("search", "kensaku"))
_FOUND = frozenset(("result", "results", "kekka", "list", "ichiran"))
"""What a search has found is no furniture, unlike the field to search with."""

_LAYOUT = pattern_of(r"(?:columns?|cols?|has|with|no|is|layout|wp|page|body|theme|template|format)[-_]", re.I)
_WORD = pattern_of(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_ROLES = {
    "main": Part.MAIN,
    "navigation": Part.HARD,
    "menu": Part.HARD,
    "menubar": Part.HARD,
    "search": Part.HARD,
    "toolbar": Part.HARD,
    "contentinfo": Part.HARD,
    "banner": Part.HEADER,
    "complementary": Part.SOFT,
    "dialog": Part.SOFT,
    "alertdialog": Part.SOFT,
}


@lru_cache(maxsize=8192)
def judge_part(id_: str | None, classes: str | None, role: str | None) -> Part:
    """Say what an element's id, classes and role make of it."""
    if role and role in _ROLES:
        return _ROLES[role]
    verdict = _token(id_) if id_ else Part.NOTHING
    if verdict is Part.MAIN or not classes:
        return verdict
    found = [_token(token) for token in classes.split()]
    if Part.MAIN in found and verdict is Part.NOTHING and max(found) < Part.HARD:
        return Part.MAIN
    return max(verdict, *found)


def _token(token: str) -> Part:
    words = [word.lower() for word in _WORD.findall(token)]
    if not words or _LAYOUT.match(token):
        return Part.MAIN if words and _is_main(words) else Part.NOTHING
    both = {*words, *(a + b for a, b in pairwise(words))}
    if both & _NOT_FURNITURE and words[-1] not in _HARD:
        return Part.MAIN if _is_main(words) else Part.NOTHING
    if hard := both & _HARD:
        found = hard <= _SEARCH and (words[0] in _MAIN or both & _FOUND)
        return Part.NOTHING if found else Part.HARD
    if words[-1] in _HEADER or (both & _HEADER and not both & _MAIN):
        return Part.HEADER
    if both & _SOFT and (words[-1] == "sub" or both & (_SOFT - {"sub"})):
        return Part.SOFT
    return Part.MAIN if _is_main(words) else Part.NOTHING


def _is_main(words: list[str]) -> bool:
    return bool(_MAIN & {*words, "".join(words)}) and set(words) <= _MAIN | _MAIN_FILL
