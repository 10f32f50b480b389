import * as crypto from 'node:crypto';
import {
  LambdaClient, ListFunctionsCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { expect, type Result } from './report';
import { ALIAS, type Person, type Scenario, stepAs } from './scenario';
import { partRange } from '../../src/contract/digest';
import { ENV } from '../../src/contract/environment';
import { blobKey } from '../../src/contract/keys';
import type {
  BeginUploadResponse, DownloadLink, DownloadLinksResponse, UploadLinksResponse, VersionResponse,
} from '../../src/contract/wire';
import { clientConfiguration } from '../../test/local/rig/clients';
import type { Credentials } from '../../test/local/rig/environment';
import { LocalHttp, type HttpAnswer } from '../../test/local/rig/local-http';
import type { LocalStore } from '../../test/local/rig/local-store';
import { describe, errorCode, StoreApi } from '../../test/local/rig/store-api';

const MIB = 2 ** 20;
/** The shortest lifetime that the functions accept. */
const SHORT_LINK_SECONDS = 5;

/** Sends requests that must be refused, over plain HTTP calls, and prints each response. */
export async function tryRefusals(scenario: Scenario): Promise<void> {
  const http = new LocalHttp(scenario.store.localAws.authorityFile);
  await tryAll(scenario, http).finally(() => http.close());
}

async function tryAll(scenario: Scenario, http: LocalHttp): Promise<void> {
  const { store, accounts, people, model } = scenario;
  const as = (person: Person) => async (title: string, work: () => Promise<Result>) => (
    stepAs(scenario, person, title, work));
  const [ada, vera] = [as('ada'), as('vera')];
  const api = new StoreApi(store, http);
  const { region, endpoint } = store.localAws;
  const one = { model, version: '1.0.0' };
  const manifests = await accounts.during('ada', async () => Promise.all(['1.0.0', '1.1.0'].map(async (version) =>
    api.get<VersionResponse>('showVersion', people.ada, { parameters: { model, version } }))));
  const [{ manifest }, { manifest: next }] = manifests;
  const [file] = manifest.files;
  const other = [...manifest.files, ...next.files].find(({ digest }) => digest !== file.digest)!;
  const objectUrl = (digest: string) => `${endpoint}/${store.bucketName}/${blobKey(model, digest)}`;

  const link = async (): Promise<DownloadLink> => {
    const { links } = await api.get<DownloadLinksResponse>(
      'downloadLinks', people.ada, { parameters: one, body: { paths: [file.path] } },
    );
    return links[0];
  };
  const follow = async (url: string, headers: { readonly [name: string]: string } = {}) => (
    http.send({ method: 'GET', url, headers }));

  await ada('a presigned URL works for its file', async () => {
    const { url, headers } = await link();
    const answer = await follow(url, headers);
    const sha256 = crypto.createHash('sha256').update(answer.bytes).digest('hex');
    expect(
      answer.status === 200 && sha256 === file.sha256, `expected the content of ${file.path}: ${describe(answer)}`,
    );
    accounts.of('ada').onDisk += answer.bytes.length;
    return { detail: `200, ${answer.bytes.length} bytes, the SHA-256 of the manifest` };
  });
  await vera('vera, auditor, requests a presigned URL for a file', async () => {
    const response = await api.call('downloadLinks', people.vera, { parameters: one, body: { paths: [file.path] } });
    return refused(response, 403, 'forbidden');
  });
  await vera('vera reads the blob directly from S3', async () => {
    const request = { method: 'GET', url: objectUrl(file.digest) };
    return refused(await http.sendSigned(request, people.vera, 's3', region), 403, 'AccessDenied');
  });
  await ada('ada, data scientist, promotes a version', async () => {
    const move = { parameters: { model, alias: ALIAS }, body: { version: '1.0.0' } };
    return refused(await api.call('moveAlias', people.ada, move), 403, 'forbidden');
  });
  await ada('a presigned URL is used for another file', async () => {
    const { url, headers } = await link();
    // There are two reasons for the refusal, checked in either order: neither signature nor session cover the other
    // file.
    return refused(
      await follow(url.replace(file.digest, other.digest), headers), 403, 'SignatureDoesNotMatch', 'AccessDenied',
    );
  });
  await ada(`an expired presigned URL (lifetime set to ${SHORT_LINK_SECONDS} seconds)`, async () => {
    const { url, headers, expiresAt } = await withLinkLifetime(store, SHORT_LINK_SECONDS, link);
    const early = await follow(url, headers);
    expect(early.status === 200, `expected the URL to work until ${expiresAt}: ${describe(early)}`);
    accounts.of('ada').onDisk += early.bytes.length;
    await new Promise((resolve) => setTimeout(resolve, Date.parse(expiresAt) + 1_500 - Date.now()));
    return refused(await follow(url, headers), 403, 'AccessDenied');
  });
  await ada('a tampered part is uploaded', async () => sendTamperedPart(api, http, people.ada, model));
  await ada('1.0.0 is published again with different content', async () => {
    const files = next.files.map(({ path, size, sha256, digest }) => ({ path, size, sha256, digest }));
    return refused(await api.call('publish', people.ada, { parameters: one, body: { files } }), 409, 'version_exists');
  });
  await ada('a presigned URL is used without TLS', async () => {
    const { url, headers } = await link();
    const plain = new URL(url);
    const { host, port } = new URL(store.localAws.plainHttpEndpoint);
    plain.protocol = 'http:';
    plain.port = port;
    expect(plain.host === host, `the URL points to ${plain.host}, not to the local AWS`);
    // The signature covers the Host header, so the signed value is sent, and only TLS is missing.
    return refused(await follow(plain.href, { ...headers, host: new URL(url).host }), 403, 'AccessDenied');
  });
}

/** Uploads a second part with other bytes than declared, and checks that S3 does not store it. */
async function sendTamperedPart(api: StoreApi, http: LocalHttp, ada: Credentials, model: string): Promise<Result> {
  const size = 17 * MIB;
  const content = crypto.randomBytes(size);
  const parts = [1, 2].map((number) => partRange(size, number)).map(({ start, end }) => content.subarray(start, end));
  const checksums = parts.map((part) => crypto.createHash('sha256').update(part).digest());
  const digest = `${crypto.createHash('sha256').update(Buffer.concat(checksums)).digest('hex')}-2`;
  const begin = async () => (await api.get<BeginUploadResponse>(
    'beginUpload', ada, { parameters: { model }, body: { files: [{ digest, size }] } },
  )).files[0];

  const { uploadId } = await begin();
  const { links: [link] } = await api.get<UploadLinksResponse>('uploadLinks', ada, {
    parameters: { model },
    body: { links: [{ digest, size, uploadId, partNumber: 2, checksumSha256: checksums[1].toString('base64') }] },
  });
  const tampered = Buffer.from(parts[1]);
  tampered[0] = 255 - tampered[0];
  const result = refused(
    await http.send({ method: link.method, url: link.url, headers: link.headers, body: tampered }), 400, 'BadDigest',
  );
  const { partsPresent = [] } = await begin();
  expect(partsPresent.length === 0, 'the refused part was stored');
  return result;
}

/** Checks that the response is the expected refusal, and returns it for the report. */
function refused(answer: HttpAnswer, status: number, ...codes: string[]): Result {
  const good = answer.status === status && (codes.length === 0 || codes.includes(errorCode(answer) ?? ''));
  expect(good, `expected ${[status, codes.join(' or ')].filter(Boolean).join(' ')}, got ${describe(answer)}`);
  return { detail: 'refused', lines: [describe(answer)] };
}

/** Runs `work` while the functions use another lifetime for presigned URLs, as an operator could configure it. */
async function withLinkLifetime<T>({ localAws }: LocalStore, seconds: number, work: () => Promise<T>): Promise<T> {
  const lambda = new LambdaClient(clientConfiguration(localAws, localAws.root));
  const { Functions: functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const signing = functions.filter(
    ({ Environment: environment }) => environment?.Variables?.[ENV.LINK_SECONDS] !== undefined,
  );
  const set = async (changed: Record<string, string>) => Promise.all(signing.map(async (configuration) => {
    const { FunctionName, Environment } = configuration;
    const Variables = { ...Environment!.Variables, ...changed };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 600 }, { FunctionName });
  }));
  try {
    await set({ [ENV.LINK_SECONDS]: String(seconds) });
    return await work();
  } finally {
    await set({});
    lambda.destroy();
  }
}
