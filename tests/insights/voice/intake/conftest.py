"""A way to bring a file through the wizard's pages, the worker's part done at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from insights.imports.models import Import
from insights.imports.running import run_task


class Wizard:
    """What a person does in the wizard, page by page."""

    def __init__(self, client, product, on_commit):
        self.client, self.product, self.on_commit = client, product, on_commit
        self.batch = None

    def bring(self, content, name="file.csv", **more):
        data = content if isinstance(content, bytes) else content.encode()
        form = {"product": self.product.slug, "file": SimpleUploadedFile(name, data), **more}
        answer = self.client.post(reverse("imports:import-new", args=["feedback"]), form)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        self.batch = Import.objects.latest("pk")
        return self

    def another(self):
        """Return the wizard for another file."""
        return Wizard(self.client, self.product, self.on_commit)

    def second(self, content, name="second.csv"):
        data = content if isinstance(content, bytes) else content.encode()
        url = reverse("imports:import-second", args=[self.batch.pk])
        assert self.client.post(url, {"second": SimpleUploadedFile(name, data)}).status_code == 302
        return self

    def page(self):
        return self.client.get(reverse("imports:import-map", args=[self.batch.pk]))

    def form(self, targets=None, **options):
        """Return what the page's forms start with, with other targets and options."""
        wizard = self.page().context["wizard"]
        values = {"columns": wizard.head.columns_key}
        for column, _, field in wizard.targets.rows():
            chosen = field.initial if targets is None else targets.get(column, "")
            values[field.html_name] = chosen or ""
        for bound in wizard.options:
            values[bound.name] = bound.value() or ""
        for bound in wizard.join or []:
            values[bound.name] = bound.value() or ""
        return {**values, **options}

    def check(self, targets=None, **options):
        url = reverse("imports:import-map", args=[self.batch.pk])
        answer = self.client.post(url, {**self.form(targets, **options), "act": "check"})
        assert answer.status_code == 302, answer.content.decode()
        return self.work()

    def run(self):
        assert self.client.post(reverse("imports:import-run", args=[self.batch.pk])).status_code == 302
        return self.work()

    def undo(self, **more):
        assert self.client.post(reverse("imports:import-undo", args=[self.batch.pk]), more).status_code == 302
        return self.work()

    def work(self):
        with self.on_commit(execute=True):
            run_task(self.batch.pk)
        self.batch.refresh_from_db()
        return self

    @property
    def counts(self):
        batch = self.batch
        return {"new": batch.n_new, "known": batch.n_known, "refused": batch.n_refused, "empty": batch.n_empty}


@pytest.fixture
def wizard(client_of, owner, product, django_capture_on_commit_callbacks):
    return Wizard(client_of(owner), product, django_capture_on_commit_callbacks)
