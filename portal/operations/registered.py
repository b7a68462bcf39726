"""What operations hangs into the registry."""

from portal.shell.registry import Schedule, registry

registry.add(
    Schedule(
        "Send lost work again",
        task="operations.sweep_outbox",
        every_s=10,
        description="Sends outbox messages again that no worker has done.",
    )
)
