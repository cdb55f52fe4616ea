"""The language of the text: what the page says, held against the text's script and its commonest words.

Templates get `lang` wrong (WordPress themes are "en-US" in any country), so the text has a say: its letters decide where
a script belongs to one language, its stop words where several share it. No model: a table of 12 to 20 words a language
is right on nearly every article of some length, and costs 0.1 ms.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from ingest.extract.candidates import Candidate
from ingest.extract.structured import texts
from ingest.extract.view import View

# The commonest words of running text, without those that are as common in a neighbour's.
_STOP_WORDS = {
    "af": "die en nie van het is dat wat hy met vir om haar sy hulle ook was deur",
    "az": "və bir bu ilə üçün olan da də ki edib olub olaraq daha isə",
    "be": "і ў не на што з як гэта да яго для па але пра таксама",
    "bg": "и на да от за се не че са по това като ще беше които при",
    "bs": "i je u na da se za od su će koji kako što nije sa iz bi",
    "ca": "de la i el que els a en amb les per una del són aquest seva dels no ha",
    "cs": "a se na v je že o s z do to který jako ale za by pro jsou jeho také",
    "cy": "y yn i ar o ei mae bod ac wedi am ond eu yr sydd gan ni",
    "da": "og i at det er en til af på de med som den har ikke der et han blev også",
    "de": "der die und in den das von zu mit ist des im nicht ein eine dem sich auch auf für als",
    "el": "και το να του η της με που την από για είναι στο ότι οι τα σε δεν",
    "en": "the of and to in a that is for on was with as it he by at from his said are be",
    "es": "de la que el en y a los se del las un por con una su para es al como no más",
    "et": "ja on ei et see oli kui ta ka mis oma aga mida või selle nii ning",
    "eu": "eta da ez du bat izan dute egin duen baina ere dira den zen bere",
    "fa": "و در به از که این را با است برای آن یک خود شد بر های",
    "fi": "ja on ei että oli se hän myös ovat mutta kun kuin joka tai sekä mukaan",
    "fr": "de la le et les des en un du une que est pour dans qui par sur au pas plus il ce",
    "ga": "an na agus ar go is i sé bhí le tá a leis ní ag seo",
    "gl": "de a o que e do da en os un para unha non con por as no dos máis ao",
    "he": "של את על לא הוא עם זה כי גם היא אל או אבל כל היה בין אך",
    "hr": "i je u na da se za od su će koji kako što nije s iz bi također",
    "hu": "a az és hogy nem egy is volt de meg ez mint már csak vagy még azt szerint",
    "hy": "և է որ են այդ մեջ համար հետ նա մի ոչ այս եւ",
    "id": "yang dan di dengan untuk dari pada ini itu dalam akan tidak juga oleh ke kata telah",
    "is": "og að í á sem er það við um til var ekki hann en af með fyrir hefur",
    "it": "di e il che la in a per un non con del è una sono le della si da dei nel anche più",
    "ka": "და არ რომ ეს იყო რომელიც მისი თუ ამ მაგრამ მან უნდა",
    "kk": "және бұл мен де да бойынша үшін деп бар оның туралы сол",
    "la": "et in est non ad ut cum qui sed quod sunt esse atque",
    "lb": "an de vun ass net dat fir mat op eng huet och déi wéi sinn",
    "lt": "ir kad yra į su iš tai bet kaip buvo savo apie jis ne jo taip pat už",
    "lv": "un ir ka ar uz no par kas bija bet viņš tas lai to arī nav pēc",
    "mk": "и на да во од за се не што со е како ќе но ги по беше",
    "ms": "yang dan di untuk dengan ini itu pada dalam tidak akan oleh beliau kepada kata telah adalah",
    "mt": "li ta il u ma fil biex kien minn mill dan din għal huwa f",
    "nb": "og i det er på til som en å for av at har ikke med de den om jeg etter ble",
    "nl": "de van het een en in is dat op te zijn met voor die niet aan er om ook als maar",
    "nn": "og i det er på til som ein å for av at har ikkje med dei om eg frå ho vart",
    "pl": "w i na z się nie do to że jest o jak po ale od za co dla przez był oraz tym",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como foi ao são",
    "ro": "de și în a la cu pe o să că nu din un este mai care pentru au fost sunt ce",
    "ru": "и в не на что с как он по это его но из для был а от к за также",
    "sk": "a v na sa je že o s z do to aj ako ale za by pre sú ktorý jeho",
    "sl": "in je v na da se za so ki pa z ne o po tudi bi od še s kot",
    "sq": "të e në dhe që për me një nga është ka se më do si por edhe nuk",
    "sr": "и је у на да се за од су ће који како што није са из би",
    "sv": "och i att det som en på är av för med till den har inte de om ett han var också",
    "sw": "na ya wa kwa ni katika za la kuwa hiyo huo pia cha kama alisema",
    "tl": "ng sa ang na mga at ay ni si para ito niya hindi kung siya",
    "tr": "ve bir bu da de için ile olarak çok daha gibi olan ne kadar sonra dedi ancak",
    "uk": "і в не на що з як він це до та його але за від для про також є",
    "ur": "کے کی میں ہے اور سے کو کا نے پر یہ کہ ہیں بھی تھا",
    "uz": "va bu bilan uchun ham bir edi deb shu lekin qilish boʻyicha",
    "vi": "và của là có không được cho một những trong với các đã người này để khi",
    "ar": "في من على أن إلى عن مع التي الذي هذا هذه ما كان قال لا بين",
    "xh": "ukuba kunye kwaye xa le kodwa loo kwi nge",
    "zu": "ukuthi futhi uma kodwa ngoba noma nge kanye lo kusho le kule",
    "hi": "के में की है और से को का ने पर यह कि हैं भी नहीं",
    "mr": "आहे आणि या त्या नाही होते केली करण्यात तर हे मध्ये",
    "ne": "छ र को मा ले भएको गरेको पनि यो हुन् छन्",
    "ps": "د په او چې له ته کې دی یې سره",
    "ckb": "لە و بۆ کە بە ئەو لەگەڵ دەکات",
}  # fmt: skip
_WORDS: dict[str, list[str]] = {}
for _code, _table in _STOP_WORDS.items():
    for _word in _table.split():
        _WORDS.setdefault(_word, []).append(_code)

# Languages whose stop words make up less than 0.17 of any other's text (a Spanish text has 0.35 of Catalan's).
_UNMISTAKABLE = {code: frozenset(_STOP_WORDS[code].split()) for code in ("en", "de")}
# First word of a letter's Unicode name → the language that alone is written in it, or those that share it.
_SCRIPTS = {
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "GREEK": "el", "HEBREW": "he", "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn",
    "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa", "ORIYA": "or", "SINHALA": "si", "BENGALI": "bn",
    "ETHIOPIC": "am", "TIBETAN": "bo", "THAANA": "dv", "MONGOLIAN": "mn", "CJK": "zh",
}  # fmt: skip
_SHARED_SCRIPTS = {
    "DEVANAGARI": ("hi", "mr", "ne"),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "mn", "ky", "tg", "tt"),
    "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "ug", "sd"),
}
_PAGES_OWN = {"BENGALI": ("bn", "as"), "ETHIOPIC": ("am", "ti"), "HEBREW": ("he", "yi"), "CJK": ("zh", "ja", "ko")}

# https://www.iana.org/assignments/language-subtag-registry: deprecated codes, and what sites write instead of codes
_CODES = {"iw": "he", "in": "id", "ji": "yi", "sh": "sr", "mo": "ro", "cz": "cs", "dk": "da",
          "jp": "ja", "kr": "ko", "cn": "zh", "tw": "zh", "gr": "el", "ua": "uk", "se": "sv", "vn": "vi", "english": "en",
          "german": "de", "deutsch": "de", "french": "fr", "spanish": "es", "korean": "ko", "japanese": "ja",
          "chinese": "zh", "russian": "ru"}  # fmt: skip
_VIETNAMESE = re.compile("[ấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]")  # two marks on a letter; Yoruba and Igbo have single ones
_SAME = {"no": "nb", "fil": "tl"}  # two codes of one language: the page's choice is kept
_CODE = re.compile(r"[a-z]{2,3}(?![a-z])|[a-z]{4,8}$")
_WORD = re.compile(r"""[^\s\d.,;:!?…"“”„«»‘’()\[\]|/।؟،–—_-]+""")  # \w would cut Hindi at its vowel signs
_SAMPLE = 1400
"""Characters of the text that are looked at."""
_CLEAR = 0.22
"""Share of a text's words that tells it to be in an unmistakable language."""
_LAST_LATIN = "\u024f"
_BEYOND_LATIN = re.compile("[\u0250-\u1fff\u2070-\U0010ffff]")  # but for dashes, quotation marks and spaces
_FEWEST = 8
"""Stop words without which a text's language is not told by them."""


