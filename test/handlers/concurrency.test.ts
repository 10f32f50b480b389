import * as fc from 'fast-check';
import { mapConcurrently } from '../../src/handlers/common/concurrency';

test('keeps the order, processes each item once and respects the limit', async () => {
  const turns = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 });
  await fc.assert(fc.asyncProperty(turns, fc.integer({ min: 1, max: 9 }), async (delays, limit) => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrently(delays, limit, async (delay, index) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < delay; turn++) {
        await Promise.resolve();
      }
      running--;
      return index;
    });
    expect(results).toEqual(delays.map((_delay, index) => index));
    expect(most).toBeLessThanOrEqual(limit);
  }));
});

test('starts no further items after a failure', async () => {
  let begun = 0;
  await expect(mapConcurrently(Array.from({ length: 100 }), 2, async () => {
    begun++;
    await Promise.resolve();
    throw new Error('first failure');
  })).rejects.toThrow('first failure');
  expect(begun).toBe(2);
});
