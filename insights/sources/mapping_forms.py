"""Forms of the wizard: how a file is written, and which of its columns is what."""

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from insights.sources.contracts import ReadOptions
from insights.sources.looking import Look
from insights.sources.mapping import NONE, OTHERS, Mapping, MappingFault, parse_mapping
from insights.sources.times import NAMED, PATTERNS, format_words

COLUMN_CHOICES = (
    ("text", "Property, text"),
    ("number", "Property, number"),
    ("boolean", "Property, yes or no"),
    ("time", "Property, time"),
    ("person", "Trait of the person"),
    ("account", "Trait of the account"),
    ("json", "Object, each key a property"),
    ("out", "Leave out"),
)

ROLES = {
    "who": "Who did it",
    "who_else": "Who did it, where the other is empty",
    "when": "When it happened",
    "what": "The event's name",
    "account": "The account",
    "event_id": "The event's own id",
}
ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Western European (Windows-1252)"),
    ("iso-8859-15", "Western European (ISO 8859-15)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
    ("koi8-r", "Cyrillic (KOI8-R)"),
    ("cp1253", "Greek (Windows-1253)"),
    ("cp1254", "Turkish (Windows-1254)"),
    ("utf-16", "UTF-16"),
    ("shift-jis", "Japanese (Shift JIS)"),
    ("gb18030", "Chinese (GB 18030)"),
    ("big5", "Chinese (Big5)"),
    ("euc-kr", "Korean (EUC-KR)"),
    ("cp850", "DOS (code page 850)"),
)
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "caret": "^", "tilde": "~", "space": " "}
SEPARATOR_CHOICES = (
    ("comma", "Comma ,"),
    ("semicolon", "Semicolon ;"),
    ("tab", "Tab"),
    ("bar", "Bar |"),
    ("caret", "Caret ^"),
    ("tilde", "Tilde ~"),
    ("space", "Space"),
)
HEADER_CHOICES = (("names", "Names the columns"), ("data", "Is data already"))


class FastSelect(forms.Select):
    """A select written in one go: a file of a thousand columns has a thousand of them, with a thousand choices each."""

    def render(self, name, value, attrs=None, renderer=None):
        """Return the element."""
        mark = mark_safe(" selected")  # safe: a word of ours
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, mark if str(key) == chosen else "", words) for key, words in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt({**self.build_attrs(self.attrs, attrs), "name": name}), options
        )


class ReadForm(forms.Form):
    """How a text file is written, where finding it out went wrong."""

    encoding = forms.ChoiceField(required=False)
    separator = forms.ChoiceField(label="Cells are separated by", required=False)
    header = forms.ChoiceField(label="The first row", required=False)

    def __init__(self, data=None, *, kept: ReadOptions, **kwargs):
        separators = {mark: name for name, mark in SEPARATORS.items()}
        header = {True: "names", False: "data", None: ""}[kept.has_header]
        separator = separators.get(kept.separator, kept.separator)
        super().__init__(data, initial={"encoding": kept.encoding, "separator": separator, "header": header}, **kwargs)
        self.kept = kept
        self._offer(ENCODINGS, SEPARATOR_CHOICES)

    def _offer(self, encodings, separators) -> None:
        for name, choices in (("encoding", encodings), ("separator", separators), ("header", HEADER_CHOICES)):
            value = self.initial[name]
            known = [] if any(value == key for key, _ in choices) or not value else [(value, value)]
            self.fields[name].choices = [("", "Find it out"), *choices, *known]

    def show_found(self, found: ReadOptions) -> None:
        """Say in the empty choices what was found out."""
        separators = {mark: words for (_, words), mark in zip(SEPARATOR_CHOICES, SEPARATORS.values(), strict=True)}
        has_header = {True: HEADER_CHOICES[0][1], False: HEADER_CHOICES[1][1], None: ""}[found.has_header]
        words = {
            "encoding": dict(ENCODINGS).get(found.encoding.replace("_", "-"), found.encoding),
            "separator": separators.get(found.separator, found.separator),
            "header": has_header,
        }
        for name, field in self.fields.items():
            is_asked = bool(self[name].value())
            label = "Find it out" if is_asked or not words[name] else f"Found out: {words[name]}"
            field.choices = [("", label), *field.choices[1:]]

    def options(self) -> ReadOptions:
        """Return what was chosen; of a form that was not sent, what is kept."""
        if not self.is_bound or not self.is_valid():
            return self.kept
        chosen = self.cleaned_data
        header = {"names": True, "data": False}.get(chosen["header"])
        separator = SEPARATORS.get(chosen["separator"], chosen["separator"])
        return ReadOptions(chosen["encoding"], separator, self.kept.quote, header)


