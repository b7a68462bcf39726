"""The demo company's suggestions: learned at once from what its people linked."""

from insights.voice.suggestions.jobs import ask_to_learn
from insights.voice.suggestions.models import Learning
from insights.voice.themes.public import ThemeLink
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import Product


def learn_demo(world: DemoWorld, progress: Progress) -> None:
    """Ask for a learning of each demo product that has links; what was learned already stays."""
    products = Product.objects.filter(pk__in=ThemeLink.objects.values("theme__product"))
    for product in products.exclude(pk__in=Learning.objects.values("product")):
        ask_to_learn(product)
    progress(1, 1, "suggestions")
