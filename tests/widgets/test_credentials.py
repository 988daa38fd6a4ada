"""Grants and tickets, as somebody would try to misuse them."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.utils import timezone

from widgets.admission import credentials
from widgets.admission.credentials import GRANT_S, RENEWABLE_S, TICKET_S, GrantClaims
from widgets.models import SpentTicket
from widgets.refusals import Refused

CODE = "c" * 43
SITE = "https://shop.example.com"
CLAIMS = GrantClaims(CODE, SITE, credentials.EMBED)


def refusal(call, *given):
    with pytest.raises(Refused) as caught:
        call(*given)
    return caught.value.code


def test_a_grant_says_for_which_widget_page_and_purpose_it_was_made():
    assert credentials.read_grant(credentials.make_grant(CODE, SITE)) == CLAIMS


def test_a_grant_is_made_for_a_known_purpose_only():
    with pytest.raises(ValueError, match="is made for"):
        credentials.make_grant(CODE, SITE, "admin")


@pytest.mark.parametrize("garbage", [None, "", 5, [], {}, "x", "a:b:c", "é", "x" * 3000, ".", "::", "\x00", True])
def test_garbage_is_neither_grant_nor_ticket(garbage):
    assert refusal(credentials.read_grant, garbage) == "GRANT_INVALID"
    assert refusal(credentials.read_renewable_grant, garbage) == "GRANT_INVALID"
    assert refusal(credentials.read_ticket, garbage) == "TICKET_INVALID"


def test_a_changed_letter_anywhere_breaks_a_grant():
    grant = credentials.make_grant(CODE, SITE)
    for at in range(len(grant) - 1):  # the last character of base64 holds spare bits
        changed = grant[:at] + ("A" if grant[at] != "A" else "B") + grant[at + 1 :]
        assert refusal(credentials.read_grant, changed) == "GRANT_INVALID"


@pytest.mark.parametrize("salt", ["", "pickup.ticket.1", "pickup.grant.2", "django.core.signing"])
def test_what_we_signed_for_something_else_is_no_grant(salt):
    foreign = signing.TimestampSigner(salt=salt).sign_object({"w": CODE, "o": SITE, "p": "embed"})
    assert refusal(credentials.read_grant, foreign) == "GRANT_INVALID"


def test_a_grant_signed_with_another_key_is_not_ours():
    foreign = signing.TimestampSigner(key="another" * 8, salt="pickup.grant.1").sign_object({"w": CODE, "o": SITE})
    assert refusal(credentials.read_grant, foreign) == "GRANT_INVALID"


def test_a_grant_and_a_ticket_do_not_pass_for_each_other():
    assert refusal(credentials.read_ticket, credentials.make_grant(CODE, SITE)) == "TICKET_INVALID"
    assert refusal(credentials.read_grant, credentials.make_ticket(CLAIMS)) == "GRANT_INVALID"


def test_a_signed_value_of_another_shape_is_refused():
    for held in ([], "x", {"w": CODE}, None, 5):
        signed = signing.TimestampSigner(salt="pickup.grant.1").sign_object(held)
        assert refusal(credentials.read_grant, signed) == "GRANT_INVALID"


def test_a_grant_lasts_15_minutes_and_can_be_renewed_for_a_day_more():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        grant = credentials.make_grant(CODE, SITE)
        clock.shift(GRANT_S)
        assert credentials.read_grant(grant) == CLAIMS
        clock.shift(1)
        assert refusal(credentials.read_grant, grant) == "GRANT_EXPIRED"
        clock.shift(RENEWABLE_S - 1)
        assert credentials.read_renewable_grant(grant) == CLAIMS
        clock.shift(1)
        assert refusal(credentials.read_renewable_grant, grant) == "GRANT_EXPIRED"


@pytest.mark.django_db
def test_a_ticket_admits_once():
    ticket = credentials.make_ticket(CLAIMS, "some-consent")
    claims = credentials.spend_ticket(ticket)
    assert (claims.code, claims.origin, claims.purpose, claims.consent) == (CODE, SITE, "embed", "some-consent")
    assert refusal(credentials.spend_ticket, ticket) == "TICKET_SPENT"
    assert SpentTicket.objects.count() == 1


@pytest.mark.django_db
def test_reading_a_ticket_does_not_spend_it():
    ticket = credentials.make_ticket(CLAIMS)
    credentials.read_ticket(ticket)
    credentials.bearer(f"Bearer {ticket}")
    assert SpentTicket.objects.count() == 0
    credentials.spend_ticket(ticket)


@pytest.mark.django_db
def test_two_tickets_of_one_grant_are_two():
    assert credentials.spend_ticket(credentials.make_ticket(CLAIMS)) != credentials.spend_ticket(
        credentials.make_ticket(CLAIMS)
    )


@pytest.mark.django_db
def test_an_expired_ticket_is_refused_and_leaves_no_row():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        ticket = credentials.make_ticket(CLAIMS)
        clock.shift(TICKET_S + 1)
        assert refusal(credentials.spend_ticket, ticket) == "TICKET_INVALID"
    assert SpentTicket.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_who_spend_a_ticket_at_once_one_gets_in():
    ticket = credentials.make_ticket(CLAIMS)
    start, outcomes = threading.Barrier(8), []

    def spend():
        start.wait()
        try:
            credentials.spend_ticket(ticket)
            outcomes.append("admitted")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["TICKET_SPENT"] * 7 + ["admitted"]
    assert SpentTicket.objects.count() == 1


@pytest.mark.django_db
def test_rows_of_spent_tickets_go_when_they_protect_nothing_any_more():
    SpentTicket.objects.create(nonce="old", expires_at=timezone.now() - timedelta(seconds=1))
    credentials.spend_ticket(credentials.make_ticket(CLAIMS))
    assert not SpentTicket.objects.filter(nonce="old").exists()
    assert SpentTicket.objects.count() == 1


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer x", "x", "Bearer a b"])
def test_a_header_without_a_credential_of_ours_is_unauthorized(header):
    assert refusal(credentials.bearer, header) == "UNAUTHORIZED"


def test_a_header_may_hold_a_grant_or_a_ticket():
    assert credentials.bearer("Bearer " + credentials.make_grant(CODE, SITE)) == CLAIMS
    assert credentials.bearer("bearer " + credentials.make_ticket(CLAIMS)).code == CODE


def test_an_expired_grant_in_a_header_says_so():
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        grant = credentials.make_grant(CODE, SITE)
        clock.shift(GRANT_S + 1)
        assert refusal(credentials.bearer, f"Bearer {grant}") == "GRANT_EXPIRED"


def test_a_grant_for_something_that_there_is_no_more_admits_to_nothing():
    held = {"w": "x" * 43, "o": "https://shop.example.com", "p": "preview"}
    with pytest.raises(Refused, match="GRANT_INVALID"):
        credentials.read_grant(credentials._GRANT.sign_object(held, compress=True))
    with pytest.raises(Refused, match="TICKET_INVALID"):
        credentials.read_ticket(credentials._TICKET.sign_object(held | {"c": None, "n": "x"}, compress=True))
