"""What a shell completes: its scripts, and the answers to them."""
