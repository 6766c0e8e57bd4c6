"""Groups of console commands, each in a module of its own."""
