"""What links to the roadmap hang into the shell: commands and the demo's links."""

from portal.shell.public import Command, DemoSeed, registry
from roadmaps.plan.sharing import demo

registry.add(
    Command("Links to the roadmap", "roadmap_links:link-list", order=48, detail="What executives, sales, customers see")
)
registry.add(DemoSeed("roadmap_links", demo.seed_links, order=85))
