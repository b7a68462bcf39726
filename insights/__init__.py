"""What happened, and what customers say."""
