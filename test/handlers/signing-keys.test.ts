import { generateKeyPairSync } from 'node:crypto';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { answerSchemaProblems } from './support/answers';
import { request } from './support/events';
import { sha256 } from './support/files';
import { StoreDouble } from './support/store-double';
import { ENV } from '../../src/contract/environment';

let store: StoreDouble;
afterEach(() => {
  store.restore();
  delete process.env[ENV.FORMER_SIGNING_KEY_ARNS];
  jest.restoreAllMocks();
});
beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

test('lists the public key of the store with the fingerprint that its signatures name', async () => {
  store = new StoreDouble();
  const pem = store.signingKey.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const { status, body } = await request('listSigningKeys');
  expect([status, body]).toEqual([200, { keys: [{ publicKeyPem: pem, fingerprint: sha256(pem) }] }]);
  expect(answerSchemaProblems('listSigningKeys', body)).toEqual([]);
});

test('lists former keys after the current one, in a session that can only read public keys', async () => {
  store = new StoreDouble();
  const former = store.signingKeyArn.replace(/[^/]+$/, 'former');
  process.env[ENV.FORMER_SIGNING_KEY_ARNS] = JSON.stringify([former]);
  const formerKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  store.kms.on(GetPublicKeyCommand, { KeyId: former }).resolves({ PublicKey: formerKey.export({ format: 'der', type: 'spki' }) });
  const { body } = await request('listSigningKeys');
  expect(body.keys.map(({ publicKeyPem }: { publicKeyPem: string }) => publicKeyPem)).toEqual(
    [store.signingKey.publicKey, formerKey].map((key) => key.export({ format: 'pem', type: 'spki' })),
  );
  expect(JSON.parse(store.lastSession.Policy!).Statement).toEqual([
    { Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: [store.signingKeyArn, former] },
  ]);
});

test('is empty for a store that does not sign, and opens no session', async () => {
  store = new StoreDouble({ [ENV.SIGNING_KEY_ARN]: '' });
  expect((await request('listSigningKeys')).body).toEqual({ keys: [] });
  expect(store.sessions).toEqual([]);
});
