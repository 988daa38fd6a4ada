"""Static files with hashed names, for good caching; those that visitors' browsers fetch are made small first."""

import re
from typing import Any

import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

VISITORS = "widget/"  # what a stranger's page pays for; the console's files stay as they are written
_CSS_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_CSS_SPACE = re.compile(r"\s+")


class HashedModules(CompressedManifestStaticFilesStorage):
    """Also rewrites `import "./x.js"` between modules: a module and what it imports are cached as one release."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one for each step of the longest chain of imports; it ends when nothing changes

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        if name and name.startswith(VISITORS) and name.endswith((".js", ".css")):
            content = ContentFile(small(name, content.read().decode("utf-8")).encode("utf-8"))
        return super().save(name, content, max_length)


def small(name: str, text: str) -> str:
    """Without comments and the space that only people need."""
    if name.endswith(".js"):
        return rjsmin.jsmin(text)
    return _CSS_SPACE.sub(" ", _CSS_COMMENT.sub("", text)).strip()
