"""What people keep of the catalog, and the search in it."""
