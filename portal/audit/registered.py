"""What the audit room hangs into the shell."""

from portal.shell.registry import NavItem, registry

registry.add(
    NavItem("Operations", "Audit trail", "audit:entry-list", 90, "g a", lambda user: user.is_admin, icon="audit")
)
