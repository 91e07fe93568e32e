"""The Changzhi plan as facts, and the schematic geometry made from them."""
