"""The raw admin: every table opens for a superuser, for nobody else, and what is append-only has no way in."""

import pytest
from django.contrib import admin
from django.urls import reverse

from agents.admin import ReadOnly

OURS = [model for model in admin.site._registry if model._meta.app_label in ("agents", "widgets")]


def address(model, page="changelist"):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_table_opens_for_a_superuser_and_for_no_member(asking_widget, client, admin_user, owner, model):
    client.force_login(owner)
    assert client.get(address(model)).status_code == 302
    client.force_login(admin_user)
    assert client.get(address(model)).status_code == 200
    if issubclass(type(admin.site._registry[model]), ReadOnly):
        assert client.get(address(model, "add")).status_code == 403


def test_a_widget_opens(asking_widget, admin_client):
    path = reverse("admin:widgets_widget_change", args=[asking_widget.pk])
    assert admin_client.get(path).status_code == 200
