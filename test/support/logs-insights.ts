/**
 * CloudWatch Logs Insights, as far as the queries of the dashboard and the runbook use it: fields, filter, parse, stats, sort
 * and limit. Whatever else a query says is refused, so that a slip of the pen is not taken for an answer.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export type Row = { readonly [field: string]: unknown };

type Command = (rows: readonly Row[]) => Row[];
type Expression = (row: Row) => unknown;

export function insights(query: string): (records: readonly object[]) => Row[] {
  const commands = query.split(/\s*\|\s+(?=(?:fields|filter|parse|stats|sort|limit|display|dedup)\b)/).map(commandOf);
  return (records) => commands.reduce<Row[]>((rows, command) => command(rows), records.map((record) => ({ ...record })));
}

function commandOf(line: string): Command {
  const [, name, rest] = /^(\w+)\s+(.+)$/s.exec(line.trim()) ?? fail(line);
  const reader = new Reader(rest);
  const command = commands[name] ? commands[name](reader) : fail(line);
  return reader.done() ? command : fail(`${line}, at ${reader.rest()}`);
}

const commands: { readonly [name: string]: (reader: Reader) => Command } = {
  filter: (reader) => {
    const condition = or(reader);
    return (rows) => rows.filter((row) => condition(row) === true);
  },
  fields: (reader) => {
    const columns = reader.list(() => named(reader, (inner) => value(inner)));
    // What no column names stays to be asked for further on.
    return (rows) => rows.map((row) => ({ ...row, ...Object.fromEntries(columns.map(([name, expression]) => [name, expression(row)])) }));
  },
  parse: (reader) => {
    const source = value(reader);
    const pattern = text(reader.take());
    reader.expect('as');
    const names = reader.list(() => reader.take());
    const expression = new RegExp(pattern.split('*').map(escaped).join('(.*?)') + (pattern.endsWith('*') ? '$' : ''), 's');
    if (names.length !== pattern.split('*').length - 1) {
      fail(`parse has ${names.length} names for the wildcards of ${pattern}`);
    }
    return (rows) => rows.map((row) => {
      const match = expression.exec(String(source(row) ?? ''));
      return { ...row, ...Object.fromEntries(names.map((name, index) => [name, match?.[index + 1]])) };
    });
  },
  stats: (reader) => {
    const sums = reader.list(() => named(reader, aggregate));
    reader.expect('by');
    const keys = reader.list(() => named(reader, (inner) => value(inner)));
    return (rows) => {
      const groups = new Map<string, Row[]>();
      for (const row of rows) {
        const key = JSON.stringify(keys.map(([, expression]) => expression(row) ?? null));
        groups.set(key, [...groups.get(key) ?? [], row]);
      }
      return [...groups.values()].map((group) => Object.fromEntries([
        ...keys.map(([name, expression]) => [name, expression(group[0])]), ...sums.map(([name, sum]) => [name, sum(group)]),
      ]));
    };
  },
  sort: (reader) => {
    const by = value(reader);
    const direction = reader.done() || reader.take() === 'asc' ? 1 : -1;
    return (rows) => [...rows].sort((a, b) => direction * compare(by(a), by(b)));
  },
  limit: (reader) => {
    const most = Number(reader.take());
    return (rows) => rows.slice(0, most);
  },
};

function or(reader: Reader): Expression {
  const terms = [and(reader)];
  while (reader.accept('or')) {
    terms.push(and(reader));
  }
  return (row) => terms.some((term) => term(row) === true);
}

function and(reader: Reader): Expression {
  const terms = [not(reader)];
  while (reader.accept('and')) {
    terms.push(not(reader));
  }
  return (row) => terms.every((term) => term(row) === true);
}

function not(reader: Reader): Expression {
  if (reader.accept('not')) {
    const inner = not(reader);
    return (row) => inner(row) !== true;
  }
  if (reader.accept('(')) {
    const inner = or(reader);
    reader.expect(')');
    return inner;
  }
  return comparison(reader);
}

function comparison(reader: Reader): Expression {
  if (reader.accept('ispresent')) {
    reader.expect('(');
    const inner = value(reader);
    reader.expect(')');
    return (row) => inner(row) !== undefined && inner(row) !== null;
  }
  const left = value(reader);
  const negated = reader.accept('not');
  const operator = reader.take();
  if (operator === 'in') {
    reader.expect('[');
    const values = reader.list(() => text(reader.take()));
    reader.expect(']');
    return (row) => values.includes(String(left(row))) !== negated;
  }
  if (operator === 'like') {
    const token = reader.take();
    const expression = new RegExp(token.startsWith('/') ? token.slice(1, -1) : escaped(text(token)));
    return (row) => expression.test(String(left(row) ?? '')) !== negated;
  }
  const right = value(reader);
  const compared: { readonly [operator: string]: (a: any, b: any) => boolean } = {
    '=': (a, b) => same(a) === same(b), '!=': (a, b) => same(a) !== same(b), '>=': (a, b) => a >= b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '<': (a, b) => a < b,
  };
  return negated || !compared[operator] ? fail(`the operator ${operator}`) : (row) => compared[operator](left(row), right(row));
}

/** Insights shows truth as 1 and 0. */
const same = (found: unknown) => (typeof found === 'boolean' ? Number(found) : found);

