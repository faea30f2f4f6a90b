"""What SQLite is told about the size of tables, where PostgreSQL finds out by itself."""

from sqlalchemy import Connection, text

MANY = 1_000_000
FEW = 10


def tell_that_an_organisation_has_many_rows(connection: Connection) -> None:
    """State it of each index that begins with the organisation.

    Without statistics SQLite takes it that ten rows belong to an organisation, and goes through all of them to find
    the items of one form. Nothing else is stated: figures that were true of a small table would mislead in a large one.
    """
    connection.execute(text("ANALYZE sqlite_schema"))  # makes the table of statistics, and fills in nothing
    tables = connection.scalars(text("SELECT name FROM sqlite_schema WHERE type = 'table'")).all()
    indexes = text("SELECT name FROM pragma_index_list(:table) WHERE NOT partial")
    state = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :name, :stat)")
    columns = text("SELECT name FROM pragma_index_info(:name) ORDER BY seqno")
    connection.execute(text("DELETE FROM sqlite_stat1"))
    for table in tables:
        for name in connection.scalars(indexes, {"table": table}).all():
            first, *others = connection.scalars(columns, {"name": name}).all()
            if first == "organisation_id":
                stat = " ".join(str(count) for count in (MANY, MANY, *(FEW for _ in others)))
                told = {"table": table, "name": name, "stat": stat}
                connection.execute(state, told)
    connection.execute(text("ANALYZE sqlite_schema"))  # this connection reads them anew; others do when they open
