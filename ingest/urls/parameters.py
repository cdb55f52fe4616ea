"""Query parameters that say how a reader came or how the page is dressed, not what the page is.

Names are in lower case. Read side by side, since none of them knows more than three quarters of what the links of real
news pages carry:

- Firefox: https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/query-stripping/records
- Brave: https://github.com/brave/brave-core/blob/master/components/query_filter/utils.cc
- AdGuard: https://github.com/AdguardTeam/AdguardFilters/tree/master/TrackParamFilter
- ClearURLs: https://docs.clearurls.xyz/
- newsrooms' own links and feeds, named at their blocks

Never in `NOISE`: id no seq num cid sid uid eid nid key v p, or another name that is an article's somewhere.
"""

from __future__ import annotations

import re

# Families of names; each belongs to one tool, so the prefix is enough.
PREFIXES = re.compile(
    r"""utm_ | utm-               # https://support.google.com/analytics/answer/1033863
    | hsa_ | _hs | __hs           # HubSpot
    | mtm_ | matomo_ | piwik_ | pk_  # https://matomo.org/faq/reports/what-is-campaign-tracking/
    | at_                         # Piano, AT Internet: BBC, France Médias Monde, Le Monde
    | ns_                         # comScore: BBC, Mail Online
    | wt_ | wt\.                  # Webtrekk, Webtrends: Die Zeit, heise, The Telegraph
    | lmd_                        # Le Monde
    | sara_                       # Der Spiegel
    | itm_ | stm_ | guce_ | guccounter | gaa_ | hss_ | dm_ | oly_ | vero_ | bsft_ | elq | sfmc_ | ml_subscriber
    | mindbox | klaviyo_ | iterable | omnisend | trk_ | spm_ | cm_mmc | pf_rd_ | pd_rd_ | fb_ | nb_expid
    | sf\d{6,}$                   # SocialFlow: sf270000000=1
    | amp_ | aoh$ | __cf_chl | cf_chl | wpcf- | pinned_post_ | relatedposts_ | share_ | _branch_ | vgo_ | zarsrc
    """,
    re.VERBOSE,
)

_ADVERTISERS = """
    adclickid admitad_uid aff_sub afftrack algo_expid algo_pvid ascsubtag awc cjdata cjevent clickid click_id dclid dicbo
    ef_id epik erid fbclid gad_campaignid gad_source gbraid gclid gclsrc gdffi gdfms gdftrk irclickid irgwc li_fat_id matchtype
    mkcid mkevt mkrid mkwid msclkid ndclid obclid ob_click_id obOrigUrl pcrid qclid rb_clickid rdt_cid s_kwcid sccid
    scclid srsltid sscid tblci tduid toolid ttadid ttclid twclid wbraid wickedid wickedsource yadclid yadordid yclid ymclid
    ysclid zanpid _kx _openstat _ttp action_object_map action_ref_map action_type_map igshid igsh mibextid rdid extid sfnsn
    __tn__ __xts__ __twitter_impression
"""

_MAILERS = """
    __s _bta_c _bta_tid _ke bxid ck_subscriber_id cndid cmpid ddw em_source email_referrer email_source emc emcid
    esrc et_cid et_rid ev_subscriber goal_cid hasha hashb hashc hsctatracking inf_contact_key mbid mc_cid
    mc_eid mc_phishing_protection_id mkt_tok mlcid nr_email_referer s_cid sailthru_id sc_campaign
    sc_channel sc_cid sc_content sc_country sc_customer sc_eh sc_geo sc_lid sc_llid sc_medium sc_outcome sc_src sc_uid
    sg_sessionid sp_mid sp_rid spjobid spmailingid spreportid spuserid user_email_address xmt _zs
"""

_SHARE_BUTTONS = """
    addtoany ampshare cn-reloaded cuid_share echobox fsrc feature_share hootpostid is_copy_url is_from_webapp isappinstalled
    link_source mp_share nsukey ref_src ref_url refsrc referer referrer referringsource replytocom sender_device
    shareadraft sharesource sharetype shareuid shareuserid smid smprod smtyp soc_src soc_trk socialshare social_share
    spm sr_share sref tt_content tt_from tt_medium traffic_source ulnref usqp utm vd_source wxshare xing_share zd_source
"""

_ANALYTICS = """
    _ga _gac _gl adobe_mc adobe_mc_ref adobe_mc_sdid ga_campaign ga_content ga_medium ga_source ga_term gs_l int_campaign
    int_content int_medium int_source int_term internal_campaign intcid intcmp intlink_from link_location trackingcode
    tracking_id tracking_source trackingid trk trkcampaign trkid trkinfo tsource xtcr xtmc xtnp xtor xtref xts
"""

_NEWSROOMS = """
    __source _fr _r ab_channel arc_src assettype bezuggrd bcmt clicksource cmp cmp_bunit cmpre cmptrack contentcollection cvid
    djem dowjones etear feedname feedtype feedref ftag ftcamp gepc gnewsid hpid hptype ico icid icmp iesrc iref irefindex
    itid ito itm jnlid kpromo leadsource linkorigin maca mktcid mktcval mktci modapt mref n_cid ncid ncmp
    newsfeed nicl ocid onwardjourney origincode origref partnerref pgtype pn_cid printarticle promo_src
    promoref rcmd refcode reflink refmod refpage reftrack ref_type rss_feed rssfeed s_campaign searchresultposition
    smi srnd srctype ssm ssource taid tblsrc tpcc trc tsrc .tsrc wpisrc wpmk wpmm wprss wtmc wtrid wt.rss_f
    xcmg xcust x_campaign x_source zx
"""  # CNN iref, Asahi iref, MarketWatch tpcc, WSJ mod, Mail ito ico, Nikkei n_cid, DW maca, NZZ mktcid, El País ssm, FAZ gepc

