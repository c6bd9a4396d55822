"""Who is logged in, where to, and what is stored of it."""
