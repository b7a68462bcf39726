"""Planning: which problems are worth solving, what we would do about them, in which order, and when it goes out."""
