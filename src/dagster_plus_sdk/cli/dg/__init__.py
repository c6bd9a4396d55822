"""The words of the official command ``dg api``, which are understood, too."""
