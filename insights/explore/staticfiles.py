"""Serves plotly.min.js out of the installed plotly package, as /static/plotly/plotly.min.js."""

from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "plotly.min.js"
PREFIX = "plotly"


def plotly_folder() -> Path:
    """Return the folder of the package's own files, found without importing the package."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The package plotly is not installed. Run `make install`.")
    return Path(spec.origin).parent / "package_data"


class PlotlyFinder(BaseFinder):
    """Finds that one file; the rest of the package's files stay where they are."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = FileSystemStorage(location=plotly_folder())
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
