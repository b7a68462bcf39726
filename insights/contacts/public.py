"""What other rooms may use of contacts."""

from insights.contacts.access import get_person_id
from insights.contacts.asks import check_askable, claim_ask, claim_asks, note_asks, opt_in, opt_out, release_ask
from insights.contacts.consents import give_consent, who_agreed
from insights.contacts.contracts import ConsentUse, Named, NotNow, Speaker, Standing, Written
from insights.contacts.finding import (
    LONGEST_ID,
    accounts_of_people,
    clean_id,
    find_speaker,
    find_speakers,
    source_ids_of,
)
from insights.contacts.meanings import accounts_of_products, build_standing, read_keys, values_of_products
from insights.contacts.models import AccountRecord, Ask, AskKind, Consent, Contact, OptOut
from insights.contacts.naming import id_of_account, id_of_person, name_speakers
from insights.contacts.segments import GROUPED_BY, Group, Groups, group_accounts, people_of_groups
from insights.contacts.written import contacts_by_person, records_of

__all__ = [
    "GROUPED_BY",
    "LONGEST_ID",
    "AccountRecord",
    "Ask",
    "AskKind",
    "Consent",
    "ConsentUse",
    "Contact",
    "Group",
    "Groups",
    "Named",
    "NotNow",
    "OptOut",
    "Speaker",
    "Standing",
    "Written",
    "accounts_of_people",
    "accounts_of_products",
    "build_standing",
    "check_askable",
    "claim_ask",
    "claim_asks",
    "clean_id",
    "contacts_by_person",
    "find_speaker",
    "find_speakers",
    "get_person_id",
    "give_consent",
    "group_accounts",
    "id_of_account",
    "id_of_person",
    "name_speakers",
    "note_asks",
    "opt_in",
    "opt_out",
    "people_of_groups",
    "read_keys",
    "records_of",
    "release_ask",
    "source_ids_of",
    "values_of_products",
    "who_agreed",
]
