"""What the columns of a file of feedback can become, and the exports of other tools that are recognised by theirs.

The names follow what the tools document of their exports and APIs; a column that a file lacks is simply not used.
"""

from insights.imports.public import Preset, Target

TARGETS = (
    Target(
        "text",
        "What was said",
        (
            *("text", "feedback", "comment", "comments", "body", "message", "what was said", "verbatim", "review"),
            *("description", "content", "note", "notes", "details", "quote", "answer", "response", "said"),
        ),
    ),
    Target("question", "An answer: a piece, with the column as its question", (), is_many=True),
    Target("title", "Its subject or question", ("title", "subject", "question", "headline", "summary")),
    Target(
        "origin_id",
        "Its id there",
        (
            *("origin id", "id", "feedback id", "ticket id", "conversation id", "response id", "respondent id"),
            *("submission id", "review id", "post id", "note id", "row index", "uuid", "key", "number"),
        ),
    ),
    Target(
        "person",
        "Who: id or e-mail address",
        (
            *("person", "email", "e mail", "email address", "user email", "customer email", "requester email"),
            *("author email", "contact email", "user id", "customer id", "person id", "distinct id", "contact id"),
        ),
    ),
    Target(
        "author", "Their name", ("name", "author", "author name", "user name", "full name", "requester", "code name")
    ),
    Target(
        "account",
        "Account: its id",
        (
            *("account", "account id", "company", "company id", "organization", "organisation", "organization id"),
            *("customer", "company name", "workspace", "workspace id"),
        ),
    ),
    Target(
        "said_on",
        "When it was said",
        (
            *("said on", "date", "created at", "created", "submitted at", "timestamp", "time", "day", "created at utc"),
            *("date submitted", "start date", "end date", "published at", "received at", "creation date"),
        ),
    ),
    Target("kind", "Kind", ("kind", "feedback type", "type of feedback")),
    Target("channel", "Channel", ("channel", "source", "via", "medium")),
    Target("language", "Language", ("language", "locale", "lang")),
    Target("origin_url", "Link to it there", ("origin link", "url", "link", "permalink", "origin url", "source url")),
    Target(
        "theme",
        "Themes: their names",
        ("theme", "themes", "label", "labels", "tag", "tags", "topic", "topics", "category", "subcategory"),
        is_many=True,
    ),
    Target("flag", "A theme by the column's name, where it says yes", (), is_many=True),
)

PRESETS = (
    Preset(
        "Zendesk tickets",
        frozenset({"id", "description", "requester id", "subject"}),
        {
            **{"id": "origin_id", "description": "text", "subject": "title", "created at": "said_on", "tags": "theme*"},
            **{"requester email": "person", "requester id": "person", "requester name": "author"},
            **{"organization id": "account", "via channel": "channel", "url": "origin_url"},
        },
        {"origin": "zendesk", "channel": "support", "kind": "other", "apart": "comma"},
    ),
    Preset(
        "Zendesk view",
        frozenset({"id", "requester", "subject", "ticket type", "via"}),
        {
            **{"id": "origin_id", "subject": "text", "description": "text", "requested": "said_on"},
            **{"created at": "said_on", "tags": "theme*", "requester email": "person", "requester id": "person"},
            **{"requester": "author", "organization": "account", "via": "channel"},
        },
        {"origin": "zendesk", "channel": "support", "kind": "other", "apart": "space"},
    ),
    Preset(
        "Intercom conversations",
        frozenset({"message body", "message author email", "conversation id"}),
        {
            **{"message body": "text", "message id": "origin_id", "message author email": "person"},
            **{"message author user id": "person", "message author name": "author", "message created at": "said_on"},
            **{"message author companies": "account", "conversation tags": "theme*"},
        },
        {"origin": "intercom", "channel": "in-app", "kind": "other", "apart": "comma"},
    ),
    Preset(
        "Intercom API",
        frozenset({"id", "source body", "source author email"}),
        {
            **{"id": "origin_id", "source body": "text", "source subject": "title", "created at": "said_on"},
            **{"source author email": "person", "source author id": "person", "source author name": "author"},
            **{"tags tags": "theme*", "source url": "origin_url"},
        },
        {"origin": "intercom", "channel": "in-app", "kind": "other", "is_html": True},
    ),
    Preset(
        "Canny posts",
        frozenset({"title", "details", "author email", "board"}),
        {
            **{"id": "origin_id", "post id": "origin_id", "details": "text", "title": "title"},
            **{"author email": "person", "author user id": "person", "author id": "person", "author name": "author"},
            **{"author company": "account", "company": "account", "created": "said_on", "created at": "said_on"},
            **{"tags": "theme*", "url": "origin_url"},
        },
        {"origin": "canny", "channel": "forum", "kind": "request", "apart": "comma"},
    ),
    Preset(
        "Canny API",
        frozenset({"title", "details", "author email", "board name"}),
        {
            **{"id": "origin_id", "details": "text", "title": "title", "author email": "person"},
            **{"author user id": "person", "author name": "author", "created": "said_on", "tags": "theme*"},
            **{"url": "origin_url"},
        },
        {"origin": "canny", "channel": "forum", "kind": "request"},
    ),
    Preset(
        "Productboard notes",
        frozenset({"title", "content", "display url"}),
        {
            **{"id": "origin_id", "content": "text", "title": "title", "user email": "person", "user id": "person"},
            **{"company name": "account", "company id": "account", "created at": "said_on", "tags": "theme*"},
            **{"external display url": "origin_url", "display url": "origin_url"},
        },
        {"origin": "productboard", "channel": "other", "kind": "request", "is_html": True, "apart": "comma"},
    ),
    Preset(
        "Productboard notes",
        frozenset({"note title", "note text", "customer email"}),
        {
            **{"note id": "origin_id", "note text": "text", "note title": "title", "customer email": "person"},
            **{"customer name": "author", "company name": "account", "company domain": "account"},
            **{"created at": "said_on", "note created at": "said_on", "tags": "theme*", "source url": "origin_url"},
        },
        {"origin": "productboard", "channel": "other", "kind": "request", "is_html": True, "apart": "comma"},
    ),
)

KIND_WORDS = {
    **dict.fromkeys(("bug", "issue", "incident", "complaint", "defect", "error"), "problem"),
    **dict.fromkeys(("feature", "feature request", "idea", "suggestion", "wish", "improvement"), "request"),
    **dict.fromkeys(("compliment", "positive", "thanks"), "praise"),
    **dict.fromkeys(("how to", "ask"), "question"),
    **dict.fromkeys(("general", "none", "n/a", "task"), "other"),
}
CHANNEL_WORDS = {
    **dict.fromkeys(("e-mail", "mail", "gmail", "inbound email"), "email"),
    **dict.fromkeys(("web", "web form", "help center", "helpcenter", "ticket", "zendesk", "support ticket"), "support"),
    **dict.fromkeys(("phone", "voice", "telephone"), "call"),
    **dict.fromkeys(("chat", "messenger", "in app", "widget", "web widget", "intercom"), "in-app"),
    **dict.fromkeys(("app store", "play store", "g2", "trustpilot"), "review"),
    **dict.fromkeys(("community", "canny", "forum"), "forum"),
    **dict.fromkeys(("questionnaire", "nps"), "survey"),
}
