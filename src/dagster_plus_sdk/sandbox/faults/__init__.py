"""What goes wrong on demand, and a log of what was asked."""
