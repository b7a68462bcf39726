"""An import in three steps: the file, its columns with a preview of real rows, the check before it runs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.imports import actions
from insights.imports.access import get_import, products_for, require_import
from insights.imports.contracts import Plan, Seen
from insights.imports.files import MOST_BYTES, say_limit
from insights.imports.forms import FileForm, JoinForm, SecondFileForm, TargetsForm
from insights.imports.kinds import ImportKind, OptionsForm, get_kind
from insights.imports.models import Import
from insights.imports.previewing import preview_rows, start_of
from insights.imports.reading import Head, Join, look_at
from insights.sources.mapping_forms import ReadForm
from insights.sources.public import FileFault, ReadOptions
from portal.people.public import get_current_product
from portal.shell.public import BadInput, TooMuch, own_body_limit, render_page, was_pressed


def refuse_large(request: HttpRequest) -> None:
    """Raise TooMuch for a body that is larger than a file of an import may be."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + 4_000_000:
        raise TooMuch(f"The file is larger than {say_limit()}, which is the limit. Split it.")


@own_body_limit
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Take the file of an import, or rows that are pasted."""
    require_import(request.user, kind)
    refuse_large(request)
    products, current = products_for(request.user, kind), get_current_product(request.user)
    start = {"product": request.GET.get("product") or (current.slug if current else "")}
    form = FileForm(request.POST or None, request.FILES or None, products=products, initial=start)
    if form.is_valid():
        file, pasted = form.cleaned_data["file"], form.cleaned_data["pasted"]
        name, chunks = (file.name, file.chunks(1 << 20)) if file else ("pasted rows", [pasted.encode()])
        try:
            batch = actions.store_import(kind, form.cleaned_data["product"], name, chunks, actor=request.user)
            return redirect("imports:import-map", pk=batch.pk)
        except BadInput as fault:
            form.add_error("file", fault.fields.get("file", [fault.message]))
    context = {"form": form, "kind": get_kind(kind), "step": 1, "limit": say_limit()}
    return render_page(request, "insights/imports/import_new.html", context, status=422 if form.is_bound else 200)


@dataclass
class _Wizard:
    """The forms of the page of columns, and what they say."""

    batch: Import
    kind: ImportKind
    head: Head
    reading: ReadForm
    targets: TargetsForm
    options: OptionsForm
    join: JoinForm | None
    preset: str
    origin: str  # of what the forms start with: "kept", "remembered" or "guessed"

    def is_valid(self) -> bool:
        """Say whether all forms can be used."""
        forms = [self.targets, self.options, *([self.join] if self.join else [])]
        return not [form for form in forms if not form.is_valid()]

    @property
    def is_bound(self) -> bool:
        """Say whether the forms were sent."""
        return self.targets.is_bound

    def plan(self) -> Plan:
        """Return what the forms say, or start with."""
        if self.is_bound and self.is_valid():
            return Plan(self.targets.targets(), self.options.to_json())
        shown = {column: field.initial for column, _, field in self.targets.rows() if field.initial}
        return Plan(shown, OptionsForm.to_json(self.options) if not self.options.is_bound else {})

    def joined(self) -> Join:
        """Return by which columns the files belong together."""
        return self.join.join() if self.join and self.join.is_bound and self.join.is_valid() else self.head.join


def _open(request: HttpRequest, batch: Import) -> _Wizard:
    kind, data = get_kind(batch.kind), request.POST or None
    reading = ReadForm(data, kept=ReadOptions.from_json(batch.mapping.get("read")))
    head = look_at(batch, reading.options())
    # Read in another way, the file may have other columns: then what was said of the old ones is guessed anew.
    is_same = data is not None and data.get("columns") == head.columns_key
    start = start_of(batch, kind, head)
    reading.show_found(head.options)
    return _Wizard(
        batch,
        kind,
        head,
        reading,
        TargetsForm(data if is_same else None, kind=kind, head=head, start=dict(start.plan.targets)),
        kind.options_form(
            data if is_same else None,
            product=batch.product,
            user=request.user,
            columns=head.columns,
            initial=dict(start.plan.options),
        ),
        JoinForm(data if is_same else None, head=head) if batch.second_path else None,
        start.preset,
        start.origin,
    )


@require_http_methods(["GET", "POST"])
def import_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column becomes what, with the first rows as they would be taken."""
    batch = get_import(request.user, pk, write=True)
    if not batch.is_open:
        return redirect(batch)
    try:
        wizard = _open(request, batch)
    except FileFault as fault:
        context = {"batch": batch, "kind": get_kind(batch.kind), "fault": str(fault), "step": 2}
        return render_page(request, "insights/imports/import_fault.html", context, status=422)
    faults: list[str] = []
    if wizard.is_bound and wizard.is_valid():
        try:
            _keep(wizard, request)
            if was_pressed(request, "check"):
                actions.check_import(batch, actor=request.user)
                return redirect(batch)
        except BadInput as fault:
            faults = [sentence for sentences in fault.fields.values() for sentence in sentences]
    return _map_page(request, wizard, faults)


def _keep(wizard: _Wizard, request: HttpRequest) -> None:
    """Keep what was said when it is to be checked; a preview keeps nothing."""
    if not was_pressed(request, "check"):
        return
    plan = wizard.plan()
    actions.map_import(
        wizard.batch,
        actor=request.user,
        columns=wizard.head.columns,
        targets=dict(plan.targets),
        options=dict(plan.options),
        read=wizard.reading.options(),
        join=wizard.joined(),
        preset=wizard.preset,
    )


def _map_page(request: HttpRequest, wizard: _Wizard, faults: list[str]) -> HttpResponse:
    plan, seen = wizard.plan(), []
    faults = faults or wizard.kind.faults(plan)
    is_valid = not wizard.is_bound or wizard.is_valid()
    if is_valid and not faults:
        seen = preview_rows(wizard.batch, wizard.kind, plan, wizard.head, wizard.joined(), actor=request.user)
    is_sent = wizard.is_bound and was_pressed(request, "check")
    context = {
        "batch": wizard.batch,
        "kind": wizard.kind,
        "wizard": wizard,
        "head": wizard.head,
        "faults": faults,
        "rows": _shown(wizard.kind, seen),
        "n_bad": sum(one.fate == "refused" for one in seen),
        "step": 2,
        "second": SecondFileForm(),
        "is_text": wizard.head.kind not in ("parquet", "xlsx"),
    }
    has_new_columns = request.method == "POST" and not wizard.is_bound
    fragment = "mapping" if has_new_columns else "preview"
    status = 422 if is_sent or not is_valid else 200
    answer = render_page(request, "insights/imports/import_map.html", context, fragment=fragment, status=status)
    if has_new_columns and request.htmx:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#mapping", "outerHTML"
    return answer


def _shown(kind: ImportKind, seen: list[Seen]) -> list[dict[str, Any]]:
    return [{"seen": one, "cells": [one.shown.get(key, "") for key, _ in kind.preview]} for one in seen]


@own_body_limit
@require_POST
def import_second(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a second file, or do without it again."""
    batch = get_import(request.user, pk, write=True)
    refuse_large(request)
    if request.POST.get("act") == "drop":
        actions.drop_second_file(batch, actor=request.user)
        return redirect("imports:import-map", pk=pk)
    form = SecondFileForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"batch": batch, "kind": get_kind(batch.kind), "second": form, "step": 2}
        return render_page(request, "insights/imports/import_second.html", context, status=422)
    file = form.cleaned_data["second"]
    actions.add_second_file(batch, file.name, file.chunks(1 << 20), actor=request.user)
    return redirect("imports:import-map", pk=pk)
