"""Pages of messages: notices, subscriptions, webhooks, and the link by which a digest is stopped."""
