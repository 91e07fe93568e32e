"""The web face: pages, REST and map services over the same functions as the command line."""
