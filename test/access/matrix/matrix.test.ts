import * as fs from 'node:fs';
import * as path from 'node:path';
import { cellsOf, expectedAnswer, readStores, type Action, type Store } from './matrix';
import { readResults, resultOf } from './results';
import { check } from '../../../scripts/access';
import { ROUTES, type RouteName } from '../../../src/contract/routes';
import { allAttempts } from '../../monitoring/tamper/support/attempts';
import { WatchedStore } from '../../monitoring/tamper/support/watched-store';

const ROOT = path.join(__dirname, '..', '..', '..');
const stores = readStores();
const actions = [...new Map(stores.flatMap(({ areas }) => areas.flatMap((area) => area.actions)).map((action) => [action.id, action])).values()];
const shownBy = <Kind extends string>(kind: Kind): Array<Action & { readonly shown: { readonly [name in Kind]: string } }> =>
  actions.filter(({ shown }) => shown !== undefined && kind in shown) as never;

describe('docs/access.md', () => {
  test('is what "npm run access" generates from the committed results', () => {
    expect(check()).toEqual([]);
  });

  test('is linked from the index, the threat model and the controls', () => {
    for (const document of ['README.md', 'threat-model.md', 'compliance.md']) {
      expect(fs.readFileSync(path.join(ROOT, 'docs', document), 'utf8')).toContain('(access.md)');
    }
  });
});

describe.each(stores)('the access matrix of the store with $id', (store: Store) => {
  const ids = { principals: store.principals.map(({ id }) => id), actions: store.areas.flatMap((area) => area.actions.map(({ id }) => id)) };

  test('names each principal and each action once', () => {
    expect(new Set(ids.principals).size).toBe(ids.principals.length);
    expect(new Set(ids.actions).size).toBe(ids.actions.length);
  });

  test('has expectations for exactly its principals, about exactly its actions', () => {
    expect([...store.expected.keys()].sort()).toEqual([...ids.principals].sort());
    const unknown = [...store.expected].flatMap(([principal, cells]) =>
      [...cells.keys()].filter((action) => !ids.actions.includes(action)).map((action) => `${principal} × ${action}`));
    expect(unknown).toEqual([]);
  });

  test('has the expected result in every cell', () => {
    const results = readResults();
    const others = cellsOf(store).filter((cell) =>
      resultOf(results, store.id, cell.principal.id, cell.action.id)?.answer !== expectedAnswer(store, cell));
    expect(others.map(({ principal, action }) => `${principal.id} × ${action.id}`)).toEqual([]);
  });

  test('allows each action to at least one principal, or to no one on purpose', () => {
    const allowed = new Set([...store.expected.values()].flatMap((cells) => [...cells.keys()]));
    const never = ids.actions.filter((action) => !allowed.has(action));
    expect(NEVER_ALLOWED[store.id].filter((action) => !never.includes(action))).toEqual([]);
    expect(never.filter((action) => !NEVER_ALLOWED[store.id].includes(action))).toEqual([]);
  });
});

/** What no principal may do, whatever its permissions: only the store's functions, for themselves, or no one at all. */
const NEVER_ALLOWED = {
  iam: [
    'invoke-upload', 'invoke-download', 'invoke-registry', 'test-invoke', 'assume-as-another', 'assume-upload-session', 'assume-download-session',
    'assume-registry-session', 'overwrite-blob', 'put-attestation', 'write-trail-log', 'write-access-log', 'tag-log', 'decrypt', 'create-grant',
  ],
  cognito: [
    'invoke-upload', 'invoke-download', 'invoke-registry', 'assume-upload-session', 'assume-download-session', 'assume-registry-session',
    'put-blob', 'put-manifest', 'tag-object', 'sign',
  ],
};

describe('an action', () => {
  test('names a route of the API, if it is one', () => {
    const routes = actions.flatMap(({ request }) => (request?.route === undefined ? [] : [request.route]));
    expect(routes.filter((route: RouteName) => !(route in ROUTES))).toEqual([]);
  });

  test('has a proof that it was allowed, if there is a request for it', () => {
    expect(actions.filter(({ request, proof }) => (request === undefined) !== (proof.length === 0)).map(({ id }) => id)).toEqual([]);
  });

  test('is shown by a named query that exists', () => {
    const queries = fs.readdirSync(path.join(ROOT, 'src', 'audit', 'queries')).map((file) => path.basename(file, '.sql'));
    expect(shownBy('query').filter(({ shown: { query } }) => !queries.includes(query)).map(({ id }) => id)).toEqual([]);
  });

  test('is reported by an alarm that has an entry in the runbook', () => {
    const runbook = fs.readFileSync(path.join(ROOT, 'docs', 'runbook.md'), 'utf8');
    const entries = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => title.toLowerCase().replaceAll(' ', '-'));
    expect(shownBy('alarm').filter(({ shown: { alarm } }) => !entries.includes(`tampering-with-${alarm}`)).map(({ id }) => id)).toEqual([]);
  });

  test('is a call that the tamper rules report, if it is reported by an alarm', () => {
    // These calls run on EventBridge's own matcher (test/monitoring/tamper).
    const attempts = allAttempts(new WatchedStore().names());
    const reported = attempts.filter(([, , ...rules]) => rules.length > 0).map(([, { eventName }]) => String(eventName));
    const eventOf = ({ needs, shown }: Action) => (shown as { event?: string }).event ?? needs[0].may.split(' ')[0].split(':')[1];
    const isReported = (action: Action) => reported.some((eventName) => eventName.replace(/\d.*$/, '') === eventOf(action));
    expect(shownBy('alarm').filter((action) => !isReported(action)).map(({ id }) => id)).toEqual([]);
  });
});
