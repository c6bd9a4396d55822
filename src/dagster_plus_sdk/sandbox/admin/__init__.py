"""The door to a running sandbox's state: its HTTP side, and the client's."""
