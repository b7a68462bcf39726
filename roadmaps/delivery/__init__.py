"""Delivery: a wing of rooms, from what trackers say of the work to when it will be done."""
