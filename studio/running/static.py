"""Static files with hashed names, for good caching; those that visitors' browsers fetch are made small first."""

import re
from collections.abc import Iterator
from pathlib import PurePath
from posixpath import normpath
from typing import Any

import rjsmin
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from widgets.delivery import joined

VISITORS = "widget/"  # what a stranger's page pays for; the console's files stay as they are written
_CSS_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
# Between words it means something, as it does before a colon and in calc(); around these signs it does not.
_CSS_SPACE = re.compile(r"\s*([{};,])\s*|(:)\s+|(\s)\s*")


class HashedModules(CompressedManifestStaticFilesStorage):
    """Also rewrites `import "./x.js"` between modules: a module and what it imports are cached as one release."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one for each step of the longest chain of imports; it ends when nothing changes

    def post_process(self, paths: dict[str, tuple[Storage, str]], *given: Any, **options: Any) -> Iterator[Any]:
        small = {
            name: (_Small(storage) if name.startswith(VISITORS) and name.endswith((".js", ".css")) else storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(small, *given, **options)


class _Small:
    """A folder of sources, read without comments and without the space that only people need."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def open(self, path: str, mode: str = "rb") -> Any:
        text = self._read(path)
        if modules := path.endswith(".js") and joined.listed(text):
            text = joined.joined(modules, lambda name: self._read(normpath(PurePath(path).parent / name)))
        made = rjsmin.jsmin(text) if path.endswith(".js") else small_css(text)
        return ContentFile(made.encode("utf-8"), name=path)

    def _read(self, path: str) -> str:
        with self._storage.open(path) as file:
            return file.read().decode("utf-8")


def small_css(text: str) -> str:
    """The same rules without comments and without the space that means nothing."""
    shorter = _CSS_SPACE.sub(lambda found: found[1] or found[2] or " ", _CSS_COMMENT.sub("", text))
    return shorter.replace(";}", "}").strip()
