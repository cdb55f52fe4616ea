"""Other addresses of the same article: AMP, mobile and print forms, caches, redirects. Data with its sources.

Seen on real pages that declare both addresses (canonical beside amphtml or a mobile alternate), unless linked.
"""

from __future__ import annotations

import re

# Labels in front of a registrable domain that change the dress and not the page.
HOST_LABELS = frozenset("www m mobile mobil amp amp2 touch wap 3g lite".split())
HOST_PREFIX = re.compile(r"^(?:amp-)+")  # amp-madame.lefigaro.fr is madame.lefigaro.fr

INDEX = re.compile(r"(?:index|default)\.(?:html?|s?html|xhtml|php\d?|aspx?|jspx?|cfm|do|cgi|amp)", re.IGNORECASE)

# First segments: /amp/world/story, /platform/amp/… (Vox Media), /google/amp/… (Globo), /google-amp/… (CNET, ZDNet)
AMP_FIRST = frozenset({"amp", "amphtml", "amp-page", "google-amp"})
AMP_FIRST_TWO = frozenset({("platform", "amp"), ("google", "amp")})
MOBILE_FIRST = frozenset({"mobile"})
PRINT_FIRST = frozenset({"print", "printversion"})
# Segments after which "amp" is a word of its own.
BEFORE_A_NAME = frozenset(
    "author authors brand brands category categories company companies hashtag keyword keywords label quote search section stock "
    "stocks symbol t tag tags term ticker tickers topic topics user users wiki".split()
)
# Last segments: /story/amp, /story/amp/1 (NDTV), /story.html/ampRFA, /story/komplettansicht (Die Zeit), /story/print; those
# that are words of their own elsewhere only behind what looks like a story.
AMP_LAST = frozenset({"amp", "ampRFA", "amphtml", "ampstory", "komplettansicht"})
DRESS_LAST = frozenset(
    "print printable printview printversion print-view print-version lite drucken imprimir imprimer".split()
)
# Suffixes: story.amp(.html), story~amp.html (ARD), story!amp (Süddeutsche), story_amp.html (Corriere, ABC), story-123-amp
# (Habertürk, Hindustan Times), slug-a-0c1b…-amp (Spiegel), story.print.html, story-123-druck.html; /guitar-amp is a slug.
SUFFIX = re.compile(
    r"""(?P<amp>.*?\w)(?:[.~!]amp|_amp(?=\.\w{3,5}$)|(?<=\d{4})-amp|(?<=-[0-9a-f]{12})-amp)(?P<ext>\.\w{2,5})?
    |(?P<print>.*?\w)(?:[.~]print|(?<=\d{4})[-_](?:print|druck))(?P<ext2>\.\w{2,5})?""",
    re.VERBOSE | re.IGNORECASE,
)
A_STORY = re.compile(r"\d{4}|-[^-]+-|\.\w{3,5}$")  # a long number, three words, an extension
SCRIPT = re.compile(r"\.(?:php\d?|aspx?|jspx?|cgi|cfm)$", re.IGNORECASE)  # it shows what its parameters name

# Systems whose two addresses differ by more than a segment: (hosts, a part of the path that is quick to look for,
# the path, its other form).
PATHS: tuple[tuple[re.Pattern[str], str, re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?:.*\.)?(?:{host})"), part, re.compile(path), other)
    for host, part, path, other in (
        # Hearst Newspapers: /news/amp/Slug-123.php is /news/article/Slug-123.php
        (".*", "/amp/", r"(.*)/amp/([^/]+-\d{5,}\.php)", r"\1/article/\2"),
        # The Times of India group: /amp_articleshow/1.cms is /articleshow/1.cms
        (".*", "/amp_", r"(.*)/amp_(\w+show/\d+\.cms)", r"\1/\2"),
        # ARD's CoreMedia sites: /beitrag.htm/alt=amp.html is /beitrag.html
        (".*", ".htm/alt=", r"(.+\.htm)/alt=(?:amp|print)(?:\.html?)?", r"\1l"),
        # Amedia's Norwegian papers: /slug/s/5-95-123 is /5-95-123
        (".*", "/5-", r"/.+/[so]/(5-\d+-\d{3,})", r"/\1"),
        # USAGM's Pangea (VOA, RFE/RL): /amp/123.html is /a/123.html
        (
            r"voa\w*\.com|rferl\.org|\w*svoboda\.org|currenttime\.tv|azatt?y[qk]\.org",
            "/amp/",
            r"/amp/(.*\d+\.html)",
            r"/a/\1",
        ),
        (r"cnn\.com", "/cnn/", r"/cnn/(\d{4}/.+)", r"/\1"),  # amp.cnn.com/cnn/2019/… is cnn.com/2019/…
        (r"rbc\.ru", "/rbcnews/", r"/rbcnews/(.+)", r"/\1"),
        (r"asahi\.com|[\w-]+\.jp", "/sp/", r"/sp/(articles?/.+)", r"/\1"),
        (r"taz\.de", "/!", r"/.+/(!\d{5,}\D*)", r"/\1"),  # the number is the identity
        (  # Schibsted: so is the short code
            r"aftonbladet\.se|svd\.se|vg\.no|aftenposten\.no|bt\.no|aftenbladet\.no|adressa\.no|e24\.no",
            "/",
            r"(?:/.+)?/([ai])/(\w{5,7})(?:/[^/]+)?",
            r"/\1/\2",
        ),
        (r"watson\.(?:ch|de)", "-", r"/(?:.+/)?!?(\d{6,})(?:-[^/]+)?", r"/!\1"),
        # Reuters: /article/world/slug-idUSKBN1ZI0EH and /article/amp/idUSKBN1ZI0EH
        (r"reuters\.com", "id", r"/article/(?:.+[-/])(id[A-Z]{2}\w{6,})", r"/article/\1"),
        # The Atlantic: amp.theatlantic.com/amp/article/615610
        (r"theatlantic\.com", "/archive/", r"/[^/]+/archive/\d{4}/\d\d/[^/]+/(\d{5,})", r"/article/\1"),
        (r"interia\.pl", "/newsamp-", r"(.*)/newsamp-(.+)", r"\1/news-\2"),
        (r"naver\.com", "/mnews/", r"/mnews/(?:ranking/|hotissue/)?(article/.+)", r"/\1"),
        # The section in front of the number is where the reader came from.
        (r"hankyung\.com", "/article/", r"/\w+/(article/\d{9,}\w*)", r"/\1"),
        (r"donga\.com", "/article/all/", r"/news/\w+/(article/all/\d{8}/\d+/\d+)", r"/news/\1"),
        (r"lemonde\.fr", "/article_amp/", r"/([^/]+)/article_amp/(\d{4}/.+)", r"/\1/article/\2"),
        (r"kommersant\.ru", "/amp/", r"/amp/(\d+)", r"/doc/\1"),
        (r"bild\.de", ".bildMobile", r"(.+)\.bildMobile(\.html)?", r"\1.bild\2"),
    )
)

