"""Answers JSON requests, one a line, on standard input: runs SQL on DuckDB, or parses it as Athena's.

{"parse": [sql, ...]}                        -> [null | error, ...]
{"names": {"sql": [sql, ...], "schema": {table: {column: type}}}}
                                             -> [{"columns": [name, ...]} | {"error"}, ...]: every name of a statement has to be there
{"execute": {"views": sql, "tables": {name: {"columns": [[name, type], ...], "rows": [[...], ...]}},
             "queries": [{"sql", "parameters"}, ...]}}
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
        # The parser keeps unknown statements whole, as a command.
        opaque = [tree for tree in trees if tree is None or list(tree.find_all(sqlglot.exp.Command))]
        if opaque or not trees:
            return f"not understood: {opaque}"
        # https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
        parameters = [parameter for tree in trees for parameter in tree.find_all(sqlglot.exp.Placeholder)]
        misplaced = [parameter.parent.sql() for parameter in parameters if not parameter.find_ancestor(sqlglot.exp.Where)]
        return f"a parameter is outside of WHERE: {misplaced}" if misplaced else None

    return [problem(sql) for sql in statements]


def names(request):
    import sqlglot
    from sqlglot.optimizer.qualify import qualify

    def columns(sql):
        try:
            statement = sqlglot.parse_one(sql, read="athena")
            query = statement.expression if isinstance(statement, sqlglot.exp.Create) else statement
            return {"columns": qualify(query, schema=request["schema"], dialect="athena").named_selects}
        except sqlglot.errors.SqlglotError as error:
            return {"error": str(error)}

    return [columns(sql) for sql in request["sql"]]


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


ANSWERS = {"parse": parse, "names": names, "execute": execute}

for line in sys.stdin:
    (kind, request), = json.loads(line).items()
    try:
        answer = {"answer": ANSWERS[kind](request)}
    except Exception as error:  # noqa: BLE001 whatever it is, the test has to show it
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
