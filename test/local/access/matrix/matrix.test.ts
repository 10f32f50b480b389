import { countsOf, disagreementsOf, linesOf, surprisesOf, undecidedOf, type Outcome } from './run';
import { tryCognitoStore, tryIamStore } from './store-under-matrix';
import type { Store } from '../../../access/matrix/matrix';
import { differencesToCommitted } from '../../../access/matrix/results';
import { MINISTACK } from '../../../fidelity/engines';
import { proves } from '../../../fidelity/proves';
import { IAM_SIMULATE } from '../../../tools/iam-simulate';

const STORES = [['iam', tryIamStore], ['cognito', tryCognitoStore]] as const;

describe('The access matrix', () => {
  const tried = new Map<string, { readonly store: Store; readonly outcomes: readonly Outcome[] }>();
  beforeAll(async () => {
    for (const [id, tryStore] of STORES) {
      tried.set(id, await tryStore());
    }
  });

  describe.each(['iam', 'cognito'])('of the store with %s', (id) => {
    // [C-05] in docs/compliance.md
    test('has no surprise: every principal may do what the promises say, and nothing else', () => {
      expect(linesOf(surprisesOf(tried.get(id)!.outcomes))).toEqual([]);
    });

    test('has no cell without a verdict', () => {
      expect(linesOf(undecidedOf(tried.get(id)!.outcomes))).toEqual([]);
    });

    test('is evaluated alike by a second engine', () => {
      expect(linesOf(disagreementsOf(tried.get(id)!.outcomes))).toEqual([]);
      proves(MINISTACK, 'iam.explicit-deny');
      proves(IAM_SIMULATE, 'iam.explicit-deny');
    });

    test('is what docs/access.md shows; otherwise run "npm run access"', () => {
      expect(differencesToCommitted(tried.get(id)!.store)).toEqual([]);
    });
  });

  test('tries at least 600 cells by request', () => {
    const byRequest = [...tried.values()].reduce((sum, { outcomes }) => sum + countsOf(outcomes).byRequest, 0);
    expect(byRequest).toBeGreaterThanOrEqual(600);
  });
});
