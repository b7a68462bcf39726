"""Static files under hashed names: one style sheet out of many, and the imports inside our ES modules rewritten too."""

import re

from django.contrib.staticfiles.storage import HashedFilesMixin
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

STYLES = "css/app.css"
_IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);')


def bundle_styles(read) -> str:
    """Return the style sheet with each imported file put into its layer; `read(name)` returns a file's text."""

    def put_in(match: re.Match) -> str:
        name = f"css/{match['path']}"
        text = read(name)
        if "url(" in text or "@import" in text:
            raise ValueError(f"{name} points at another file. Bundled styles cannot; use a token instead.")
        return f"@layer {match['layer']} {{\n{text}}}"

    return _IMPORT.sub(put_in, read(STYLES))


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Bundle the styles, and rewrite `import … from "./x.js";` to the hashed name, in our own modules alone.

    Packages bring scripts whose comments and strings look like imports of files that they do not bring.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],
    )

    def post_process(self, paths, dry_run=False, **options):
        """Hash all files, with the bundled style sheet in the place of its source."""
        if STYLES in paths and not dry_run:

            def read(name: str) -> str:
                storage, path = paths[name]
                with storage.open(path) as file:
                    return file.read().decode()

            memory = InMemoryStorage()
            memory.save(STYLES, ContentFile(bundle_styles(read).encode()))
            paths = {**paths, STYLES: (memory, STYLES)}
        yield from super().post_process(paths, dry_run, **options)
