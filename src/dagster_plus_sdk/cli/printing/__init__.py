"""From results to what is printed: tables, texts and formats, colours, progress."""
