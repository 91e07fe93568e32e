"""Plan documents of any format (DOCX, PDF, plain text) read into values of the core."""
