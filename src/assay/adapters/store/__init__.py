"""What is kept: rows in a database, columns in Parquet. The only package that knows SQL."""
