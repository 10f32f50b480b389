import { Person } from './person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const FILES = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [`${name}.bin`, name]));
const AGAIN = 'Sign in again, or get a new token. Run the same push, pull or import again to resume where it stopped.';

/** The credentials are valid for the first request for presigned URLs, and expired after it. */
function expireAfterFirst(links: 'uploadLinks' | 'downloadLinks'): void {
  let asked = 0;
  person.store.intercept = ({ route }) => route === links && ++asked > 1
    ? { status: 401, body: { code: 'unauthenticated', message: 'The credentials have expired; get new ones.', details: [], requestId: 'r-1' } } : undefined;
}

test('a push whose credentials expire publishes nothing, and the next push sends only the other files', async () => {
  expireAfterFirst('uploadLinks');
  const { exitCode, stdout, stderr } = await person.run('push', person.write('model', FILES), 'fraud@1', '--concurrency', '1');
  expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
  expect(stderr).toContain(`model-store: The credentials have expired; get new ones.\n${AGAIN}\n(unauthenticated, request id r-1)\n`);
  expect(person.store.manifests.size).toBe(0);

  const sent = person.store.transfers('PUT').length;
  expect(sent).toBeGreaterThan(0);
  person.store.intercept = undefined;
  person.store.forget();
  expect(await person.run('push', person.path('model'), 'fraud@1')).toMatchObject({ exitCode: 0 });
  expect(person.store.transfers('PUT')).toHaveLength(6 - sent);
});

test('a pull whose credentials expire writes no files, and the next pull downloads only the others', async () => {
  expect(await person.run('push', person.write('model', FILES), 'fraud@1')).toMatchObject({ exitCode: 0 });
  person.store.forget();
  expireAfterFirst('downloadLinks');
  const { exitCode, stdout, stderr } = await person.run('pull', 'fraud@1', person.path('there'), '--concurrency', '1');
  expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
  expect(stderr).toContain(AGAIN);
  expect(Object.keys(person.read('there')).filter((path) => !path.startsWith('.model-store/'))).toEqual([]);

  const received = person.store.transfers('GET').length;
  expect(received).toBeGreaterThan(0);
  person.store.intercept = undefined;
  person.store.forget();
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  expect(person.store.transfers('GET')).toHaveLength(6 - received);
});
