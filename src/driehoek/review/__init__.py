"""Two runs compared: what went in, what came out, and where they part."""