# AMP caches and viewers (https://developers.google.com/amp/cache/overview, https://www.bing.com/webmasters/help/bing-amp-cache-bc1c884c):
# (host, path; the groups, put together, are the article's host and path)
CACHES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(host), re.compile(path))
    for host, path in (
        (r"(?:.+\.)?(?:cdn\.ampproject\.(?:org|net)|bing-amp\.com)", r"/(?:[a-z]/)?(?:s/)?([^/]+\.[^/]+(?:/.*)?)"),
        (r"google\.(?:com?\.)?[a-z]{2,3}", r"/amp/(?:s/)?([^/]+\.[^/]+/.+)"),
        (r"(?:.+\.)?turbopages\.org", r"/(?:turbo/)?([^/]+\.[^/]+)/s(/.*)"),
    )
)

# Pages that only lead on: host, path, the parameters that hold the target. Found with the share buttons, feeds and
# search results that produce them.
REDIRECTS: tuple[tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(host), re.compile(path), tuple(names.split()))
    for host, path, names in (
        (r"(?:news\.)?google\.(?:com?\.)?[a-z]{2,3}", r"/(?:url|news/url)", "url q"),
        (r"(?:lm?\.)?facebook\.com", r"/(?:l|flx/warn)(?:\.php)?", "u"),
        (r"l\.(?:instagram|threads|messenger|wl)\.(?:com|net|co)", r"/.*", "u"),
        (r"out\.reddit\.com", r"/.*", "url"),
        (r"youtube\.com", r"/redirect", "q"),
        (r"vk\.(?:com|ru)", r"/away(?:\.php)?", "to"),
        (r"t\.umblr\.com", r"/redirect", "z"),
        (r"linkedin\.com", r"/(?:redir/(?:redirect|general-malware-page)|safety/go)", "url"),
        (r"slack-redir\.net", r"/link", "url"),
        (r"steamcommunity\.com", r"/linkfilter/?", "url u"),
        (r"exit\.sc", r"/?", "url"),
        (r"(?:html\.)?duckduckgo\.com", r"/l/?", "uddg"),
        (r"bing\.com", r"/news/apiclick\.aspx", "url"),
        (r"getpocket\.com", r"/redirect", "url"),
        (r"medium\.com", r"/r/?", "url"),
        (r"link\.zhihu\.com", r"/?", "target"),
        (r"(?:passport\.)?weibo\.(?:cn|com)", r"/sinaurl", "u toasturl"),
        (r"douban\.com", r"/link2/?", "url"),
        (r"(?:cc|cr)\.naver\.com", r"/(?:cc|rd|redirect)", "u"),
        (r"yandex\.(?:ru|com)", r"/turbo", "text"),
        (r"(?:.+\.)?safelinks\.protection\.outlook\.com", r"/.*", "url"),
        (r"go\.(?:redirectingat|skimresources)\.com", r"/?", "url"),
        (r"redirect\.viglink\.com", r"/?", "u"),
        (r"(?:click|t)\.linksynergy\.com", r"/(?:deeplink|fs-bin/click)", "murl rd_parm1"),
        (r"awin1\.com", r"/cread\.php", "ued p"),
        (r"t\.me", r"/iv", "url"),
        (r"checklink\.mail\.ru", r"/proxy", "url"),
        (r"consent\.(?:google|youtube|yahoo)\.com", r"/.*", "continue"),
    )
)
