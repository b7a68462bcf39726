"""Serves plotly.min.js out of the installed plotly package, as /static/plotly/plotly.min.js.

One line is put before it: a word to the browser that the functions of this script are called when it loads. Chromium
then compiles them beside the page as the script arrives, and not on the page's own thread, where they block it for
about a second on a person's very first visit. Other browsers read it as the comment that it is.
"""

from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

NAME = "plotly.min.js"
PREFIX = "plotly"
_COMPILE_BESIDE_THE_PAGE = b"//# allFunctionsCalledOnLoad\n"


def plotly_folder() -> Path:
    """Return the folder of the package's own files, found without importing the package."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The package plotly is not installed. Run `make install`.")
    return Path(spec.origin).parent / "package_data"


class PlotlyStorage(FileSystemStorage):
    """The package's folder, each file read with the word to the browser before it."""

    def _open(self, name, mode="rb"):
        with super()._open(name, mode) as file:
            return ContentFile(_COMPILE_BESIDE_THE_PAGE + file.read(), name)


class PlotlyFinder(BaseFinder):
    """Finds that one file; the rest of the package's files stay where they are."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = PlotlyStorage(location=plotly_folder())
        self.storage.prefix = PREFIX
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        """Have nothing to say about the settings."""
        return []

    def find(self, path, find_all=False, **kwargs):
        """Return the file's path, [] for any other."""
        if path != f"{PREFIX}/{NAME}":
            return []
        found = self.storage.path(NAME)
        return [found] if find_all or kwargs.get("all") else found

    def list(self, ignore_patterns):
        """Yield the one file."""
        yield NAME, self.storage
