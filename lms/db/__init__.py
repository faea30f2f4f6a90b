"""The database: base class and column types, engine, transactions, the scope of an organisation."""
