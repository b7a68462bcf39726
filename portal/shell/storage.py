"""Static files under hashed names, with the imports inside our ES modules rewritten too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrite `import … from "./x.js";` to the hashed name."""

    support_js_module_import_aggregation = True
