"""How a plan document is held against itself: readings, comparisons, sums, lists, tables."""
