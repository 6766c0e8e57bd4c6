"""Raw files as each survey platform writes them."""
