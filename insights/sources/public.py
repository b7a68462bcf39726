"""What other rooms may use of sources: files on disk, and any file as rows of text cells."""

from insights.sources.contracts import FileFault, FileRow, ReadOptions, UnreadRow
from insights.sources.guessing import guess_time_format
from insights.sources.readers.limits import size_words
from insights.sources.tabular import FileTable, open_table
from insights.sources.times import PATTERNS, format_words
from insights.sources.uploads import StoredFile, chunks_of, path_of, store_stream, uploads_dir

__all__ = [
    "PATTERNS",
    "FileFault",
    "FileRow",
    "FileTable",
    "ReadOptions",
    "StoredFile",
    "UnreadRow",
    "chunks_of",
    "format_words",
    "guess_time_format",
    "open_table",
    "path_of",
    "size_words",
    "store_stream",
    "uploads_dir",
]
