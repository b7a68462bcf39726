"""The voice of the customer: a wing of rooms, from what was said to what was found and told."""
