"""Static files with hashed names, for good caching."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):
    """Also rewrites `import "./x.js"` between modules: a module and what it imports are cached as one release."""

    support_js_module_import_aggregation = True
