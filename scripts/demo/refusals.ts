import * as crypto from 'node:crypto';
import { withLinkLifetime } from './link-lifetime';
import { expect, type Told } from './report';
import { ALIAS, stepOf, type Scene } from './story';
import { partRange } from '../../src/contract/digest';
import { blobKey } from '../../src/contract/keys';
import type {
  BeginUploadResponse, DownloadLink, DownloadLinksResponse, UploadLinksResponse, VersionResponse,
} from '../../src/contract/wire';
import { LocalHttp, type HttpAnswer } from '../../test/local/rig/local-http';
import { describe, errorCode, StoreApi } from '../../test/local/rig/store-api';

const MIB = 2 ** 20;
/** The functions give out none that live shorter. */
const SHORT_LINK_SECONDS = 5;

/** What must not be possible is tried, over raw HTTP, and each answer is shown. */
export async function tryWhatIsRefused(scene: Scene): Promise<void> {
  const http = new LocalHttp(scene.store.localAws.authorityFile);
  try {
    await tryAll(scene, http);
  } finally {
    http.close();
  }
}

async function tryAll(scene: Scene, http: LocalHttp): Promise<void> {
  const { store, ledger, cast, model } = scene;
  const [ada, vera] = [stepOf(scene, 'ada'), stepOf(scene, 'vera')];
  const api = new StoreApi(store, http);
  const { region, endpoint } = store.localAws;
  const one = { model, version: '1.0.0' };
  const [{ manifest }, { manifest: next }] = await ledger.as('ada', async () => Promise.all(['1.0.0', '1.1.0'].map(async (version) =>
    api.get<VersionResponse>('showVersion', cast.ada, { parameters: { model, version } }))));
  const [file] = manifest.files;
  const other = [...manifest.files, ...next.files].find(({ digest }) => digest !== file.digest)!;
  const objectUrl = (digest: string) => `${endpoint}/${store.bucketName}/${blobKey(model, digest)}`;

  const link = async (): Promise<DownloadLink> => {
    const { links } = await api.get<DownloadLinksResponse>('downloadLinks', cast.ada, { parameters: one, body: { paths: [file.path] } });
    return links[0];
  };
  const follow = async (url: string, headers: { readonly [name: string]: string } = {}) => http.send({ method: 'GET', url, headers });

  await ada('a link works for the file it was made for', async () => {
    const { url, headers } = await link();
    const answer = await follow(url, headers);
    const sha256 = crypto.createHash('sha256').update(answer.bytes).digest('hex');
    expect(answer.status === 200 && sha256 === file.sha256, `was to answer with ${file.path}: ${describe(answer)}`);
    ledger.received('ada', answer.bytes.length);
    return { detail: `200, ${answer.bytes.length} bytes, the SHA-256 of the manifest` };
  });
  await vera('vera, auditor, asks for a link to a model\'s file', async () =>
    refused(await api.call('downloadLinks', cast.vera, { parameters: one, body: { paths: [file.path] } }), 403, 'forbidden'));
  await vera('vera reads the blob in S3 directly', async () =>
    refused(await http.sendSigned({ method: 'GET', url: objectUrl(file.digest) }, cast.vera, 's3', region), 403, 'AccessDenied'));
  await ada('ada, data scientist, promotes', async () =>
    refused(await api.call('moveAlias', cast.ada, { parameters: { model, alias: ALIAS }, body: { version: '1.0.0' } }), 403, 'forbidden'));
  await ada('a link for one file used for another', async () => {
    const { url, headers } = await link();
    // Two things stand in the way, and which is told first differs: the signature is another file's, and the session that
    // made it may read that file alone.
    return refused(await follow(url.replace(file.digest, other.digest), headers), 403, 'SignatureDoesNotMatch', 'AccessDenied');
  });
  await ada(`an expired link (the functions set to links of ${SHORT_LINK_SECONDS} seconds)`, async () => {
    const { url, headers, expiresAt } = await withLinkLifetime(store, SHORT_LINK_SECONDS, link);
    const early = await follow(url, headers);
    expect(early.status === 200, `the link was to work until ${expiresAt}: ${describe(early)}`);
    ledger.received('ada', early.bytes.length);
    await new Promise((resolve) => setTimeout(resolve, Date.parse(expiresAt) + 1_500 - Date.now()));
    return refused(await follow(url, headers), 403, 'AccessDenied');
  });
  await ada('a tampered part', async () => sendTamperedPart(api, http, cast.ada, model));
  await ada('publishing 1.0.0 with other content', async () => {
    const files = next.files.map(({ path, size, sha256, digest }) => ({ path, size, sha256, digest }));
    return refused(await api.call('publish', cast.ada, { parameters: one, body: { files } }), 409, 'version_exists');
  });
  await ada('plain http: the same link without TLS', async () => {
    const { url, headers } = await link();
    const plain = new URL(url);
    const { host, port } = new URL(store.localAws.plainHttpEndpoint);
    plain.protocol = 'http:';
    plain.port = port;
    expect(plain.host === host, `the link leads to ${plain.host}, not to the local AWS`);
    // The signature covers the host, so it stays the one that was signed: nothing but the missing TLS is wrong.
    return refused(await follow(plain.href, { ...headers, host: new URL(url).host }), 403, 'AccessDenied');
  });
}

/** Sends other bytes than announced as the second part of a file, and looks whether S3 kept them. */
async function sendTamperedPart(api: StoreApi, http: LocalHttp, ada: Scene['cast']['ada'], model: string): Promise<Told> {
  const size = 17 * MIB;
  const content = crypto.randomBytes(size);
  const parts = [1, 2].map((number) => partRange(size, number)).map(({ start, end }) => content.subarray(start, end));
  const checksums = parts.map((part) => crypto.createHash('sha256').update(part).digest());
  const digest = `${crypto.createHash('sha256').update(Buffer.concat(checksums)).digest('hex')}-2`;
  const begin = async () => (await api.get<BeginUploadResponse>('beginUpload', ada, { parameters: { model }, body: { files: [{ digest, size }] } })).files[0];

  const { uploadId } = await begin();
  const { links: [link] } = await api.get<UploadLinksResponse>('uploadLinks', ada, {
    parameters: { model },
    body: { links: [{ digest, size, uploadId, partNumber: 2, checksumSha256: checksums[1].toString('base64') }] },
  });
  const tampered = Buffer.from(parts[1]);
  tampered[0] = 255 - tampered[0];
  const told = refused(await http.send({ method: link.method, url: link.url, headers: link.headers, body: tampered }), 400, 'BadDigest');
  const { partsPresent = [] } = await begin();
  expect(partsPresent.length === 0, 'the refused part is stored all the same');
  return told;
}

/** The answer, shown, if it is the refusal that was expected. */
function refused(answer: HttpAnswer, status: number, ...codes: string[]): Told {
  const good = answer.status === status && (codes.length === 0 || codes.includes(errorCode(answer) ?? ''));
  expect(good, `was to be refused with ${[status, codes.join(' or ')].filter(Boolean).join(' ')}, but the answer was ${describe(answer)}`);
  return { detail: 'refused', lines: [describe(answer)] };
}
