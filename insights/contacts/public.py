"""What other rooms may use of contacts."""

from insights.contacts.consents import give_consent, who_agreed
from insights.contacts.contracts import Named, Speaker, Standing, Written
from insights.contacts.finding import LONGEST_ID, clean_id, find_speaker, find_speakers, source_ids_of
from insights.contacts.meanings import build_standing, read_keys
from insights.contacts.models import AccountRecord, Consent, Contact
from insights.contacts.naming import id_of_account, id_of_person, name_speakers
from insights.contacts.written import contacts_by_person, records_of

__all__ = [
    "LONGEST_ID",
    "AccountRecord",
    "Consent",
    "Contact",
    "Named",
    "Speaker",
    "Standing",
    "Written",
    "build_standing",
    "clean_id",
    "contacts_by_person",
    "find_speaker",
    "find_speakers",
    "give_consent",
    "id_of_account",
    "id_of_person",
    "name_speakers",
    "read_keys",
    "records_of",
    "source_ids_of",
    "who_agreed",
]
