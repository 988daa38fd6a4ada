/** The browser calls itself one that is too old (widgets/delivery/browsers.py), whatever it seems to know. */

if (!reason) say(trouble = settings.no[reason = 'UNSUPPORTED_BROWSER']);
