import { createInterruption } from './interruption';

/**
 * Runs `count` workers concurrently with a shared signal. The first failure aborts the others and is thrown after all
 * of them have ended, so that nothing keeps running in the background.
 */
export async function inParallel(
  count: number, outer: AbortSignal, worker: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
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

/** Processes `items` in order, `count` at a time. */
export async function forEachInParallel<Item>(
  items: Iterable<Item>,
  count: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
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
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, page) => items.slice(page * size, (page + 1) * size));
}
