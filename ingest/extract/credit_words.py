"""The words and names by which credits are told from captions: labels ("Foto:"), agencies, houses, in many languages.

Tables only; `captions.py` and `caption_text.py` say what they decide.
"""

from __future__ import annotations

import re

from ingest.extract.alternation import one_of

# Nouns that announce a credit when a colon (or "=", "by", "von" …) follows. Compound ones ("Archivfoto", "Bildquelle",
# "Photo credit") are made from them below.
LABEL_WORDS = """
photo photos photograph photographs photography picture pictures pic pics image images illustration illustrations
graphic graphics infographic credit credits source sources copyright video videos screenshot screengrab artwork collage
composite cartoon drawing rendering
foto fotos bild bilder grafik grafiken montage fotomontage karikatur zeichnung quelle quellen bildrechte bildnachweis
nachweis illustrationen skizze visualisierung simulation animation
photographie crédit crédits infographie dessin visuel montage
fotografía fotografías imagen imágenes crédito créditos fuente fuentes ilustración gráfico infografía captura vídeo
fotografia fotografie imagem imagens fonte fontes ilustração arte reprodução divulgação
immagine immagini illustrazione grafica
foto's beeld beelden bron fotografie illustratie
bilde bilder illustrasjon illustration arkivfoto kilde kilder skjermdump fotograf fotografi fotografer
kuva kuvat lähde kuvaaja grafiikka ljósmynd ljósmyndir mynd myndir skjáskot
zdjęcie zdjęcia fot źródło grafika zdroj autor fotó forrás kép fotók sursă sursa imagine
φωτογραφία φωτογραφίες φωτό φωτο φωτ πηγή εικόνα
фото фотография фотографии источник иллюстрация коллаж скриншот инфографика рисунок изображение кадр видео
світлина джерело ілюстрація колаж зображення інфографіка знімок снимка снимки илюстрация источник фотограф
извор слика слике izvor slika slike fotografija
fotoğraf fotoğraflar görsel kaynak fotoqraf şəkil mənbə
ảnh nguồn hình gambar sumber dok dokumentasi larawan picha isithombe izithombe isifanekiso sawir
nuotr nuotrauka nuotraukos foto fotod attēls avots ფოტო լուսանկարը
صورة الصورة الصور صور تصوير المصدر مصدر عکس منبع تصویر תמונה תמונות צילום צילומים קרדיט מקור איור
फोटो फ़ोटो तस्वीर स्रोत साभार छायाचित्र ছবি சூழ் படம் ఫోటో ചിത്രം ภาพ ที่มา เครดิต រូបភាព ဓာတ်ပုံ
图 图片 图源 图片来源 图片提供 来源 摄影 供图 圖 圖片 圖片來源 來源 攝影 攝 資料圖片 圖源 圖取自
写真 画像 出典 撮影 提供 資料写真 イラスト 사진 사진출처 사진제공 이미지 출처 그래픽 자료사진 영상 캡처 제공
""".split()
# What may stand before such a noun within one label: "Archivfoto", "file photo", "Lead image credit", "사진 출처".
_PREFIXES = (
    r"archiv|symbol|beispiel|themen|titel|vorschau|teaser|agentur|porträt|bild|foto|screen|arkiv|archief|arquivo|"
    r"main|lead|source|photo|cover|top|featured?|header|banner|thumbnail|file|stock|handout|"
    r"courtesy|press|presse|crédits?|credits?|título|foto-?|sursă|sursa|źródło|zdroj|forrás|fuente|fonte|kaynak|πηγή|"
    r"사진|이미지"
)
PREFIX = rf"(?:{one_of(_PREFIXES)}[\s-]?)?"
SUFFIX = (
    r"(?: (?:d['’](?:illustrations?|archives?)|de archivo|ilustrativ[ao]|ilustrativă|ilustrační|ilustracyjne|poglądowe|illusztráció|ilustrasi|simbol|iz arhive|tư liệu|minh h[oọ]ạ?))?"
    r"(?:[\s-]?(?:credits?|source|courtesy|copyright|copyrights|nachweis|quelle|rechte|autor|agentur|bron|"
    r"출처|제공|kaynağı|by))?"
)
_LABEL_NOUN = one_of("|".join(sorted(map(re.escape, set(LABEL_WORDS)), key=lambda w: (-len(w), w))))
LABEL = rf"{PREFIX}{_LABEL_NOUN}{SUFFIX}(?:\(s\))?\.?"
# "Photo by X" and its kin: without a colon the noun must be capitalised or open a bracket, so that running text
# ("a photo by her brother") is left alone.
BY = (
    r"(?:by|von|de|du|d[’']|di|da|do|av|af|door|by:|courtesy of|courtesy|via|from|cedida por|cortesía de|per|par|od|от)"
)
BY_NOUN = r"(?:Photos?|Photographs?|Photography|Pictures?|Images?|Illustrations?|Graphics?|Videos?|Artwork|Fotos?|Fotografías?|Bild(?:er)?|Ilustración|Illustration|Collage|Composite|Screenshot|Drawing)"

