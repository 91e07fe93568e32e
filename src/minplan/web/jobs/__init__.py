"""Work in the background: bulk reviews, imports, exports, prints."""
