"""Check my site, against pages of all kinds from a real server on this machine."""

import idna
import pytest
from django.utils import timezone

from agents.outside import guarded_client
from widgets import actions
from widgets.install import embed, site_check, site_policy
from widgets.refusals import Refused

from .strange_sites import Site


@pytest.fixture
def site():
    running = Site()
    yield running
    running.stop()


@pytest.fixture
def ours(widget):
    """A widget whose list has the site's address."""
    actions.set_domains(widget, ["localhost", "example.com"], by=None)
    return widget


@pytest.fixture
def look(site, ours):
    """Puts a page up and looks at it; the findings by name."""

    def check(body=None, path="/", **headers):
        site.put(path, f"<html><body>{embed.tag(ours) if body is None else body}</body></html>", **headers)
        report = site_check.check_site(
            ours, f"http://localhost:{site.port}{path}", fetch=lambda url: guarded_client.fetch(url, private=True)
        )
        return {finding.check: finding for finding in report.findings}

    return check


OURS = "http://localhost:8000"


def test_a_good_page_is_good_in_every_respect(look):
    found = look()
    assert {name: one.level for name, one in found.items()} == dict.fromkeys(
        ["reachable", "https", "domain", "tag", "script", "frame", "microphone"], "ok"
    )


def test_a_report_is_as_good_as_its_worst_finding(ours):
    ok, warn, bad = (site_check.Finding("tag", level, "…") for level in ("ok", "warn", "bad"))
    levels = [site_check.Report("", None, findings).level for findings in ((ok,), (ok, warn), (warn, bad, ok))]
    assert levels == ["ok", "warn", "bad"]


# ── The tag ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "level", "word"),
    [
        ("<p>Nothing</p>", "bad", "not on this page"),
        ("{tag}{tag}", "warn", "2 times"),
        ('<script async src="//localhost:8000/widget/{code}.js?v=1"></script>', "ok", "once"),
        ('<base href="http://localhost:8000/"><script src="widget/{code}.js"></script>', "ok", "once"),
        (f'<script src="{OURS}/widget/{"x" * 43}.js"></script>', "bad", "another code"),
        (f'{{tag}}<script src="{OURS}/widget/{"x" * 43}.js"></script>', "warn", "another widget"),
        ("<!-- {tag} -->", "bad", "commented out"),
        ("<template>{tag}</template>", "bad", "not on this page"),
        ("<noscript>{tag}</noscript>", "bad", "not on this page"),
        ('<script type="text/plain" data-category="marketing" src="{url}"></script>', "warn", "cookie banners"),
        ('<script integrity="sha384-abc" src="{url}"></script>', "bad", "checksum"),
        ("<iframe sandbox srcdoc='{tag}'></iframe>", "bad", "box of its own"),
        ('<script>var u="{url}"</script>', "bad", "not on this page"),
        ('<script src="https://www.googletagmanager.com/gtm.js?id=GTM-X"></script>', "warn", "Tag Manager"),
        ('<script src="https://evil.example/widget/{code}.js"></script>', "bad", "not on this page"),
    ],
)
def test_the_tag_is_found_once_with_the_right_code_or_it_is_said_what_is_wrong(look, ours, body, level, word):
    written = (
        body.replace("{tag}", embed.tag(ours)).replace("{url}", embed.script_url(ours)).replace("{code}", ours.code)
    )
    found = look(written)["tag"]
    assert found.level == level and word in found.sentence
    assert found.level == "ok" or found.todo


def test_a_missing_tag_comes_with_the_one_to_copy(look, ours):
    assert look("")["tag"].lines == (embed.tag(ours),)


# ── Content-Security-Policy ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.long
@pytest.mark.parametrize(
    ("policy", "script", "frame"),
    [
        ("", "ok", "ok"),
        ("img-src 'none'", "ok", "ok"),
        ("default-src 'self'", "bad", "bad"),
        ("default-src *", "ok", "ok"),
        ("default-src http:", "ok", "ok"),
        (f"default-src 'self' {OURS}", "ok", "ok"),
        ("default-src localhost:8000", "ok", "ok"),
        ("default-src localhost", "bad", "bad"),
        ("default-src localhost:*", "ok", "ok"),
        ("default-src https:", "bad", "bad"),
        ("default-src https://localhost:8000", "bad", "bad"),
        ("default-src 'none'", "bad", "bad"),
        (f"script-src 'self' {OURS}", "ok", "ok"),
        (f"script-src {OURS}/widget/", "ok", "ok"),
        (f"script-src {OURS}/other/", "bad", "ok"),
        (f"script-src {OURS}/widget", "bad", "ok"),
        (f"script-src 'self'; script-src {OURS}", "bad", "ok"),
        (f"script-src 'self'; script-src-elem {OURS}", "ok", "ok"),
        (f"SCRIPT-SRC {OURS.upper()}", "ok", "ok"),
        ("script-src 'unsafe-inline' 'unsafe-eval'", "bad", "ok"),
        ("frame-src 'self'", "ok", "bad"),
        ("child-src 'self'", "ok", "bad"),
        (f"frame-src {OURS}; child-src 'none'", "ok", "ok"),
        (f"default-src 'none'; script-src {OURS}; frame-src {OURS}", "ok", "ok"),
        (f"script-src {OURS}, script-src 'self'", "bad", "ok"),
        (f"script-src {OURS} 'strict-dynamic'", "bad", "ok"),
        ("script-src 'nonce-abc'", "bad", "ok"),
    ],
)
@pytest.mark.parametrize("where", ["header", "meta"])
def test_a_sites_policy_is_read_as_browsers_read_it(look, ours, policy, script, frame, where):
    if where == "header":
        found = look(**({"Content_Security_Policy": policy} if policy else {}))
    else:
        found = look(f'<meta http-equiv="Content-Security-Policy" content="{policy}">{embed.tag(ours)}')
    assert (found["script"].level, found["frame"].level) == (script, frame)


