"""The trail's verbs as sentences: "metric.change_proposed" is “proposed a change of the metric”."""

# What "verbed the noun" does not say well, by the verb after its noun; {noun} is what it was done to.
_PHRASES = {
    "acknowledged": "took on the {noun}",
    "brought_back": "brought back the {noun}",
    "capacity_set": "set the capacity of the {noun}",
    "change_approved": "approved a change of the {noun}",
    "change_declined": "declined a change of the {noun}",
    "change_proposed": "proposed a change of the {noun}",
    "change_taken_back": "took back a change of the {noun}",
    "check_asked": "asked for a check of the {noun}",
    "closed_to_public_links": "closed the {noun} to public links",
    "count_asked": "asked for a new count of the {noun}",
    "draft_changed": "wrote in the draft of the {noun}",
    "draft_dropped": "threw the draft of the {noun} away",
    "drafts_added": "drafted letters for the {noun}",
    "evidence_added": "added evidence to the {noun}",
    "evidence_removed": "removed evidence of the {noun}",
    "file_added": "added a file to the {noun}",
    "file_removed": "removed a file of the {noun}",
    "frozen": "froze the {noun}",
    "item_changed": "changed an initiative in the {noun}",
    "left_out": "left somebody out of the {noun}",
    "list_replaced": "replaced the list of the {noun}",
    "made_draft": "made the {noun} a draft again",
    "member_added": "added a member to the {noun}",
    "member_removed": "removed a member from the {noun}",
    "members_downloaded": "downloaded the members of the {noun}",
    "moved_to_another_dashboard": "moved the {noun} to another dashboard",
    "opened_to_public_links": "opened the {noun} to public links",
    "parts_set": "set the parts of the {noun}",
    "people_downloaded": "downloaded people of the {noun}",
    "preferences_changed": "changed the preferences of the {noun}",
    "put_on_home": "put the {noun} on Home",
    "review_due": "found the {noun} due for review",
    "run": "ran the {noun}",
    "run_asked": "started the {noun}",
    "second_file_dropped": "took the second file off the {noun}",
    "second_file_stored": "added a second file to the {noun}",
    "secret_exchanged": "exchanged the secret of the {noun}",
    "sent_to_review": "sent the {noun} to review",
    "taken_off_home": "took the {noun} off Home",
    "taken_back": "took back the {noun}",
    "telling_asked": "asked for the letters of the {noun} to be sent",
    "told_by_hand": "noted the {noun} as done by hand",
    "thrown_away": "threw away the {noun}",
    "undo_asked": "asked for the undoing of the {noun}",
    "undone": "undid the {noun}",
    "unstarred": "took the star off the {noun}",
}


def say_verb(verb: str) -> str:
    """Return what was done, from "noun.verbed": all but the name of the thing.

    >>> say_verb("dashboard.changed")
    'changed the dashboard'
    >>> say_verb("write_key.created")
    'created the write key'
    """
    noun, _, done = verb.partition(".")
    noun = noun.replace("_", " ")
    return _PHRASES.get(done, f"{done.replace('_', ' ')} the {{noun}}").format(noun=noun)


def has_words(verb: str) -> bool:
    """Say whether a verb reads as a sentence: one participle, or a phrase of its own."""
    done = verb.partition(".")[2]
    return done in _PHRASES or "_" not in done
