"""Every write to a widget, a file a noun. Pages check permission first; these hold the widget, check values, write, and
leave a line in the audit. They raise agents.locks.Gone for a widget that was deleted meanwhile."""

from widgets.actions.apps import APP_IDS_MOST, APPS, new_app_token, new_calling_token, revoke_apps, save_app_access
from widgets.actions.base import NAME_MOST, Invalid, Person
from widgets.actions.context_keys import new_context_key, revoke_context_keys
from widgets.actions.domains import DOMAINS_MOST, add_domain, allow_refused_host, remove_domain, set_domains
from widgets.actions.draft import (
    differs,
    discard_draft,
    publish_widget,
    restore_publication,
    save_draft,
    take_draft_back,
)
from widgets.actions.links import (
    PAGE,
    make_test_link,
    revoke_test_links,
    rotate_call_page,
    save_call_page,
    set_call_page_passphrase,
)
from widgets.actions.widget import (
    SETTINGS,
    archive_widget,
    create_widget,
    delete_widget,
    duplicate_widget,
    rename_widget,
    rotate_code,
    save_settings,
    set_enabled,
    set_environment,
    set_max_calls,
    set_variant,
    unarchive_widget,
)

__all__ = [
    "APPS",
    "APP_IDS_MOST",
    "DOMAINS_MOST",
    "NAME_MOST",
    "PAGE",
    "SETTINGS",
    "Invalid",
    "Person",
    "add_domain",
    "allow_refused_host",
    "archive_widget",
    "create_widget",
    "delete_widget",
    "differs",
    "discard_draft",
    "duplicate_widget",
    "make_test_link",
    "new_app_token",
    "new_calling_token",
    "new_context_key",
    "publish_widget",
    "remove_domain",
    "rename_widget",
    "restore_publication",
    "revoke_apps",
    "revoke_context_keys",
    "revoke_test_links",
    "rotate_call_page",
    "rotate_code",
    "save_app_access",
    "save_call_page",
    "save_draft",
    "save_settings",
    "set_call_page_passphrase",
    "set_domains",
    "set_enabled",
    "set_environment",
    "set_max_calls",
    "set_variant",
    "take_draft_back",
    "unarchive_widget",
]
