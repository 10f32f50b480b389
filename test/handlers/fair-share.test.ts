import type { APIGatewayProxyResult } from 'aws-lambda';
import { ACCOUNT, apiEvent, lambdaContext } from './support/events';
import { StoreDouble } from './support/store-double';
import { FairShare } from '../../src/handlers/common/fair-share';
import { createFunction } from '../../src/handlers/http/router';

type Handler = ReturnType<typeof createFunction<'download'>>;

const callerOf = (name: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/DataScientist/${name}`;
const event = (name: string) => apiEvent('downloadLinks', { parameters: { model: 'fraud', version: '1.0.0' }, body: { paths: ['a'] }, userArn: callerOf(name) });

/**
 * The execution environments of a function: each serves one request at a time, and a request that finds all of them busy
 * is throttled, as by Lambda.
 */
class Pool {
  private current = '';
  private readonly environments: Array<{ readonly handler: Handler; busy: boolean; busyFor: { [caller: string]: number } }>;

  constructor(size: number, private readonly durationOf: (caller: string) => number) {
    this.environments = Array.from({ length: size }, () => ({ handler: this.createHandler(), busy: false, busyFor: {} }));
  }

  private createHandler(): Handler {
    return createFunction('download', {
      downloadLinks: async () => {
        await new Promise((resolve) => { setTimeout(resolve, this.durationOf(this.current)); });
        return { status: 200, body: { links: [] } };
      },
    });
  }

  /** The answer, or `throttled` if no environment is free. */
  async call(caller: string): Promise<APIGatewayProxyResult | 'throttled'> {
    const free = this.environments.find(({ busy }) => !busy);
    if (free === undefined) {
      return 'throttled';
    }
    this.current = caller;
    free.busy = true;
    const began = Date.now();
    try {
      return await free.handler(event(caller), lambdaContext());
    } finally {
      free.busy = false;
      free.busyFor[caller] = (free.busyFor[caller] ?? 0) + Date.now() - began;
    }
  }

  /** The time of all environments together that a caller used. */
  milliseconds(caller: string): number {
    return this.environments.reduce((sum, { busyFor }) => sum + (busyFor[caller] ?? 0), 0);
  }
}

const status = (answer: APIGatewayProxyResult | 'throttled') => (answer === 'throttled' ? 0 : answer.statusCode);

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  store.restore();
});

/**
 * Floods the pool with requests of one caller for some seconds. Another caller has one request at a time, and tries it
 * again every second, as clients do. Returns how many tries each of its answered requests took.
 */
async function flood(pool: Pool, seconds: number, other?: string): Promise<{ tries: number[]; refused: string[] }> {
  const refused: string[] = [];
  const tries: number[] = [];
  let trying = 1;
  for (let tick = 0; tick < seconds * 10; tick++) {
    // More than there are environments, so that it takes every one that is free.
    for (let request = 0; request < 8; request++) {
      void pool.call('greedy').then((answer) => {
        if (answer !== 'throttled' && answer.statusCode === 429) refused.push(answer.body);
      });
    }
    await jest.advanceTimersByTimeAsync(50);
    if (tick % 10 === 5 && other !== undefined) {
      void pool.call(other).then((answer) => {
        if (status(answer) === 200) tries.push(trying);
        trying = status(answer) === 200 ? 1 : trying + 1;
      });
    }
    await jest.advanceTimersByTimeAsync(50);
  }
  return { tries, refused };
}

const poolOfFour = () => new Pool(4, (caller) => (caller === 'greedy' ? 5_000 : 300));

test('a caller that floods a function leaves a quarter of its time to others, who are answered after some tries', async () => {
  const pool = poolOfFour();
  // The allowance comes first: two minutes in which it may use everything.
  await flood(pool, 150);
  const before = pool.milliseconds('greedy');

  const { tries, refused } = await flood(pool, 120, 'ada');

  expect(JSON.parse(refused[0])).toMatchObject({ code: 'too_many_requests', message: expect.stringContaining('your share') });
  expect((pool.milliseconds('greedy') - before) / (4 * 120_000)).toBeLessThan(0.8);
  expect(tries.length).toBeGreaterThan(20);
  expect(Math.max(...tries)).toBeLessThanOrEqual(10);
});

test('without the limit, the same flood would leave them nothing', async () => {
  jest.spyOn(FairShare.prototype, 'secondsToWait').mockReturnValue(undefined);
  const pool = poolOfFour();
  await flood(pool, 150);

  expect(await flood(pool, 120, 'ada')).toEqual({ tries: [], refused: [] });
});

test('a refused caller gets a Retry-After, and is served after that time', async () => {
  const pool = new Pool(1, () => 20_000);
  let answer: APIGatewayProxyResult;
  do {
    const pending = pool.call('ada');
    await jest.advanceTimersByTimeAsync(20_000);
    answer = await pending as APIGatewayProxyResult;
  } while (answer.statusCode === 200);
  expect(answer.statusCode).toBe(429);

  await jest.advanceTimersByTimeAsync(Number(answer.headers!['retry-after']) * 1_000);
  const again = pool.call('ada');
  await jest.advanceTimersByTimeAsync(20_000);

  expect(status(await again)).toBe(200);
});

test('a caller that pauses for a third of the time is never refused', async () => {
  const pool = new Pool(1, () => 2_000);
  for (let request = 0; request < 500; request++) {
    const pending = pool.call('ada');
    await jest.advanceTimersByTimeAsync(3_000);
    expect(status(await pending)).toBe(200);
  }
});
