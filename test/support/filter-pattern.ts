/**
 * CloudWatch Logs' reading of a metric filter's JSON pattern: `&&` before `||`, parentheses, `=` and `!=` with a text (`*` at
 * its ends stands for anything) or a number, `<`, `<=`, `>`, `>=`, EXISTS, NOT EXISTS, IS NULL, IS TRUE, IS FALSE.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * What the guide does not say is not guessed: a pattern whose answer hangs on how CloudWatch reads `!=` where the field is
 * missing is refused, and so are patterns of other forms, so that none is taken for one that matches nothing.
 */
export function matchesPattern(pattern: string, line: string): boolean {
  const condition = parsed.get(pattern) ?? parse(pattern);
  parsed.set(pattern, condition);
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return false;
  }
  const [strict, lenient] = [false, true].map((missingDiffers) => condition(event, missingDiffers));
  if (strict !== lenient) {
    throw new Error(`the guide does not say whether this pattern matches, because a field of a != is missing: ${pattern}`);
  }
  return strict;
}

/** The number that a metric filter takes out of a line that it matches; undefined if there is none. */
export function metricValueOf(metricValue: string, line: string): number | undefined {
  if (!metricValue.startsWith('$.')) {
    return Number(metricValue);
  }
  const value = valueAt(JSON.parse(line), metricValue);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

type Condition = (event: unknown, missingDiffers: boolean) => boolean;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
const LONGEST_PATTERN = 1024;

const parsed = new Map<string, Condition>();

function parse(pattern: string): Condition {
  if (pattern.length > LONGEST_PATTERN) {
    throw new Error(`a pattern has at most ${LONGEST_PATTERN} characters; this one has ${pattern.length}: ${pattern}`);
  }
  const tokens = tokensOf(pattern);
  let at = 0;
  const take = () => tokens[at++];
  const fail = (): never => {
    throw new Error(`the pattern is of a form that this reading does not know: ${pattern}`);
  };
  const expect = (token: string) => take() === token || fail();

  const any = (): Condition => chain('||', all, (conditions) => (event, missing) => conditions.some((condition) => condition(event, missing)));
  const all = (): Condition => chain('&&', term, (conditions) => (event, missing) => conditions.every((condition) => condition(event, missing)));
  const chain = (operator: string, next: () => Condition, join: (conditions: Condition[]) => Condition): Condition => {
    const conditions = [next()];
    while (tokens[at] === operator) {
      at++;
      conditions.push(next());
    }
    return conditions.length === 1 ? conditions[0] : join(conditions);
  };
  const term = (): Condition => {
    if (tokens[at] === '(') {
      at++;
      const inner = any();
      expect(')');
      return inner;
    }
    const selector = take();
    return /^\$(\.[\w-]+(\[\d+\])*)+$/.test(selector ?? '') ? comparison(selector, take, fail) : fail();
  };

  expect('{');
  const condition = any();
  expect('}');
  return at === tokens.length ? condition : fail();
}

function comparison(selector: string, take: () => string | undefined, fail: () => never): Condition {
  const operator = take();
  const value = (event: unknown) => valueAt(event, selector);
  switch (operator) {
    case 'EXISTS':
      return (event) => value(event) !== undefined;
    case 'NOT':
      return take() === 'EXISTS' ? (event) => value(event) === undefined : fail();
    case 'IS': {
      const literal = take() ?? '';
      const wanted = new Map<string, unknown>([['NULL', null], ['TRUE', true], ['FALSE', false]]);
      return wanted.has(literal) ? (event) => value(event) === wanted.get(literal) : fail();
    }
    case '=':
    case '!=': {
      const equals = equality(take() ?? fail());
      return (event, missingDiffers) => {
        const found = value(event);
        if (found === undefined || found === null) {
          return operator === '!=' && missingDiffers;
        }
        // The selector must point to a text or a number, or the filter is not applied.
        return typeof found !== 'object' && equals(found) === (operator === '=');
      };
    }
    case '<': case '<=': case '>': case '>=': {
      const limit = Number(take() ?? fail());
      return Number.isNaN(limit) ? fail() : (event) => {
        const found = value(event);
        return typeof found === 'number' && { '<': found < limit, '<=': found <= limit, '>': found > limit, '>=': found >= limit }[operator];
      };
    }
    default:
      return fail();
  }
}

function equality(token: string): (found: unknown) => boolean {
  if (!token.startsWith('"') && /^[+-]?[\d.]+(e[+-]?\d+)?$/.test(token)) {
    return (found) => typeof found === 'number' && found === Number(token);
  }
  const text = token.startsWith('"') ? token.slice(1, -1) : token;
  const [, before, middle, after] = /^(\*?)(.*?)(\*?)$/s.exec(text)!;
  return (found) => {
    const whole = String(found);
    if (before && after) {
      return whole.includes(middle);
    }
    return before ? whole.endsWith(middle) : after ? whole.startsWith(middle) : whole === middle;
  };
}

function valueAt(event: unknown, selector: string): unknown {
  return selector.slice(2).split(/\.|(?=\[)/).reduce<any>((at, name) => at?.[name.startsWith('[') ? Number(name.slice(1, -1)) : name], event);
}

function tokensOf(pattern: string): string[] {
  const token = /\s*("[^"]*"|&&|\|\||[(){}]|!=|<=|>=|[=<>]|[^\s(){}"=<>!&|]+)\s*/gy;
  const tokens: string[] = [];
  while (token.lastIndex < pattern.length) {
    const match = token.exec(pattern);
    if (!match) {
      throw new Error(`the pattern is of a form that this reading does not know: ${pattern}`);
    }
    tokens.push(match[1]);
  }
  return tokens;
}
