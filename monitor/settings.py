"""Scrapy's settings. Each one that differs from Scrapy 2.19 says why."""

from importlib.metadata import PackageNotFoundError, version

from monitor.config import contact

BOT_NAME = "kohyo"
SPIDER_MODULES = ["spiders.ppc", "spiders.company", "spiders.affected"]
AGENDA = "monitor.crawl.agenda.ArchiveAgenda"  # ours: tells spiders what to visit
HOSTS = "monitor.crawl.host_turns.ArchiveHosts"  # ours: tells whose turn it is to ask a host
ITEM_PIPELINES = {"monitor.crawl.pipeline.TrackPipeline": 100}

# --- Who is calling ---------------------------------------------------------------------------

try:
    _VERSION = version("kohyo")
except PackageNotFoundError:  # run from a checkout that is not installed
    _VERSION = "dev"

# An operator who is asked to stop must be reachable: set KOHYO_CONTACT to an address or page of yours.
USER_AGENT = f"kohyo/{_VERSION} (+{contact()})"
ROBOTSTXT_USER_AGENT = "kohyo"  # the name robots.txt may address, not the whole string
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Language": "ja,en;q=0.5",  # Scrapy asks for English
}

# --- No way in --------------------------------------------------------------------------------

REMOTE_CONTROL_ENABLED = False  # on by default: an HTTP server that runs Python code in this process
TELNETCONSOLE_ENABLED = False  # on by default: the same by telnet
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default: evidence must come from whom it claims to come from
# On by default: file, data, ftp and s3. A link or redirect must not read this machine.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "spiders.transport.safety.SafeResolver"  # judges the address that is connected to
HTTPPROXY_ENABLED = False  # on by default: a proxy from the environment would hide that address from us
# On by default: keeps cookies for a whole crawl, and fetches the public suffix list past every check.
COOKIES_ENABLED = False

# --- A polite guest ---------------------------------------------------------------------------

ROBOTSTXT_OBEY = True  # off by default
DOWNLOADER = "spiders.transport.politeness.OneAtATimeDownloader"  # Scrapy's own lets a second one slip by
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # 8 by default; a slot is a host name
CONCURRENT_REQUESTS = 100  # 16 by default; a host takes one, and hosts that stall must not hold up the others
DOWNLOAD_DELAY = 1.0  # 0 by default; a declaration's delay and robots.txt may ask for more
DOWNLOAD_DELAY_JITTER = 0.0  # half by default, which undercuts a Crawl-delay
RETRY_TIMES = 2
RETRY_HTTP_CODES = [408, 500, 502, 503, 504, 522, 524]  # 429 is no invitation, unless it says when
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # what cannot be had is an alert, and said once
# What takes part in a request is listed here as a whole: no new release of Scrapy adds to it unseen,
# and what is off is not even loaded (a control server, a cookie jar with its list of suffixes).
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.logstats.LogStats": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "spiders.transport.manners.turns.Turns": 0,
    "spiders.transport.politeness.Pace": 0,
    "spiders.transport.budgets.Budgets": 0,
    "spiders.transport.workers.lanes.Workers": 0,
}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "spiders.transport.budgets.BudgetMiddleware": 5,  # before a name is looked up
    "spiders.transport.manners.turns.TurnMiddleware": 6,  # likewise, robots.txt included
    "spiders.transport.safety.GateMiddleware": 10,  # before anything is sent, robots.txt included
    "spiders.transport.politeness.CautiousRobotsMiddleware": 100,  # Scrapy's own takes 503 for permission
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "spiders.transport.politeness.PatientRetryMiddleware": 550,  # Scrapy's own does not know Retry-After
    "spiders.transport.encodings.WholeBodyMiddleware": 590,  # Scrapy's own takes a half for the whole
    "spiders.transport.politeness.CarefulRedirectMiddleware": 600,  # Scrapy's own takes validators along
    "spiders.transport.cookies.VisitCookiesMiddleware": 700,  # before a redirect asks again
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}
# No Referer: no server is told where we come from. No depth: an agenda says what is visited.
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}

# --- Limits -----------------------------------------------------------------------------------

DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # 1 GiB by default; counts unpacked bytes as well (bombs)
DOWNLOAD_WARNSIZE = 16 * 1024 * 1024
DOWNLOAD_TIMEOUT = 45  # 180 by default
DNS_TIMEOUT = 20  # 60 by default
REDIRECT_MAX_TIMES = 5  # 20 by default
METAREFRESH_ENABLED = False  # the page that was there is the evidence, not the one it points to
URLLENGTH_LIMIT = 0  # the gate refuses long addresses and says so; Scrapy drops them without a word

# --- Budgets: what a stranger may make us spend; ours, but for the first -----------------------
# What is put off keeps its turn, and what is cut is said. `docs/reference/variables.md` has those that a
# variable of the environment alters.

SCRAPER_SLOT_MAX_ACTIVE_SIZE = 64 * 1024 * 1024  # 5 MB by default: one long page must not stop the others
LISTING_ROWS = 3000  # rows of one listing; real ones have hundreds, and each row costs two milliseconds
HOST_REQUESTS = 2000  # of one run to one host; a calendar or a listing of 100,000 rows never ends
HOST_SECONDS = 900.0  # of one run for one host, the pauses we are asked for included
HOST_STALLS = 2  # time-outs after which a host is left alone in this run
RUN_SECONDS = 1080.0  # then a run asks for nothing more: cron starts the next one every 20 minutes
PAGE_SECONDS = 300.0  # for the attachments of one page
PAGE_BYTES = 64 * 1024 * 1024  # of one page with its attachments, held at once until they are judged together
BYTES_IN_FLIGHT = 32 * 1024 * 1024  # of all answers on their way; those above 2 MiB are then broken off

# --- Nothing is dropped -----------------------------------------------------------------------

HTTPERROR_ALLOW_ALL = True  # 304, 404, 410, 429 and 5xx are findings: they reach the spider
# Not HttpCacheMiddleware: it takes pages for fresh that nobody asked the server about. The agenda
# keeps the server's validators instead.
HTTPCACHE_ENABLED = False
CONFIRM_AFTER = 60.0  # ours: seconds before the second look at a page whose bytes differ

# --- Nothing is done in vain ------------------------------------------------------------------

# 100 by default: that many tasks are started for every answer, and a page is one item.
CONCURRENT_ITEMS = 1

LOG_LEVEL = "INFO"
LOG_FORMATTER = "spiders.logs.BriefFormatter"  # an item is a whole page: its bytes are no log line
