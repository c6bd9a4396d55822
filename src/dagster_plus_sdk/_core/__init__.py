"""What the async and the sync client share: no input or output happens here."""
