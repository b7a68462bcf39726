"""What other rooms may use of contacts."""

from insights.contacts.contracts import Named, Speaker
from insights.contacts.finding import LONGEST_ID, clean_id, find_speaker, find_speakers, source_ids_of
from insights.contacts.naming import id_of_account, id_of_person, name_speakers

__all__ = [
    "LONGEST_ID",
    "Named",
    "Speaker",
    "clean_id",
    "find_speaker",
    "find_speakers",
    "id_of_account",
    "id_of_person",
    "name_speakers",
    "source_ids_of",
]
