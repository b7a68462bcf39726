"""Reading what Segment's and PostHog's clients send; pure functions that know no database."""
