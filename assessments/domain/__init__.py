"""Pure rules of assessment: no Flask, no database, no clock, no files."""
