"""What this room hangs into the imports: contacts and accounts as kinds."""

from insights.contact_imports.kinds import AccountImport, ContactImport
from insights.imports.public import ImportKindPiece
from portal.shell.public import registry

registry.add(ImportKindPiece(ContactImport()))
registry.add(ImportKindPiece(AccountImport()))
