import { createInterruption } from './interruption';

/**
 * Runs `worker` `count` times at once, each with the same signal. The first failure stops the others; it is thrown
 * only after all of them have ended, so that nothing goes on behind the caller's back.
 */
export async function inParallel(count: number, outer: AbortSignal, worker: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const inner = createInterruption();
  const stop = () => inner.abort(outer.reason);
  outer.addEventListener('abort', stop);
  let failed = false;
  let failure: unknown;
  const guarded = async () => {
    try {
      await worker(inner.signal);
    } catch (error) {
      if (!failed) {
        failed = true;
        failure = error;
        inner.abort(error);
      }
    }
  };
  try {
    outer.throwIfAborted();
    await Promise.all(Array.from({ length: count }, guarded));
  } finally {
    outer.removeEventListener('abort', stop);
  }
  outer.throwIfAborted();
  if (failed) {
    throw failure;
  }
}

/** Works through `items`, `count` at a time, in order. */
export async function forEachInParallel<Item>(
  items: Iterable<Item>, count: number, signal: AbortSignal, work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  await inParallel(count, signal, async (inner) => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      inner.throwIfAborted();
      await work(next.value, inner);
    }
  });
}

export function pagesOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, page) => items.slice(page * size, (page + 1) * size));
}
