"""What farhand is made of that is not ours: `make sbom`."""
