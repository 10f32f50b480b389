import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { request } from './support/events';
import { entryOf, storeFile, textFile } from './support/files';
import { StoreDouble } from './support/store-double';

const FILES = [textFile('b/z'), textFile('b.txt'), textFile('a'), textFile('b/a'), textFile('Z')];

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

async function signed(): Promise<{ bundle: Bundle; payload: Buffer; statement: Statement; manifestSha256: string }> {
  FILES.forEach((file) => storeFile(store, 'fraud', file));
  const { body } = await request(
    'publish', { parameters: { model: 'fraud', version: '1.0.0' }, body: { files: FILES.map(entryOf) } },
  );
  const bundle = JSON.parse(body.signature) as Bundle;
  const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
  return {
    bundle, payload, statement: JSON.parse(payload.toString('utf8')) as Statement, manifestSha256: body.manifestSha256,
  };
}

interface Bundle {
  readonly mediaType: string;
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string }; readonly tlogEntries: unknown[] };
  readonly dsseEnvelope: { readonly payload: string; readonly payloadType: string; readonly signatures: {
    readonly sig: string;
  }[]; };
}

interface Statement {
  readonly _type: string;
  readonly predicateType: string;
  readonly subject: { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicate: {
    readonly resources: { readonly name: string; readonly algorithm: string; readonly digest: string }[];
    readonly manifest: object;
  };
}

/** A second implementation of the DSSE encoding, independent of the tested one. */
function signedBytes(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
}

function isValid(key: KeyObject, { dsseEnvelope }: Bundle, payload: Buffer): boolean {
  return verify('sha256', signedBytes(dsseEnvelope.payloadType, payload), key,
    Buffer.from(dsseEnvelope.signatures[0].sig, 'base64'));
}

test('the signature is valid only for the published content', async () => {
  const { bundle, payload } = await signed();
  expect(isValid(store.signingKey.publicKey, bundle, payload)).toBe(true);
  expect(isValid(
    store.signingKey.publicKey, bundle, Buffer.from(payload.toString('utf8').replace('b.txt', 'c.txt')),
  )).toBe(false);
});

test('the bundle identifies the key by the hash of its PEM text', async () => {
  const { bundle } = await signed();
  const pem = createPublicKey(store.signingKey.privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
    format: 'pem', type: 'spki',
  });
  expect(bundle.verificationMaterial.publicKey.hint).toBe(createHash('sha256').update(pem).digest('hex'));
  expect(bundle.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
});

test('the statement lists every file with its SHA-256, sorted by folder, and the root digest', async () => {
  const { statement } = await signed();
  expect(statement.predicate.resources.map(({ name }) => name)).toEqual(['Z', 'a', 'b/a', 'b/z', 'b.txt']);
  const root = createHash('sha256');
  statement.predicate.resources.forEach(({ name, digest }) => {
    expect(digest).toBe(FILES.find(({ path }) => path === name)!.sha256);
    root.update(Buffer.from(digest, 'hex'));
  });
  expect(statement.subject).toEqual([{ name: 'fraud@1.0.0', digest: { sha256: root.digest('hex') } }]);
});

test('the statement contains model, version and hash of the manifest', async () => {
  const { statement, manifestSha256 } = await signed();
  expect(statement.predicate.manifest).toEqual({ model: 'fraud', version: '1.0.0', sha256: manifestSha256 });
});

test('a warm function requests the public key from KMS once', async () => {
  const { GetPublicKeyCommand } = await import('@aws-sdk/client-kms');
  await signed();
  await request('publish', { parameters: { model: 'fraud', version: '2.0.0' }, body: { files: FILES.map(entryOf) } });
  expect(store.kms.commandCalls(GetPublicKeyCommand)).toHaveLength(1);
});
