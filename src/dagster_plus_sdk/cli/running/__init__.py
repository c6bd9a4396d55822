"""The commands that launch, wait and watch: more than a method and its result."""
