"""What columns of trackers' files become: those of Jira, Linear and GitHub by their names, all others by guess."""

from insights.imports.public import Preset, Target

_MOST_LABELS = 40  # columns of one name that a file of Jira may have: "Labels", "Labels (2)", …
ITEM_TARGETS = (
    Target("key", "Key", ("issue key", "key", "id", "number", "issue", "identifier", "pr number", "issue number")),
    Target("origin_id", "Number in the tracker", ("issue id", "uuid", "internal id")),
    Target("title", "Title", ("summary", "title", "name", "subject")),
    Target("kind", "Type", ("issue type", "type", "work item type", "kind", "tracker")),
    Target("status", "Status", ("status", "state", "column")),
    Target("status_more", "Reason of the status", ("state reason", "resolution", "close reason")),
    Target("category", "Category of the status", ("status category",)),
    Target("opened_at", "Opened at", ("created", "created at", "creation date", "opened", "opened at", "created date")),
    Target("sent_started_at", "Started at", ("started", "started at", "start date", "in progress at")),
    Target(
        "sent_finished_at",
        "Finished at",
        ("completed", "completed at", "merged at", "resolved", "merged at utc", "closed at", "closed", "finished at",
         "finished", "done", "done at", "resolution date"),
    ),
    Target("sent_dropped_at", "Given up at", ("canceled", "cancelled", "canceled at", "cancelled at")),
    Target("changed_at", "Changed at", ("updated", "updated at", "last updated", "changed", "modified")),
    Target(
        "estimate",
        "Estimate",
        ("estimate", "story points", "custom field story points", "custom field story point estimate", "points",
         "size"),
    ),
    Target(
        "parent_key",
        "Parent",
        ("parent key", "custom field epic link", "epic link", "parent issue", "parent", "epic"),
    ),
    Target("project", "Project", ("project name", "project", "project key", "repository", "team")),
    Target(
        "milestone",
        "Version or milestone",
        ("fix versions", "fix version s", "fix version", "milestone", "project milestone", "version"),
    ),
    Target("labels", "Labels", ("labels", "label", "tags"), is_many=True),
    Target("url", "Address", ("html url", "url", "link", "web url")),
)  # fmt: skip

_JIRA = {
    "issue key": "key",
    "issue id": "origin_id",
    "summary": "title",
    "issue type": "kind",
    "status": "status",
    "status category": "category",
    "created": "opened_at",
    "updated": "changed_at",
    "resolved": "sent_finished_at",
    "custom field story points": "estimate",
    "custom field story point estimate": "estimate",
    "parent key": "parent_key",
    "custom field epic link": "parent_key",
    "parent": "parent_key",
    "project name": "project",
    "fix versions": "milestone",
    "fix version s": "milestone",
    **{"labels" + (f" {place}" if place > 1 else ""): "labels*" for place in range(1, _MOST_LABELS + 1)},
}
_LINEAR = {
    "id": "key",
    "uuid": "origin_id",
    "title": "title",
    "status": "status",
    "estimate": "estimate",
    "project": "project",
    "labels": "labels*",
    "created": "opened_at",
    "updated": "changed_at",
    "started": "sent_started_at",
    "completed": "sent_finished_at",
    "canceled": "sent_dropped_at",
    "parent issue": "parent_key",
    "project milestone": "milestone",
}
_GITHUB = {
    "number": "key",
    "id": "origin_id",
    "title": "title",
    "state": "status",
    "state reason": "status_more",
    "created at": "opened_at",
    "updated at": "changed_at",
    "merged at": "sent_finished_at",
    "closed at": "sent_finished_at",
    "labels": "labels*",
    "milestone": "milestone",
    "html url": "url",
    "url": "url",
}
ITEM_PRESETS = (
    Preset("Jira", frozenset({"issue key", "issue type", "status"}), _JIRA, {"kind": "jira"}),
    Preset("Linear", frozenset({"id", "title", "status", "completed", "canceled"}), _LINEAR, {"kind": "linear"}),
    Preset("GitHub", frozenset({"number", "title", "state"}), _GITHUB, {"kind": "github"}),
)
CHANGE_TARGETS = (
    Target("key", "Key of the item", ("issue key", "key", "id", "number", "issue", "identifier", "item")),
    Target("at", "Changed at", ("at", "timestamp", "timestamp utc", "changed at", "date", "time", "when", "created")),
    Target("from_status", "From status", ("from status", "from", "old status", "from string", "previous status")),
    Target("to_status", "To status", ("to status", "to", "new status", "to string", "status")),
)
