import { StoreParts } from './support/store';
import { routeArns } from '../../src/access/route-arns';
import { aliasKey, blobKey, KEY_PATTERNS, manifestKey, signatureKey } from '../../src/contract/keys';
import { isName, RESERVED_NAMES } from '../../src/contract/names';
import { PERMISSIONS, ROUTES, type Route } from '../../src/contract/routes';
import { like } from '../storage/support/policy-evaluator';

/**
 * In an IAM resource, `*` matches `/` too. So a name that is also a folder could make one permission cover the path of
 * another. Every name that occurs as a folder or file in the store is tried as the name of a model, a version and an alias.
 */
const FOLDERS = [...new Set([
  ...Object.values(ROUTES).flatMap(({ path }) => path.split('/')),
  ...[blobKey('m', 'd'), manifestKey('m', 'v'), signatureKey('m', 'v'), aliasKey('m', 'a')].flatMap((key) => key.split('/')),
])];
const NAMES = [...FOLDERS, 'fraud-detector', 'links-1'].filter(isName);

const { api } = new StoreParts();

describe('no name changes the meaning of a permission', () => {
  test('the API has folders to test, and those that would collide are rejected as names', () => {
    expect(FOLDERS).toEqual(expect.arrayContaining(['uploads', 'versions', 'aliases', 'blobs', 'links', 'history']));
    expect(RESERVED_NAMES.filter(isName)).toEqual([]);
    expect(NAMES).toEqual(expect.arrayContaining(['links', 'history', 'complete', 'sha256', 'manifest.json']));
  });

  test.each(['*', 'fraud-*', 'links*'])('in the API, for the model pattern %s', (pattern) => {
    for (const permission of PERMISSIONS) {
      const allowed = routeArns(api, permission, [pattern]);
      for (const route of Object.values<Route>(ROUTES).filter((each) => each.permission !== permission)) {
        for (const model of NAMES) {
          for (const name of NAMES) {
            const called = api.restApi.arnForExecuteApi(route.method, route.path.replace('{model}', model).replace(/\{[^}]+\}/, name), api.stageName);
            expect(allowed.filter((arn) => like(called, arn)).map((arn) => `${permission}: ${arn} allows ${called}`)).toEqual([]);
          }
        }
      }
    }
  });

  test('in the bucket', () => {
    for (const model of NAMES) {
      for (const name of NAMES) {
        const keys = {
          blobs: [blobKey(model, 'a'.repeat(64))],
          versions: [manifestKey(model, name), signatureKey(model, name)],
          aliases: [aliasKey(model, name)],
        };
        for (const kind of ['blobs', 'versions', 'aliases'] as const) {
          const others = Object.entries(keys).filter(([other]) => other !== kind).flatMap(([, some]) => some);
          expect(others.filter((key) => like(key, KEY_PATTERNS[kind]('*'))).map((key) => `${kind} cover ${key}`)).toEqual([]);
        }
      }
    }
  });

  test('and no model pattern reaches a model that it does not match', () => {
    for (const pattern of ['fraud-*', 'fraud']) {
      for (const permission of PERMISSIONS) {
        for (const route of Object.values<Route>(ROUTES).filter(({ path }) => path.includes('{model}'))) {
          const called = api.restApi.arnForExecuteApi(route.method, route.path.replace('{model}', 'my-fraud-model').replace(/\{[^}]+\}/, '1'), api.stageName);
          expect(routeArns(api, permission, [pattern]).filter((arn) => like(called, arn))).toEqual([]);
        }
      }
    }
  });
});
