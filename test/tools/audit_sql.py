"""Answers one JSON request on standard input: runs SQL on DuckDB, or parses it as Athena's.

{"parse": [sql, ...]}                        -> [null | error, ...]
{"views": sql, "tables": {name: {"columns": [[name, type], ...], "rows": [[...], ...]}}, "queries": [{"sql", "parameters"}, ...]}
                                             -> [{"columns": [[name, type], ...], "rows": [{...}, ...]}, ...]
"""
import json
import sys
from datetime import datetime


def parse(statements):
    import sqlglot

    def problem(sql):
        try:
            trees = sqlglot.parse(sql, read="athena", error_level=sqlglot.ErrorLevel.RAISE)
        except sqlglot.errors.SqlglotError as error:
            return str(error)
        # What the parser does not know it keeps whole, as a command.
        opaque = [tree for tree in trees if tree is None or list(tree.find_all(sqlglot.exp.Command))]
        return f"not understood: {opaque}" if opaque or not trees else None

    return [problem(sql) for sql in statements]


def plain(value):
    return value.isoformat() if isinstance(value, datetime) else value


def execute(request):
    import duckdb

    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    for name, table in request["tables"].items():
        columns = ", ".join(f'"{column}" {kind}' for column, kind in table["columns"])
        connection.execute(f"CREATE TABLE {name} ({columns})")
        if table["rows"]:
            marks = ", ".join("?" for _ in table["columns"])
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", table["rows"])
    connection.execute(request["views"])
    answers = []
    for query in request["queries"]:
        result = connection.execute(query["sql"], query.get("parameters", []))
        columns = [[column[0], str(column[1])] for column in result.description]
        rows = [{name: plain(value) for (name, _), value in zip(columns, row)} for row in result.fetchall()]
        answers.append({"columns": columns, "rows": rows})
    return answers


request = json.load(sys.stdin)
json.dump(parse(request["parse"]) if "parse" in request else execute(request), sys.stdout)