class MappingForm(forms.Form):
    """Which column is what: the roles, and one choice for each other column."""

    who = forms.ChoiceField(label="Who did it")
    who_else = forms.ChoiceField(label="Who, where that is empty", required=False)
    when = forms.ChoiceField(label="When it happened")
    time_format = forms.ChoiceField(label="Written as", required=False)
    time_pattern = forms.CharField(
        label="Another format", required=False, max_length=60, help_text="Such as %d.%m.%Y %H:%M for 31.01.2026 17:05."
    )
    what = forms.ChoiceField(label="The event's name is in", required=False)
    event_name = forms.CharField(label="or each row is an event named", required=False, max_length=200)
    account = forms.ChoiceField(label="Account", required=False)
    event_id = forms.ChoiceField(label="The event's own id", required=False)
    decimal_comma = forms.BooleanField(label="Numbers are written as 1.234,5", required=False)

    def __init__(self, data=None, *, look: Look, read: ReadOptions | None = None, **kwargs):
        self.look, self.read, mapping = look, read or ReadOptions(), look.mapping
        super().__init__(data, initial=_initial(mapping), **kwargs)
        columns = [("", "(none)"), *((name, name) for name in look.columns)]
        for name, words in ROLES.items():
            self.fields[name].widget = FastSelect(attrs={"data-role": words})
            self.fields[name].choices = columns
        formats = [
            *NAMED.items(),
            *((pattern, format_words(pattern)) for pattern in PATTERNS),
            ("own", "Another format …"),
        ]
        self.fields["time_format"].choices = formats
        kinds = _column_kinds(mapping, look)
        for n, name in enumerate(look.columns):
            self.fields[f"col_{n}"] = forms.ChoiceField(
                label=name, choices=COLUMN_CHOICES, initial=kinds[name], required=False, widget=FastSelect
            )
        self.mapping: Mapping | None = None

    def column_fields(self):
        """Return (column, samples, field, role) of each column; one that has a role becomes nothing else."""
        is_inner = {
            name for name in self.look.columns if self.look.is_json and name.partition(".")[0] in self.look.columns
        }
        roles = self._roles()
        return [
            (name, self.look.samples.get(name, []), self[f"col_{n}"], roles.get(name, ""))
            for n, name in enumerate(self.look.columns)
            if name not in is_inner or "." not in name
        ]

    def _roles(self) -> dict[str, str]:
        """Return the words of the role that a column has just now; a name for every row frees the column of names."""
        is_named = bool(self["event_name"].value())
        chosen = {self[name].value(): words for name, words in ROLES.items() if name != "what" or not is_named}
        return {name: words for name, words in chosen.items() if name}

    def clean(self):
        """Make the mapping; its faults land on their fields."""
        cleaned = super().clean()
        try:
            self.mapping = parse_mapping(self._value(cleaned))
        except MappingFault as fault:
            for name, sentences in fault.fields.items():
                known = "time_pattern" if name == "time_format" and cleaned.get("time_format") == "own" else name
                for sentence in sentences:
                    self.add_error(known if known in self.fields else None, sentence)
        return cleaned

    def _value(self, cleaned: dict) -> dict:
        kinds = {
            name: cleaned.get(f"col_{n}") or "text"
            for n, name in enumerate(self.look.columns)
            if not (self.look.is_json and "." in name and name.partition(".")[0] in self.look.columns)
        }
        roles = {name: cleaned.get(name) or "" for name in ("when", "what", "account", "event_id", "event_name")}
        roles["who"] = [name for name in (cleaned.get("who"), cleaned.get("who_else")) if name]
        if roles["event_name"]:
            roles["what"] = ""
        used = {roles["when"], roles["what"], roles["account"], roles["event_id"], *roles["who"]}
        free = {name: kind for name, kind in kinds.items() if name not in used}
        spread = [name for name, kind in free.items() if kind == "json"]
        kept = [name for name, kind in free.items() if kind in ("text", "number", "boolean", "time")]
        has_left_out = any(kind == "out" for kind in free.values()) or len(spread) > 1
        time_format = cleaned.get("time_format") or "iso"
        return {
            **roles,
            "time_format": cleaned.get("time_pattern") or "iso" if time_format == "own" else time_format,
            "json_column": spread[0] if spread else "",
            "properties": (kept or NONE) if has_left_out else OTHERS,
            "person_traits": [name for name, kind in free.items() if kind == "person"],
            "account_traits": [name for name, kind in free.items() if kind == "account"],
            "types": {name: free[name] for name in kept if free[name] != "text"},
            "decimal_comma": cleaned.get("decimal_comma"),
            "read": self.read.to_json(),
        }


def _first(value: Any, place: int = 0) -> str:
    names = [value] if isinstance(value, str) else list(value or [])
    return names[place] if len(names) > place else ""


def _initial(mapping: dict) -> dict:
    initial = {name: _first(mapping.get(name)) for name in ("who", "when", "what", "account", "event_id")}
    initial["who_else"] = _first(mapping.get("who"), 1)
    known = mapping.get("time_format") or "iso"
    is_listed = known in NAMED or known in PATTERNS
    initial["time_format"], initial["time_pattern"] = (known, "") if is_listed else ("own", known)
    initial["event_name"] = mapping.get("event_name", "")
    initial["decimal_comma"] = mapping.get("decimal_comma", False)
    return initial


def _column_kinds(mapping: dict, look: Look) -> dict[str, str]:
    kinds = {}
    chosen = mapping.get("properties", OTHERS)
    for name in look.columns:
        if name == mapping.get("json_column"):
            kinds[name] = "json"
        elif name in mapping.get("person_traits", []):
            kinds[name] = "person"
        elif name in mapping.get("account_traits", []):
            kinds[name] = "account"
        elif chosen == NONE or (isinstance(chosen, list) and name not in chosen):
            kinds[name] = "out"
        else:
            kinds[name] = mapping.get("types", {}).get(name, "text")
    return kinds
