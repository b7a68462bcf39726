"""What files may be, how large, and the one fault of all readers; no Django."""

KINDS = (".txt", ".vtt", ".srt", ".docx")
MOST_BYTES = 10_000_000
MOST_UNPACKED_BYTES = 30_000_000  # of a Word document's text, as XML
MOST_LETTERS = 2_000_000


class UnreadableFile(Exception):
    """A file that holds no transcript; its text is a sentence for the person who brought it."""
