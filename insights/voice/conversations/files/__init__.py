"""Transcripts out of files: plain text, subtitles (vtt, srt) and Word documents; told apart by content; no Django.

A file is read once and not kept: nothing of it is ever served.
"""

from insights.voice.conversations.files.contracts import KINDS, MOST_BYTES, UnreadableFile
from insights.voice.conversations.files.reading import read_transcript

__all__ = ["KINDS", "MOST_BYTES", "UnreadableFile", "read_transcript"]
