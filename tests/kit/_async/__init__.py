"""What tests of the async client and of the sync one share; the latter's is generated."""
