"""The language of the console: what a person chose, else what their browser asks for."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpResponse

from agents.models import Preference

BROWSER = ""  # follow the browser


def choices() -> list[tuple[str, str]]:
    """Languages in their own words."""
    return [(code, NATIVE[code]) for code, _name in settings.LANGUAGES]


NATIVE = {"en": "English", "de": "Deutsch"}


def chosen(user: AbstractBaseUser) -> str:
    return Preference.objects.filter(user=user).values_list("language", flat=True).first() or BROWSER


def choose(user: AbstractBaseUser, language: str) -> None:
    Preference.objects.update_or_create(user=user, defaults={"language": language})


def apply_chosen(response: HttpResponse, user: AbstractBaseUser) -> None:
    """Let this browser's pages of the console be in the language that the person chose."""
    apply(response, chosen(user))


def apply(response: HttpResponse, language: str) -> None:
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH)