def candidates(view: View) -> Iterator[Candidate[str]]:
    if view.language:
        yield Candidate(view.language, "site rule", 7)
    declared = list(_declared(view))
    told = told_by_text(_sample(view), [_SAME.get(code, code) for _, code in declared])
    if told:
        yield Candidate(told, "text", 5)
    for rank, (origin, code) in enumerate(declared):
        # What the text is not in cannot be its language; where the text tells nothing the page's word counts.
        agrees = told is None or _SAME.get(code, code) == told
        yield Candidate(code, origin, 6 - rank / 10 if agrees else 2 - rank / 10)


def _declared(view: View) -> Iterator[tuple[str, str]]:
    """What the page says, most telling first: JSON-LD and `<html lang>` before a server's header."""
    root = view.document.tree.root
    meta = view.structured
    places = [
        ("html lang", root.attributes.get("lang") or root.attributes.get("xml:lang") if root is not None else None),
        ("json-ld inLanguage", next(iter(texts(view.json_ld.get("inLanguage"))), None)),
        ("og:locale", meta.first("og:locale", "article:language")),
        ("meta language", meta.first("inlanguage", "dc.language", "dcterms.language", "language")),
        ("content-language", meta.first("content-language")),
        ("feed", view.link.language if view.link else None),
    ]
    for origin, value in places:
        if value and (code := primary(value)):
            yield origin, code


