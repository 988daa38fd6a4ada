"""Whoever a chat's site has signed its visitor to be is shown, searched, exported and erased with the conversation."""

import json

import pytest
from django.urls import reverse

from agents.models import Project
from calling.models import Conversation, Identity
from calling.record import identity, visitors

LEA = {"name": "Lea Berg", "email": "Lea@Example.com", "customer_id": 4711, "plan": "gold"}


@pytest.fixture
def chat(furnished, make_call):
    call = make_call(channel=Conversation.CHAT, widget=furnished.widget)
    identity.keep(call, LEA)
    return call


@pytest.mark.parametrize(
    ("signed", "told"),
    [
        (LEA, ("Lea Berg", "Lea@Example.com", "4711")),
        ({"First_Name": "Lea", "last-name": "Berg", "userId": "u_1"}, ("Lea Berg", "", "u_1")),
        ({"username": "lea", "mail": " a@b.de "}, ("lea", "a@b.de", "")),
        ({"name": None, "email": True, "id": 1.5, "plan": "gold"}, ("", "", "")),
        ({"name": "x" * 500}, ("x" * 120, "", "")),
    ],
)
def test_names_that_sites_use_for_a_person_are_read_and_nothing_else(signed, told):
    assert tuple(identity.read(signed).values()) == told


def test_what_is_signed_later_takes_the_place_of_what_was(chat):
    identity.keep(chat, {"name": "Tom"})
    assert Identity.objects.get().told == ["Tom"]
    identity.keep(chat, {"plan": "gold"})
    assert not Identity.objects.exists()


@pytest.mark.parametrize("words", ["berg", "LEA BERG", "lea@example", "4711"])
def test_the_list_finds_a_visitor_by_name_mail_or_id(client, owner, chat, furnished, words):
    client.force_login(owner)
    page = reverse("console:conversations", args=[furnished.project.slug])
    text = client.get(page, {"q": words}).content.decode()
    assert "1 to 1 of 1" in text and "<b>Lea Berg:</b>" in text
    assert f"/conversations/{chat.pk}/" in text


def test_the_page_and_the_export_say_who_it_was(client, owner, chat, furnished):
    client.force_login(owner)
    shown = client.get(reverse("console:conversation", args=[furnished.project.slug, chat.pk])).content.decode()
    assert "Lea Berg" in shown and "4711" in shown and "gold" not in shown
    export = reverse("console:conversations_export", args=[furnished.project.slug])
    told = json.loads(b"".join(client.post(export, {"as": "json"}).streaming_content))
    assert [one["visitor"] for one in told["conversations"] if one["id"] == str(chat.pk)] == [
        {"name": "Lea Berg", "email": "Lea@Example.com", "id": "4711"}
    ]


def test_whoever_may_not_see_personal_data_neither_sees_nor_finds_them(client, analyst, chat, furnished):
    furnished.project.members.filter(user=analyst).update(access={"personal_data": False})
    client.force_login(analyst)
    page = reverse("console:conversations", args=[furnished.project.slug])
    assert "Nothing found" in client.get(page, {"q": "berg"}).content.decode()
    one = client.get(reverse("console:conversation", args=[furnished.project.slug, chat.pk])).content.decode()
    assert "Lea" not in client.get(page).content.decode() + one


def test_a_whole_address_is_theirs_for_certain_and_a_part_of_a_name_only_perhaps(chat, furnished):
    for words, sure in (("lea@example.com", True), ("4711", True), ("berg", False), ("le", False)):
        found = visitors.find(furnished.project, words, in_what_was_said=True)
        assert ([one.pk for one in found.sure] == [chat.pk]) is sure, words
        assert ([one.pk for one in found.perhaps] == [chat.pk]) is (words == "berg"), words


def test_of_another_project_nobody_is_found(chat, stranger):
    other = Project.objects.get(slug="other")
    assert identity.found(other, "berg") == set() == identity.certain(other, "4711")


def test_it_goes_with_the_conversation(chat):
    chat.delete()
    assert not Identity.objects.exists()
