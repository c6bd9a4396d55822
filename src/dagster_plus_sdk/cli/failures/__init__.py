"""What goes wrong, in words: messages, exit codes, and what was probably meant."""
