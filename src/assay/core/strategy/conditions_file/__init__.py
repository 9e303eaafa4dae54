"""AI-Lona's conditions file, read into a strategy document and written back: docs/reference/conditions-file.md says what its words mean."""
