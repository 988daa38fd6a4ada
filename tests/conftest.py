"""Fixtures every room shares: a project with its people, and a stranger."""

import gc

import hypothesis
import pytest

from agents.models import Agent, Member, Project, Role

# How long an example takes says how busy the machine is: nothing fails by that.
hypothesis.settings.register_profile("pickup", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("pickup")


def pytest_configure(config):
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
    # A file, as in production: threads that share SQLite's memory lock each other out instead of waiting.
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(settings.DATA_DIR / "test.sqlite3")


def pytest_collection_finish(session):
    """What was imported and collected stays: collecting garbage need not look at it again each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _clean_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def _own_minute(monkeypatch):
    """Limits count by the minute: a test that makes use of one up begins it."""
    from django.utils import timezone

    from widgets.admission import limits

    begun_s = timezone.now().timestamp()
    monkeypatch.setattr(limits, "_window", lambda window_s: int(timezone.now().timestamp() - begun_s) // window_s)


@pytest.fixture(autouse=True)
def _own_language():
    """A request leaves its language behind in the thread."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def project(db):
    project = Project.objects.create(name="Harbour Bikes", slug="harbour-bikes")
    Agent.objects.create(project=project, name="Robin", greeting="Hello, this is Robin. How can I help?")
    return project


def _person(django_user_model, name, project=None, role=None):
    user = django_user_model.objects.create_user(name, f"{name}@example.com", "a-long-password")
    if project:
        Member.objects.create(project=project, user=user, role=role)
    return user


@pytest.fixture
def owner(project, django_user_model):
    return _person(django_user_model, "olga", project, Role.OWNER)


@pytest.fixture
def editor(project, django_user_model):
    return _person(django_user_model, "emil", project, Role.EDITOR)


@pytest.fixture
def analyst(project, django_user_model):
    return _person(django_user_model, "anna", project, Role.ANALYST)


@pytest.fixture
def stranger(db, django_user_model):
    """A person with a project of their own, and no part in ours."""
    other = Project.objects.create(name="Other", slug="other")
    Agent.objects.create(project=other, name="Other", greeting="Hello.")
    return _person(django_user_model, "stan", other, Role.OWNER)
