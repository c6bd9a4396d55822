"""One short script per resource; the pages of the reference show them."""
