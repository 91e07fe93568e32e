"""Geometry in EPSG:4490 lon/lat: corners, coordinate systems, areas, overlay, graticule."""
