import { queryTestsOnBothEngines } from './support/query-tests';
import { proves } from '../../fidelity/proves';
import { hasTrino, TRINO } from '../../tools/trino';

(hasTrino() ? describe : describe.skip)('on Trino and DuckDB', () => {
  const files = queryTestsOnBothEngines('others');

  test('all queries were run', () => {
    expect(files).toContain('behaviour.test.ts');
    proves(TRINO, 'athena.named-queries', 'athena.views');
  });
});
