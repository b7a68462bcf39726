"""What we will do, why, and whether it worked."""
