"""The public view: what is published, for everybody, where the installation switches it on."""
