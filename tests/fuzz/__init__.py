"""Raw files with damaged bytes, and runs that are killed: `make fuzz`."""
