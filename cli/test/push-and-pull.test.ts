import { randomBytes } from 'node:crypto';
import { Person } from './person';

const MIB = 1024 * 1024;
let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

test('a pull returns what was pushed, byte for byte: small, empty, nested, hidden and multipart files', async () => {
  const files = {
    'weights.safetensors': randomBytes(33 * MIB),
    'config.json': '{}',
    empty: '',
    'tokenizer/vocab.txt': 'a\nb\n',
    '.hidden': 'kept',
    'copy-of-config.json': '{}',
  };
  const folder = person.write('model', files);

  const pushed = await person.run('push', folder, 'fraud@1.0.0');
  expect(pushed).toMatchObject({ exitCode: 0, stdout: 'published fraud@1.0.0: 6 files, 33.0 MiB; sent 5 files, 33.0 MiB\n' });

  const pulled = await person.run('pull', 'fraud@1.0.0', person.path('there'));
  expect(pulled).toMatchObject({ exitCode: 0 });
  const { '.model-store/pulled.json': record, '.model-store/model.sig': signature, ...rest } = person.read('there');
  expect(Object.keys(rest).sort()).toEqual(Object.keys(files).sort());
  for (const [path, content] of Object.entries(files)) {
    expect(Buffer.from(rest[path], 'latin1').equals(Buffer.from(content))).toBe(true);
  }
  expect(JSON.parse(record)).toMatchObject({ model: 'fraud', version: '1.0.0' });
  expect(JSON.parse(signature)).toMatchObject({ dsseEnvelope: { payloadType: 'application/vnd.in-toto+json' } });

  const verified = await person.run('verify', person.path('there'));
  expect(verified).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('byte for byte') });
});

test('pushing the same folder again sends nothing', async () => {
  const folder = person.write('model', { 'a.bin': 'a', 'b.bin': 'b' });
  await person.run('push', folder, 'fraud@1.0.0');
  person.store.forget();

  const again = await person.run('push', folder, 'fraud@1.0.0');
  expect(again).toMatchObject({ exitCode: 0, stdout: 'fraud@1.0.0 already exists with the same files: 2 files, 2 B; nothing sent\n' });
  expect(person.store.transfers('PUT')).toHaveLength(0);
});

test('every request to the store and to S3 has a User-Agent header, which a firewall may require', async () => {
  const folder = person.write('model', { 'a.bin': 'a' });
  await person.run('push', folder, 'fraud@1.0.0');
  await person.run('pull', 'fraud@1.0.0', person.path('there'));

  expect(person.store.transfers('PUT')).toHaveLength(1);
  expect(new Set(person.store.seen.map(({ headers }) => headers['user-agent']))).toEqual(new Set(['model-store/0.0.0']));
});
