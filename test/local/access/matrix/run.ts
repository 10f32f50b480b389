import type { Caller } from './callers';
import type { Requests, Tried } from './requests';
import type { Evaluated, SecondEngine } from './second-engine';
import { expectedAnswer, type Action, type Answer, type Cell, type Result, type Store } from '../../../access/matrix/matrix';

/** One cell after it was tried. */
export interface Outcome extends Result {
  readonly cell: Cell;
  readonly expected: Answer;
  /** What the answer to the request was, if there was one. */
  readonly said?: string;
  readonly evaluated?: Evaluated;
}

const CONCURRENT_REQUESTS = 6;

/**
 * Whether a request proves nothing, so that only the second engine decides: the local AWS denies nothing to the root user, and takes an
 * unsigned request to S3 for one of the root user. It looks for most resources in the account of the caller only.
 */
function isEngineOnly({ id, account }: Cell['principal'], { request, needs }: Action): boolean {
  const service = needs[0].may.split(':')[0];
  return request === undefined || id === 'root' || (id === 'anonymous' && service === 's3')
    || (account !== undefined && !REACHED_ACROSS_ACCOUNTS.includes(service));
}

/** What principals of other accounts reach in the local AWS. */
const REACHED_ACROSS_ACCOUNTS = ['s3', 'sts'];

/** Tries every cell by a request, and evaluates every cell with the second engine. */
export async function runMatrix(
  store: Store, callers: ReadonlyMap<string, Caller>, requests: Requests, engine: SecondEngine, cells: readonly Cell[],
): Promise<Outcome[]> {
  const tried = new Array<Tried | undefined>(cells.length);
  const queue = [...cells.keys()].filter((index) => !isEngineOnly(cells[index].principal, cells[index].action));
  const work = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      tried[index] = await requests.send(cells[index].action, callers.get(cells[index].principal.id)!);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, work));

  // The policies of AWS do not decide what a token may do.
  const evaluated = new Map<Cell, Evaluated>();
  const known = cells.filter(({ action }) => store.id === 'iam' || action.request?.route === undefined);
  const results = await engine.evaluate(known.map(({ principal, action }) => ({ caller: callers.get(principal.id)!, action })));
  known.forEach((cell, index) => evaluated.set(cell, results[index]));

  return cells.map((cell, index) => ({
    cell,
    expected: expectedAnswer(store, cell),
    said: tried[index]?.said,
    evaluated: evaluated.get(cell),
    ...decide(tried[index], evaluated.get(cell)),
  }));
}

/** A request decides what the local AWS evaluates; the second engine decides the rest. */
function decide(tried: Tried | undefined, evaluated: Evaluated | undefined): Result {
  if (tried === undefined) {
    return { answer: evaluated?.all, by: 'engine' };
  }
  if (tried.answer === 'allowed' && evaluated?.notLocal !== undefined) {
    return { answer: evaluated.notLocal, by: evaluated.notLocal === 'allowed' ? 'both' : 'engine' };
  }
  return { answer: tried.answer, by: 'request' };
}

/** Cells whose answer is not the expected one. */
export function surprisesOf(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ answer, expected }) => answer !== undefined && answer !== expected);
}

export function undecidedOf(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ answer }) => answer === undefined);
}

/** Cells that a request decided, and that the second engine evaluates otherwise. */
export function disagreementsOf(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter(({ answer, by, evaluated }) => by !== 'engine' && evaluated?.all !== undefined && evaluated.all !== answer);
}

/** One line for each cell: what was expected, what the answer was, and what the second engine says. */
export function linesOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ cell: { principal, action }, expected, answer, by, said, evaluated }) =>
    `${principal.id} × ${action.id}: expected ${expected}, got ${answer ?? 'no verdict'} by ${by ?? 'nothing'}`
    + `${said === undefined ? '' : `, answer ${said}`}; second engine: ${evaluated?.all ?? evaluated?.problem ?? 'not asked'}`);
}

export interface Counts {
  readonly cells: number;
  readonly byRequest: number;
  readonly byEngine: number;
  readonly undecided: number;
}

export function countsOf(outcomes: readonly Outcome[]): Counts {
  const byEngine = outcomes.filter(({ answer, by }) => answer !== undefined && by === 'engine').length;
  const undecided = undecidedOf(outcomes).length;
  return { cells: outcomes.length, byRequest: outcomes.length - byEngine - undecided, byEngine, undecided };
}

/** The surprises first, then what is undecided, then where the engines disagree, then the counts. */
export function reportOf(store: Store, outcomes: readonly Outcome[]): string {
  const { cells, byRequest, byEngine, undecided } = countsOf(outcomes);
  const section = (title: string, found: readonly Outcome[]) =>
    [`${title}: ${found.length === 0 ? 'none' : found.length}`, ...linesOf(found).map((line) => `  ${line}`)];
  return [
    `access matrix of "${store.title}"`,
    ...section('surprises', surprisesOf(outcomes)),
    ...section('undecided', undecidedOf(outcomes)),
    ...section('the second engine disagrees', disagreementsOf(outcomes)),
    `${cells} cells: ${byRequest} decided by request, ${byEngine} by the second engine, ${undecided} undecided`,
    '',
  ].join('\n');
}
