"""Code locations as documents, and their loads."""