def test_a_nonce_lets_the_tag_in(look, ours):
    tag = f'<script nonce="abc" src="{embed.script_url(ours)}"></script>'
    assert look(tag, Content_Security_Policy="script-src 'nonce-abc' 'strict-dynamic'")["script"].level == "ok"
    other = look(tag, Content_Security_Policy="script-src 'nonce-xyz' 'strict-dynamic'")["script"]
    assert other.level == "bad" and "nonce" in other.lines[0]


def test_the_line_to_add_is_the_sites_own_with_our_origin_and_opens_nothing_else(look):
    found = look(Content_Security_Policy="default-src 'self' https://cdn.example; frame-src 'none'")
    assert found["script"].lines == (f"script-src 'self' https://cdn.example {OURS}",)
    assert found["frame"].lines == (f"frame-src {OURS}",)


@pytest.mark.parametrize("policy", ["default-src 'self'", "script-src 'none'; frame-src 'none'", "child-src a.example"])
def test_a_page_that_does_as_told_is_let_in(look, policy):
    found = look(Content_Security_Policy=policy)
    told = [line for check in ("script", "frame") for line in found[check].lines]
    held = [f"{name} {' '.join(sources)}" for name, sources in site_policy.parse(policy)[0].items()]
    kept = [line for line in held if line.split()[0] not in {line.split()[0] for line in told}]
    again = look(Content_Security_Policy="; ".join(told + kept))
    assert (again["script"].level, again["frame"].level) == ("ok", "ok")


def test_a_page_in_a_sandbox_of_its_own_is_told_apart(look):
    assert look(Content_Security_Policy="sandbox allow-scripts")["sandbox"].level == "bad"
    assert "sandbox" not in look(Content_Security_Policy="sandbox allow-scripts allow-same-origin")


def test_a_page_that_isolates_itself_lets_the_card_in(look):
    assert look(Cross_Origin_Embedder_Policy="require-corp")["frame"].level == "ok"


# ── The microphone ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "level"),
    [
        ("microphone=()", "bad"),
        ("microphone=(self)", "bad"),
        (f'microphone=("{OURS}")', "bad"),
        (f'microphone=(self "{OURS}")', "ok"),
        ("microphone=*", "ok"),
        ("microphone=(*)", "ok"),
        ("camera=(), geolocation=(self)", "ok"),
        (f'camera=(), microphone=(self "https://a.example" "{OURS}"), usb=()', "ok"),
        ("camera=(), microphone=(), usb=()", "bad"),
    ],
)
def test_the_microphone_is_open_to_the_card_or_the_header_to_send_is_told(look, header, level):
    found = look(Permissions_Policy=header)["microphone"]
    assert found.level == level
    if level == "bad":
        assert found.lines[0].startswith("Permissions-Policy: microphone=(self")
        told = found.lines[0].partition(": ")[2]
        assert look(Permissions_Policy=told)["microphone"].level == "ok"


def test_the_headers_old_name_counts_where_the_new_one_is_absent(look):
    assert look(Feature_Policy="microphone 'none'")["microphone"].level == "bad"
    assert look(Feature_Policy="microphone 'none'", Permissions_Policy="microphone=*")["microphone"].level == "ok"


# ── The page itself ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_site_that_is_not_on_the_list_is_told(look, ours):
    actions.set_domains(ours, ["example.com"], by=None)
    assert look()["domain"].level == "bad"


def test_a_page_that_only_wraps_another_site_is_told(look):
    found = look('<iframe src="https://other.example/shop"></iframe>')
    assert found["sandbox"].level == "warn" and "other.example" in found["sandbox"].sentence


