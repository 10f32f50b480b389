import { TrailArchive } from './trail-archive';
import { publishedKeys } from '../../src/audit/trail-digests/published-keys';
import { AnsweringServer } from '../loopback-server';

const archives = [new TrailArchive(), new TrailArchive()];
const [here, there] = archives.map(({ keys: { PublicKeyList: [{ Fingerprint, Value }] } }) => ({ Fingerprint, Value }));
const asked: { readonly region: string; readonly input: { readonly [field: string]: unknown } }[] = [];
let answers: { [region: string]: object[] };
let server: AnsweringServer;

/** Implements CloudTrail's protocol: each Region has its own keys, in pages. */
beforeAll(async () => {
  server = await new AnsweringServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const region = /Credential=[^/]+\/\d+\/([^/]+)\/cloudtrail/.exec(request.headers.authorization ?? '')![1];
      const input = JSON.parse(Buffer.concat(chunks).toString()) as { NextToken?: string };
      asked.push({ region, input });
      const page = answers[region]?.[Number(input.NextToken ?? 0)];
      response.writeHead(page ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(page ?? { __type: 'AccessDeniedException', Message: 'no permission here' }));
    });
  }).start();
});
afterAll(async () => {
  archives.forEach((archive) => archive.leave());
  await server.stop();
});
beforeEach(() => { asked.length = 0; });

const environment = {
  awsConfiguration: (region: string | undefined) => ({
    region, endpoint: server.origin, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  }),
  now: () => Date.parse('2026-12-02T12:00:00Z'),
  signal: new AbortController().signal,
};
const chain = (region: string, homeRegion: string) => ({
  account: '111122223333', trail: 'models', region, homeRegion, backfill: false,
});
const keys = async (...chains: ReturnType<typeof chain>[]) =>
  publishedKeys(environment, chains, { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' });

describe('the public keys of CloudTrail', () => {
  test('are fetched from the home Region of the trail and the Region of the files, for the period of the files', async () => {
    answers = {
      'eu-central-1': [{ PublicKeyList: [here], NextToken: '1' }, { PublicKeyList: [] }],
      'us-east-1': [{ PublicKeyList: [there] }],
    };

    const found = await keys(chain('eu-central-1', 'eu-central-1'), chain('us-east-1', 'eu-central-1'));

    expect([...found.keys()].sort()).toEqual([here.Fingerprint, there.Fingerprint].sort());
    expect(found.get(here.Fingerprint)!.export({ type: 'pkcs1', format: 'der' }).toString('base64')).toBe(here.Value);
    expect(asked.map(({ region }) => region)).toEqual(['eu-central-1', 'eu-central-1', 'us-east-1']);
    expect(asked[0].input).toEqual({
      StartTime: Date.parse('2026-10-31T00:00:00Z') / 1000, EndTime: environment.now() / 1000,
    });
  });

  test('require a permission in the home Region, which the error names', async () => {
    answers = {};

    await expect(keys(chain('eu-central-1', 'eu-central-1'))).rejects.toMatchObject({
      message: 'AWS does not permit cloudtrail:ListPublicKeys on the public keys of CloudTrail in eu-central-1',
      exitCode: 6,
    });
  });

  test('of a Region that is disabled for the account may be missing', async () => {
    answers = { 'eu-central-1': [{ PublicKeyList: [here] }] };

    expect([...(await keys(chain('us-east-1', 'eu-central-1'))).keys()]).toEqual([here.Fingerprint]);
  });
});
