"""What this room hangs into imports and shell: contacts and accounts as kinds, what it hands out of a person."""

from insights.contact_imports.kinds import AccountImport, ContactImport
from insights.contact_imports.personal import export_person
from insights.imports.public import ImportKindPiece
from portal.shell.public import PersonExporter, registry

registry.add(ImportKindPiece(ContactImport()))
registry.add(ImportKindPiece(AccountImport()))
registry.add(PersonExporter("contact_imports", export_person))