@pytest.mark.parametrize(
    ("status", "kind", "level"),
    [(404, "text/html", "bad"), (500, "text/html", "bad"), (401, "text/html", "warn"), (200, "application/pdf", "bad")],
)
def test_what_is_no_page_is_not_judged(look, status, kind, level):
    found = look(status=status, Content_Type=kind)
    assert list(found) == ["reachable"] and found["reachable"].level == level


@pytest.mark.parametrize(
    ("code", "check", "level"),
    [
        ("ADDRESS", "reachable", "bad"),
        ("HTTPS_ONLY", "https", "bad"),
        ("CERTIFICATE", "https", "bad"),
        ("PRIVATE", "reachable", "warn"),
        ("UNKNOWN_NAME", "reachable", "bad"),
        ("UNREACHABLE", "reachable", "bad"),
        ("REDIRECTS", "reachable", "bad"),
        ("TOO_SLOW", "reachable", "warn"),
        ("NOT_HTTP", "reachable", "bad"),
    ],
)
def test_a_page_that_cannot_be_fetched_is_one_finding_with_words(ours, code, check, level):
    def fetch(url):
        raise guarded_client.NotFetched(code, url)

    report = site_check.check_site(ours, "shop.example.com", fetch=fetch)
    (found,) = report.findings
    assert report.unseen is (check == "reachable")
    assert (found.check, found.level) == (check, level) and found.sentence and found.todo
    assert code not in found.sentence


def test_an_address_without_a_scheme_means_https(ours):
    asked = []

    def fetch(url):
        asked.append(url)
        raise guarded_client.NotFetched("UNREACHABLE", url)

    site_check.check_site(ours, " shop.example.com/contact ", fetch=fetch)
    site_check.check_site(ours, "http://shop.example.com", fetch=fetch)
    site_check.check_site(ours, "localhost:9100", fetch=fetch)
    site_check.check_site(ours, "localhost.example.com", fetch=fetch)
    assert asked == [
        "https://shop.example.com/contact",
        "http://shop.example.com",
        "http://localhost:9100",
        "https://localhost.example.com",
    ]


def test_a_tag_that_the_site_loads_is_not_missed_in_the_page_itself(ours, look, site):
    ours.seen_at, ours.seen_host = timezone.now(), f"localhost:{site.port}"
    found = look("<p>Nothing</p>")["tag"]
    assert found.level == "warn" and "a script may add it" in found.sentence
    ours.rotated_at = timezone.now()
    assert look("<p>Nothing</p>")["tag"].level == "bad"


def test_as_things_are_set_a_private_site_is_not_looked_at(ours, site):
    (found,) = site_check.check_site(ours, f"https://10.0.0.7:{site.port}/").findings
    assert "private network" in found.sentence and site.asked == []


@pytest.mark.parametrize("address", ["localhost:{port}/", "http://127.0.0.1:{port}/demo/", "https://localhost:{port}/"])
def test_a_local_page_is_not_fetched_and_not_called_hopeless(ours, site, address):
    actions.set_domains(ours, ["localhost", "127.0.0.1"], by=None)
    report = site_check.check_site(ours, address.format(port=site.port))
    assert [(one.check, one.level) for one in report.findings] == [
        ("reachable", "warn"),
        ("https", "ok"),
        ("domain", "ok"),
    ]
    assert report.unseen and report.level == "warn" and site.asked == []
    assert "not fetched from here" in report.findings[0].sentence


def test_a_local_page_that_is_not_listed_says_so_without_being_fetched(ours, site):
    actions.set_domains(ours, ["example.com"], by=None)
    found = {one.check: one for one in site_check.check_site(ours, f"localhost:{site.port}/").findings}
    assert found["domain"].level == "bad" and site.asked == []


def test_the_products_own_demo_is_looked_at_though_it_is_local(ours, site):
    site.put("/demo/", f"<html><body>{embed.tag(ours)}</body></html>")
    own = f"http://localhost:{site.port}"
    report = site_check.check_site(ours, f"{own}/demo/", own_site=own)
    assert report.level == "ok" and [path for path, _host in site.asked] == ["/demo/"]


def test_umlauts_are_shown_as_people_type_them(ours):
    def fetch(url):
        raise guarded_client.NotFetched("UNREACHABLE", "https://" + idna.encode("zahnärzte").decode() + ".example/")

    (found,) = site_check.check_site(ours, "zahnärzte.example", fetch=fetch).findings
    assert "zahnärzte.example" in found.sentence


def test_a_widget_is_checked_some_times_a_minute_and_then_refused(ours):
    def fetch(url):
        raise guarded_client.NotFetched("UNREACHABLE", url)

    for _time in range(site_check.CHECKS_A_MINUTE):
        site_check.check_site(ours, "example.com", fetch=fetch)
    with pytest.raises(Refused):
        site_check.check_site(ours, "example.com", fetch=fetch)
