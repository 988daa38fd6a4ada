"""The index of what was said, of every three letters in a row: how it is made, filled, and kept.

SQLite keeps it in a table of its own (FTS5) that triggers fill and empty, so that what is deleted is found no more,
whoever deletes it. PostgreSQL keeps it as an index of the turns (pg_trgm). Where neither can be had, all is read.
On SQLite a migration makes tables anew, which no trigger outlives, or forbids: they rest while there is one to run, and
what was said meanwhile is caught up with (calling/apps.py).
"""

from typing import Any

import structlog
from django.db import DatabaseError

log = structlog.get_logger(__name__)

WORDS = "calling_turn_words"
TRIGRAMS = "calling_turn_trigrams"
BATCH = 5_000  # old turns that are written at once: calls wait for no longer

# A project is one sign of three letters in the index, so that what others keep takes no time.
_FIRST, _SIGNS = 0x4E00, 20_000
_PROJECT_SQL = (
    f"char({_FIRST} + p / {_SIGNS**2} % {_SIGNS}, {_FIRST} + p / {_SIGNS} % {_SIGNS}, {_FIRST} + p % {_SIGNS})"
)
_TABLE_SQL = f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} USING fts5 (project, text, tokenize = 'trigram')"
_ADD_SQL = (
    f"INSERT INTO {WORDS} (rowid, project, text) SELECT new.id, {_PROJECT_SQL}, new.text"  # noqa: S608
    " FROM (SELECT project_id AS p FROM calling_conversation WHERE id = new.conversation_id);"
)
_DROP_SQL = f"DELETE FROM {WORDS} WHERE rowid = old.id;"  # noqa: S608
_TRIGGERS = {
    "added": f"AFTER INSERT ON calling_turn WHEN new.text <> '' BEGIN {_ADD_SQL} END",
    "changed": f"AFTER UPDATE OF text ON calling_turn WHEN old.text <> new.text BEGIN {_DROP_SQL} {_ADD_SQL} END",
    "gone": f"AFTER DELETE ON calling_turn BEGIN {_DROP_SQL} END",
}
# With values behind it, so that a sign for the rest of a division is written twice.
_FILL_SQL = (
    f"INSERT INTO {WORDS} (rowid, project, text) SELECT id, {_PROJECT_SQL.replace('%', '%%')}, text FROM"  # noqa: S608
    " (SELECT turn.id, call.project_id AS p, turn.text FROM calling_turn turn"
    " JOIN calling_conversation call ON call.id = turn.conversation_id"
    f" WHERE turn.id > %s AND turn.id <= %s AND turn.text <> '' AND turn.id NOT IN (SELECT id FROM {WORDS}_docsize))"
)


def prepare(connection: Any) -> None:
    """What a migration makes of it: on SQLite no triggers yet, which would stand in the way of those that follow."""
    if connection.vendor != "sqlite":
        return make(connection)
    with connection.cursor() as cursor:
        try:
            cursor.execute(_TABLE_SQL)
        except DatabaseError as error:
            _do_without(error)


def make(connection: Any) -> None:
    """Make it and fill it with what is there, so much at a time. Again changes nothing, also after half of it."""
    with connection.cursor() as cursor:
        try:
            if connection.vendor == "sqlite":
                _make_table(cursor)
                _fill(cursor)
            else:
                _make_trigrams(cursor)
        except DatabaseError as error:
            if connection.in_atomic_block:
                raise
            _do_without(error)


def _do_without(error: DatabaseError) -> None:
    log.warning("conversations are searched without an index: this database has none", why=str(error)[:200])


def rest(connection: Any) -> None:
    """Take the triggers away while tables may be made anew."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in _TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {WORDS}_{name}")


def go_on(connection: Any) -> None:
    """Bring triggers back that are missing, and catch up with what was written and deleted without them."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{WORDS}%"])
        there = {name for (name,) in cursor.fetchall()}
        if WORDS not in there or all(f"{WORDS}_{name}" in there for name in _TRIGGERS):
            return
        cursor.execute(f"DELETE FROM {WORDS} WHERE rowid NOT IN (SELECT id FROM calling_turn)")  # noqa: S608
    make(connection)


def project_sign(project: int) -> str:
    return "".join(chr(_FIRST + place % _SIGNS) for place in (project // _SIGNS**2, project // _SIGNS, project))


def _make_table(cursor: Any) -> None:
    cursor.execute(_TABLE_SQL)
    for name, what in _TRIGGERS.items():
        cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {WORDS}_{name} {what}")


def _fill(cursor: Any) -> None:
    cursor.execute("SELECT COALESCE(MIN(id), 0) - 1, COALESCE(MAX(id), 0) FROM calling_turn")
    start, last = cursor.fetchone()
    while start < last:
        cursor.execute(_FILL_SQL, [start, start + BATCH])
        start += BATCH


def _make_trigrams(cursor: Any) -> None:
    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {TRIGRAMS}")  # a crash leaves one that is not valid
    # As Django writes “icontains”.
    how = "(UPPER(text::text) gin_trgm_ops)"
    cursor.execute(f"CREATE INDEX CONCURRENTLY {TRIGRAMS} ON calling_turn USING gin {how}")