SIGN = r"(?:©|ⓒ|Ⓒ|（[CcＣｃ]）|\([Cc]\)|&copy;|\bCopyright\b(?:\s*(?:©|\([Cc]\)))?)"
# One of these stands in what SIGN is found in.
SIGNS = ("©", "ⓒ", "Ⓒ", "opyright", "OPYRIGHT", "&copy;", "(c)", "(C)", "（c", "（C", "（ｃ", "（Ｃ")

# Agencies, picture libraries and the like, as they appear in credits of many countries. A known one makes a credit of
# what bears no mark. Compared as whole words, case as printed (folded for those of two words or more).
AGENCIES = """
AFP|AP|AP Photo|Associated Press|Reuters|REUTERS|dpa|DPA|EPA|EFE|ANSA|APA|SDA|ATS|Keystone|KEYSTONE|Belga|BELGA|ANP|
NTB|Scanpix|SCANPIX|Ritzau|Lehtikuva|LEHTIKUVA|STT|PAP|ČTK|CTK|TASR|MTI|TASS|ТАСС|РИА|РИА Новости|Sputnik|Спутник|УНИАН|
УНІАН|Укрінформ|Ukrinform|Интерфакс|Интерфакс-Украина|Коммерсантъ|AGERPRES|Agerpres|Mediafax|Inquam|Tanjug|Beta|HINA|Hina|
STA|BTA|БТА|LETA|BNS|ELTA|Xinhua|CNS|VCG|IC photo|CFP|CNA|Kyodo|KYODO|Jiji|JIJI|JIJI PRESS|Yonhap|YONHAP|Newsis|News1|
PTI|ANI|IANS|UNI|Antara|ANTARA|Bernama|VNA|TTXVN|VNExpress|MNA|IRNA|ISNA|WAM|SPA|MENA|SANA|Petra|NNA|WAFA|Anadolu|ANADOLU|
Anadolu Agency|Anadolu Ajansı|AA|DHA|İHA|İhlas|Getty|Getty Images|GETTY IMAGES|iStock|iStockphoto|Imago|imago|IMAGO|
imago images|picture alliance|picture-alliance|Picture Alliance|ullstein bild|ddp|Alamy|ALAMY|Shutterstock|SHUTTERSTOCK|
Adobe Stock|AdobeStock|Depositphotos|Dreamstime|123RF|Unsplash|UNSPLASH|Pexels|Pixabay|Flickr|Wikimedia|Wikimedia Commons|
Wikipedia|Creative Commons|Facebook|Instagram|Twitter|TikTok|YouTube|Youtube|Telegram|WhatsApp|LinkedIn|Google|
Sipa|SIPA|Abaca|ABACA|MAXPPP|Hans Lucas|Gamma|Magnum|VII|MaxPPP|PHOTOPQR|Imagoeconomica|IPA Agency|Bildbyrån|BILDBYRÅN|PIXSELL|Pixsell|Cropix|CROPIX|FoNet|EPA-EFE|EFE-EPA|Profimedia|PROFIMEDIA|East News|EAST NEWS|Agencja Wyborcza.pl|Eurokinissi|EUROKINISSI|ΑΠΕ-ΜΠΕ|ΑΠΕ|ROPI|WENN|Contacto|Redes sociales|Courtesy photo|Courtesy Photo|Contributed photo|Contributed Photo|Submitted photo|Submitted Photo|Zuma|ZUMA|Zuma Press|NurPhoto|LightRocket|Redux|Polaris|Corbis|
PA|PA Wire|PA Media|PA Images|Press Association|SWNS|Rex|Rex Features|Splash|Splash News|Backgrid|BACKGRID|Mega|MEGA|
USA Today|USA TODAY Sports|AAP|AAP Image|Photosport|RNZ|Canadian Press|The Canadian Press|CP|Postmedia|Postmedia News|
Bloomberg|Cuartoscuro|Notimex|NOTIMEX|Europa Press|EUROPA PRESS|LaPresse|LAPRESSE|Contrasto|Fotogramma|Agencia Brasil|
Agência Brasil|Folhapress|Estadão|Télam|TELAM|Telam|Andina|Colprensa|Agencia Uno|AgenciaUno|ATON|Aton|Action Images|
Icon Sport|Icon Sportswire|LAT Images|Motorsport Images|Press Eye|INPHO|Sportsfile|GEPA|gepa|Expa|EXPA|Gallo Images|GCIS|
NASA|ESA|NOAA|DVIDS|USGS|CDC|WHO|UN Photo|UNICEF|UNHCR|IAEA|IDF|GPO|CENTCOM|Pool|POOL|HANDOUT|Handout|Screenshot|
Netflix|Disney|BBC|CNN|ITV|Sky|HBO|Warner Bros|Universal|Xinhua News Agency|KCNA|Rodong Sinmun|Daily NK|
新华社|新華社|中新社|视觉中国|人民视觉|中央社|共同|共同通信|時事|時事通信|ロイター|ゲッティ|アフロ|ＡＰ|ＡＦＰ|ＥＰＡ|ＵＰＩ|ロイター時事|
ゲッティ＝共同|ＡＦＰ時事|ＡＰ＝共同|연합뉴스|뉴시스|뉴스1|뉴스원|로이터|로이터연합뉴스|로이터 연합뉴스|AP연합뉴스|AP 연합뉴스|AFP연합뉴스|AFP 연합뉴스|
EPA연합뉴스|EPA 연합뉴스|게티이미지|게티이미지뱅크|게티이미지코리아|셔터스톡|조선중앙통신|조선중앙TV|노동신문|국회사진기자단|사진공동취재단|
رويترز|أ ف ب|أ.ف.ب|فرانس برس|الأناضول|گتی|ایرنا|ایسنا|רויטרס|פלאש 90|Flash90|FLASH90|गेटी|पीटीआई|एएनआई
"""
AGENCY_NAMES = tuple(name.strip() for name in AGENCIES.replace("\n", "").split("|") if name.strip())
AGENCY = re.compile(
    r"(?<![\w.@])" + one_of("|".join(map(re.escape, sorted(AGENCY_NAMES, key=len, reverse=True)))) + r"(?!\w)"
)
# A house by its last word: "The Yomiuri Shimbun", "Vienna Press Agency", "Orion Pictures".
HOUSE = re.compile(
    r"\b(?:Shimbun|Sinmun|Ilbo|Times|Post|News|Press|Herald|Tribune|Chronicle|Gazette|Guardian|Telegraph|Agency|Images|"
    r"Pictures|Photos?|Photography|Archives?|Archiv|Media|Studios?|Productions|Police|Museum|Library|University|Ministry|"
    r"Polizei|Feuerwehr|Bundeswehr|Gemeinde|Agentur|Presse|Agence|Agencia|Agenzia|Ayuntamiento|Supplied|Zvg|zVg|ZVG)\b"
)
AGENCY_CJK = re.compile(
    r"(?:新聞社|通信社|新闻社|通訊社|日报|日報|时报|時報|뉴스|일보|신문|통신|기자단|기자|제공|撮影|提供|摄|攝)$"
)