_READERS_STATE = """
    akamai-rum cachebuster cache_bust cb_nocache cfid cftoken cookieconsent cookie_consent doing_wp_cron fromamp gdpr gdpr_consent jsessionid
    noamp nonamp nocache no_cache _nocache noredirect no_redirect pagespeed phpsessid s_session sessionid
    session_id session-id viewsessionid zenid
"""

NOISE = frozenset(
    name.lower()
    for block in (_ADVERTISERS, _MAILERS, _SHARE_BUTTONS, _ANALYTICS, _NEWSROOMS, _READERS_STATE)
    for name in block.split()
)

# Names that are an article's in one place and a campaign's in another: noise where the value begins with a word, as in
# ref=hl, source=rss, from=nl_20240131, src=https://t.co/x; kept in ref=1, source=a1b2.
NOISE_WITH_A_WORD = frozenset(
    "campaign embed_source from fromtype medium newsletter nl origin partner rcmd_source ref referral rss share site_source source src "
    "srcref via".split()
)
WORD = re.compile(r"@?[^\W\d_]{2,}(?:[\s\W_].*)?", re.DOTALL)
# Noise where the path alone names a story; go.microsoft.com/fwlink?linkid=1, archive.php?newsletterid=1 and
# forum.php?mod=viewthread&tid=1 are addresses.
NOISE_ON_A_STORY = frozenset(
    "campaignid ei gi linkid link_id mail_id mailid mod newsletterid nl_id nlid recipientid rpc sh shareid subscriber_id".split()
)

# The same article dressed otherwise.
FLAGS = frozenset(
    "_amp amp desktop fullpage fullview hs_amp is_amp is_mobile isamp ismobile isprint mobile nb onepage pf print print_view printable "
    "printer printer_friendly printerfriendly printerversion printversion printview rss showall single_page singlepage".split()
)
FLAG = re.compile(r"|[01yn]|true|false|yes|no|on|off|amp|print|mobile|desktop|html?", re.IGNORECASE)
DRESSES = frozenset(
    "action amp-content ampmode device display do format layout mode output output_type outputtype page pagetype pagewanted print service show "
    "skin style template theme tmpl tpl type variant version view".split()
)
DRESS = re.compile(
    r"amp(?:-\w+)?|print(?:able|er|ed|article|friendly|preview|version|[_-]?view)?|(?:single|one|full|all)[_-]?pages?",
    re.IGNORECASE,
)
# "type=mobile" and "page=all" are sections somewhere, "view=mobile" is not.
DRESS_BY_NAME = {
    "device": re.compile("mobile|phone|smartphone|tablet|touch|desktop|pc", re.IGNORECASE),
    "display": re.compile("mobile|smartphone|touch|desktop|full", re.IGNORECASE),
    "layout": re.compile("mobile|smartphone|touch|desktop", re.IGNORECASE),
    "page": re.compile("all|with:block-.*", re.IGNORECASE),  # with:block-… is a place in a live blog of The Guardian
    "pagewanted": re.compile("all", re.IGNORECASE),
    "template": re.compile("mobile|smartphone|touch", re.IGNORECASE),
    "theme": re.compile("mobile|smartphone|touch", re.IGNORECASE),
    "tmpl": re.compile("component", re.IGNORECASE),  # Joomla's print view
    "version": re.compile("mobile|touch|desktop", re.IGNORECASE),
    "view": re.compile("mobile|touch|desktop|classic|full", re.IGNORECASE),
}

# What only one publisher's sites mean by a name; looked up by registrable domain.
NOISE_BY_SITE = {
    site: frozenset(names.split())
    for sites, names in (
        ("twitter.com x.com", "s t cxt cn"),
        ("youtube.com youtu.be", "si feature pp t start"),
        ("instagram.com", "hl img_index"),
        ("facebook.com", "_rdr paipv eav refid"),
        ("linkedin.com", "lipi licu rcm"),
        ("reddit.com", "rdt"),
        ("medium.com", "source sk"),
        ("bilibili.com", "t p_source buvid is_story_h5 mid plat_id timestamp unique_k up_id"),
        ("yna.co.kr yonhapnews.co.kr yonhapnewstv.co.kr", "section site input did"),
        ("joongang.co.kr joins.com", "cloc detailword"),
        ("koreatimes.co.kr", "dw fa fl kk na rd"),
        ("nknews.org nkpro.com kcnawatch.org kcnawatch.xyz", "t"),
        ("haaretz.com", "lts"),
        ("naver.com", "sid cds lfrom rc ntype"),
        ("daum.net", "f x_trkm"),
        (
            "nytimes.com",
            "action campaign_id hp instance_id module nl regi_id region rref segment_id te unlocked_article_code user_id",
        ),
        ("washingtonpost.com", "tid nid carta-url"),
        ("bloomberg.com", "in_source"),
        ("wsj.com marketwatch.com barrons.com", "mod st siteid"),
        ("theguardian.com", "filterkeyevents"),
        ("nbcnews.com today.com msnbc.com cnbc.com go.com cnn.com", "cid iid par"),
        ("time.com people.com fortune.com", "iid xid did hid"),
        ("msn.com", "pc"),
        ("reuters.com", "il edition-redirect"),
        ("independent.co.uk", "r"),
        ("elmundo.es marca.com welt.de", "cid s_kw"),
        ("sueddeutsche.de nzz.ch", "reduced"),
        ("scmp.com", "module"),
        ("axios.com", "stream"),
    )
    for site in sites.split()
}
