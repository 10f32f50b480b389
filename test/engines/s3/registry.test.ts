import { randomBytes } from 'node:crypto';
import type {
  AliasesResponse, AliasHistoryResponse, ModelsResponse, VersionsResponse,
} from '../../../src/contract/wire';
import { proves } from '../../fidelity/proves';
import { errorCode } from '../../local/rig/store-api';
import { sample } from '../../local/support/sample';
import { onEveryEngine } from '../support/engine-bench';

/** S3 lists in key order, and in a key each name is followed by "/". */
function inOrderOfKeys(names: readonly string[]): string[] {
  return names
    .map((name) => `${name}/`)
    .sort()
    .map((key) => key.slice(0, -1));
}

onEveryEngine('The registry', (bench) => {
  const { engine } = bench.store.engine;
  const ada = bench.as('dataScientist');
  const grace = bench.as('pipeline');
  const prefix = `registry-${randomBytes(4).toString('hex')}`;

  test('accepts exactly one of many concurrent moves of an alias', async () => {
    const model = `${prefix}-alias`;
    const file = sample('model.onnx', 100);
    for (const version of ['1', '2', '3']) {
      await ada.push(model, version, [file]);
    }
    const race = async (body: (racer: number) => object) =>
      Promise.all(
        Array.from({ length: 8 }, async (_, racer) =>
          grace.move(model, 'production', { reason: `racer ${racer}`, ...body(racer) }),
        ),
      );
    const winners = (answers: Awaited<ReturnType<typeof race>>) => answers.filter(({ status }) => status === 200);

    const created = await race((racer) => ({ version: String(1 + (racer % 3)), ifRevision: null }));
    expect(winners(created)).toHaveLength(1);
    const {
      json: { revision, version: now },
    } = winners(created)[0];
    const others = ['1', '2', '3'].filter((version) => version !== now);
    const moved = await race((racer) => ({ version: others[racer % 2], ifRevision: revision }));
    expect(winners(moved)).toHaveLength(1);

    expect([...created, ...moved].filter(({ status }) => status !== 200).map(errorCode)).toEqual(
      Array(14).fill('stale_alias'),
    );
    const { history } = await grace.get<AliasHistoryResponse>('aliasHistory', {
      parameters: { model, alias: 'production' },
    });
    expect(history.map(({ reason }) => reason)).toEqual([
      winners(moved)[0].json.reason,
      winners(created)[0].json.reason,
    ]);
    proves(engine, 's3.put.if-match.race', 's3.put.if-none-match.race', 's3.list-object-versions.newest-first');
  });

  test('pages through models, versions, aliases and the history of an alias without gaps', async () => {
    const model = `${prefix}-paged`;
    const file = sample('model.onnx', 100);
    const versions = ['1', '1.0', '1.0.0', '10', '2'];
    for (const version of versions) {
      await ada.push(model, version, [file]);
    }
    for (const other of ['a', 'a-b', 'a.b', 'b']) {
      await ada.push(`${model}-${other}`, '1', [file]);
    }
    for (const version of versions) {
      expect((await grace.move(model, 'moving', { version })).status).toBe(200);
    }
    // Their keys start with the key of the alias.
    await grace.move(model, 'moving.json', { version: '1' });
    await grace.move(model, 'moving.json.json', { version: '1' });

    const pages = async <Page extends { readonly nextPageToken?: string }, Item>(
      route: Parameters<typeof grace.get>[0],
      parameters: { readonly [name: string]: string },
      items: (page: Page) => readonly Item[],
    ): Promise<Item[]> => {
      const all: Item[] = [];
      let pageToken: string | undefined;
      for (let page = 0; page < 500; page++) {
        const answer = await grace.get<Page>(route, {
          parameters,
          query: { pageSize: '2', ...(pageToken === undefined ? {} : { pageToken }) },
        });
        all.push(...items(answer));
        pageToken = answer.nextPageToken;
        if (pageToken === undefined) {
          return all;
        }
      }
      throw new Error('the pages never end');
    };

    expect(
      await pages('listVersions', { model }, ({ versions: page }: VersionsResponse) =>
        page.map(({ version }) => version),
      ),
    ).toEqual(inOrderOfKeys(versions));
    const models = await pages('listModels', {}, ({ models: page }: ModelsResponse) => page);
    expect(models.filter((name) => name.startsWith(model))).toEqual(
      inOrderOfKeys(['', '-a', '-a-b', '-a.b', '-b'].map((suffix) => `${model}${suffix}`)),
    );
    expect(new Set(models).size).toBe(models.length);
    expect(
      await pages('aliasHistory', { model, alias: 'moving' }, ({ history }: AliasHistoryResponse) =>
        history.map((entry) => 'version' in entry && entry.version),
      ),
    ).toEqual([...versions].reverse());
    expect(
      await pages('listAliases', { model }, ({ aliases }: AliasesResponse) => aliases.map(({ alias }) => alias)),
    ).toEqual(['moving', 'moving.json', 'moving.json.json'].sort((a, b) => (`${a}.json` < `${b}.json` ? -1 : 1)));
    proves(
      engine,
      's3.list-objects-v2.is-truncated',
      's3.list-objects-v2.start-after',
      's3.list-object-versions.markers',
    );
  });
});
