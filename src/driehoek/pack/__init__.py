"""A pack for a reviewer: what was published, the code, and a synthetic twin to run it on."""
