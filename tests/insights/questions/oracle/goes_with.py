"""What goes with coming back: who did what in the first days."""

from datetime import UTC, datetime, timedelta

from tests.insights.questions.oracle.asked import Asked, first_events


def goes_with(question, world):
    asked = Asked({**question, "interval": "day"}, world)
    now = datetime(2024, 6, 1, 12, tzinfo=UTC)
    last = (now - timedelta(days=question["until"])).astimezone(asked.zone).date().isoformat()
    began = {
        unit: event["timestamp"]
        for unit, event in first_events(asked, question["target"]).items()
        if question["date_from"] <= asked.local(event).date().isoformat() <= question["date_to"]
        and asked.local(event).date().isoformat() < last
    }

    def units(spec, first, last):
        low, high = timedelta(days=first), timedelta(days=last)
        events = [event for event in asked.events(spec) if asked.unit(event) in began]
        return {asked.unit(event) for event in events if low <= event["timestamp"] - began[asked.unit(event)] < high}

    later = units(question["returning"], question["days"], question["until"])
    own = {question["target"]["event"], question["returning"]["event"]}
    names = {event["event"] for event in asked.events({"event": None})} - own
    did = {name: units({"event": name}, 0, question["days"]) for name in names}
    return {"n": len(began), "later": len(later), "did": {name: (there, there & later) for name, there in did.items()}}