def primary(tag: str) -> str | None:
    """The primary language of a tag (BCP 47) or of what sites write for one; None for what is no language.

    >>> primary("en-GB"), primary("zh_Hant_TW"), primary("iw"), primary("{{lang}}"), primary("x-default")
    ('en', 'zh', 'he', None, None)
    """
    found = _CODE.match(tag.strip().lower())
    if not found:
        return None
    code = _CODES.get(found[0], found[0])
    return code if len(code) in (2, 3) and code not in ("und", "mul", "zxx", "xx") else None


def told_by_text(text: str, declared: list[str]) -> str | None:
    """The language of a text by its script and its stop words; None if neither tells.

    `declared` are the languages that the page claims: in case of doubt they are right.

    >>> told_by_text("북한 시장의 쌀값이 오르고 있다고 소식통이 전했다", []), told_by_text("OK 123", ["en"])
    ('ko', None)
    """
    script = _script(text)
    if script is None:
        return None
    if language := _SCRIPTS.get(script):
        return next((code for code in declared if code in _PAGES_OWN.get(script, ())), language)
    text = text.casefold()
    for code in declared:
        if (own := _UNMISTAKABLE.get(code)) and _is_clear(text.split(), own):
            return code  # most pages: no need to count the others
    # Vietnamese writes syllables apart, so that its stop words are a small share; but no other language has its letters.
    if script == "LATIN" and 50 * len(_VIETNAMESE.findall(text)) > len(text):
        return "vi"
    allowed = _SHARED_SCRIPTS.get(script)
    words = _WORD.findall(text)
    counts = Counter(code for word in words if word in _WORDS for code in _WORDS[word])
    if allowed:
        counts = Counter({code: counts[code] for code in allowed if code in counts})
    best, most = max(sorted(counts.items()), key=lambda item: item[1], default=("", 0))
    for code in declared:
        # Neighbours (da/nb, hr/sr/bs, id/ms) share most of their words: a page that names one of them knows better.
        if counts[code] >= max(_FEWEST / 2, 0.75 * most) or (code not in _STOP_WORDS and code in (allowed or ())):
            return code
    if most >= max(_FEWEST, 0.16 * len(words)):
        return best
    return allowed[0] if allowed and not any(code in allowed for code in declared) else None


def _is_clear(words: list[str], own: frozenset[str]) -> bool:
    """Whether a language's own words are a share of a text that they are of no other language's."""
    return sum(map(own.__contains__, words)) > max(_FEWEST, _CLEAR * len(words))


def _script(text: str) -> str | None:
    """The script of most letters; kana or hangul among Chinese characters make it Japanese or Korean."""
    sample = text[-_SAMPLE // 4 :]
    if not _BEYOND_LATIN.search(sample):
        return "LATIN" if any(map(str.isalpha, sample)) else None
    letters = [char for char in sample if char.isalpha()]
    others = [char for char in letters if char > _LAST_LATIN]
    counts = Counter(unicodedata.name(char, "?").partition(" ")[0] for char in others)
    counts["LATIN"] += len(letters) - len(others)
    if not letters:
        return None
    kana, total = counts["HIRAGANA"] + counts["KATAKANA"], counts.total()
    if counts["CJK"] and kana * 10 > counts["CJK"]:
        return "HIRAGANA" if kana + counts["CJK"] > total / 3 else counts.most_common(1)[0][0]
    # A few names in Latin letters do not make a Korean text English; but one letter of three must be of the script.
    best, most = max(sorted(counts.items()), key=lambda item: item[1] * (1.0 if item[0] == "LATIN" else 1.5))
    return best if most * 3 > total else None


def _sample(view: View) -> str:
    """Running text of the page: the longest paragraphs up to a few thousand characters, with the headline."""
    blocks = [block for block in view.layout.blocks if len(block.text) > 60 and block.link_chars * 2 < len(block.text)]
    longest = sorted(blocks, key=lambda block: -len(block.text))[:8]
    if sum(len(block.text) for block in longest) < 200:
        longest += view.layout.blocks[:60]
    return "\n".join([view.headline, *(block.text[:400] for block in longest)])[:_SAMPLE]