function aggregate(reader: Reader): (rows: readonly Row[]) => unknown {
  const name = reader.take();
  reader.expect('(');
  const of = reader.accept('*') ? undefined : value(reader);
  const percentile = reader.accept(',') ? Number(reader.take()) : undefined;
  reader.expect(')');
  const numbers = (rows: readonly Row[]) => rows.map((row) => of!(row)).filter((found): found is number => typeof found === 'number');
  const texts = (rows: readonly Row[]) => rows.map((row) => of!(row)).filter((found) => found !== undefined).sort(compare);
  const functions: { readonly [name: string]: (rows: readonly Row[]) => unknown } = {
    count: (rows) => (of ? texts(rows).length : rows.length),
    sum: (rows) => numbers(rows).reduce((sum, found) => sum + found, 0),
    count_distinct: (rows) => new Set(texts(rows)).size,
    earliest: (rows) => texts(rows)[0],
    latest: (rows) => texts(rows).at(-1),
    pct: (rows) => numbers(rows).sort((a, b) => a - b)[Math.ceil(numbers(rows).length * percentile! / 100) - 1],
  };
  const found = functions[name] ?? fail(`the function ${name}`);
  if (reader.accept('/')) {
    const divisor = Number(reader.take());
    return (rows) => (found(rows) as number) / divisor;
  }
  return found;
}

function value(reader: Reader): Expression {
  const token = reader.take();
  if (token === 'coalesce' || token === 'bin') {
    reader.expect('(');
    const inner = reader.list(() => value(reader));
    reader.expect(')');
    return token === 'bin' ? () => 'bin' : (row) => inner.map((one) => one(row)).find((found) => found !== undefined && found !== null);
  }
  if (token.startsWith('"')) {
    return () => text(token);
  }
  if (/^\d+[a-z]?$/.test(token)) {
    return () => Number.parseInt(token, 10);
  }
  const name = token.replace(/`/g, '');
  // A column that a command made has its whole name; else each dot leads further into the record.
  return /^(@?[A-Za-z_][\w.]*|`[^`]+`)$/.test(token)
    ? (row) => (name in row ? row[name] : name.split('.').reduce<any>((at, part) => at?.[part], row)) : fail(`the field ${token}`);
}

function named<Made>(reader: Reader, make: (reader: Reader) => Made): [string, Made] {
  const from = reader.position;
  const made = make(reader);
  return [reader.accept('as') ? reader.take() : reader.between(from), made];
}

function text(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1) : fail(`the text ${token}`);
}

function compare(a: any, b: any): number {
  return a === b ? 0 : a === undefined ? -1 : b === undefined ? 1 : a < b ? -1 : 1;
}

const escaped = (plain: string) => plain.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function fail(what: string): never {
  throw new Error(`not in what this reading knows of Logs Insights: ${what}`);
}

/** The words of a command, one after the other. */
class Reader {
  public position = 0;
  private readonly tokens: readonly string[];

  constructor(command: string) {
    this.tokens = command.match(/"[^"]*"|`[^`]*`|\/(?=\S)[^/]*\/|[@\w][\w.@]*|!=|>=|<=|[^\s\w]/g) ?? [];
  }

  public take(): string {
    return this.tokens[this.position++] ?? fail('a command that ends too soon');
  }

  public accept(token: string): boolean {
    const is = this.tokens[this.position] === token;
    this.position += Number(is);
    return is;
  }

  public expect(token: string): void {
    if (!this.accept(token)) {
      fail(`${this.rest()} where ${token} should be`);
    }
  }

  public list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.accept(',')) {
      items.push(item());
    }
    return items;
  }

  public between(from: number): string {
    return this.tokens.slice(from, this.position).join('').replace(/`/g, '');
  }

  public done(): boolean {
    return this.position === this.tokens.length;
  }

  public rest(): string {
    return this.tokens.slice(this.position).join(' ');
  }
}
