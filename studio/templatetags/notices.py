"""A day's notice in words, for mails."""

from django import template

from studio.pages.calls import notice_words

register = template.Library()
register.filter("sentence", notice_words.sentence)
register.filter("why", notice_words.why)
