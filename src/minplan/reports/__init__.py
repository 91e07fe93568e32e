"""Writers of reports: DOCX, PDF, maps, GeoJSON."""
