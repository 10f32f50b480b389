import { Person } from './person';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  await person.run('push', person.write('model', { 'a.bin': 'a', 'sub/b.bin': 'b' }), 'fraud@1', '-m', 'framework=torch');
  await person.run('push', person.write('model', { 'a.bin': 'aa' }), 'fraud@2', '--base', '1');
});
afterEach(async () => person.leave());

describe('list', () => {
  test('prints one model per line, over all pages, the name first', async () => {
    for (const model of ['ads', 'churn', 'spam']) {
      await person.run('push', person.path('model'), `${model}@1`);
    }
    person.store.routes.pageSize = 2;
    expect((await person.run('list')).stdout.replace(/ .*/g, '')).toBe('ads\nchurn\nfraud\nspam\n');
    expect(person.store.calls('listModels').map(({ url }) => new URL(url).searchParams.get('pageToken'))).toEqual([null, 'from 2']);
  });

  test('prints the versions of a model with their aliases', async () => {
    await person.run('promote', 'fraud@2', 'production');
    await person.run('promote', 'fraud@2', 'staging');
    const { stdout } = await person.run('list', 'fraud');
    expect(stdout).toMatch(/^2 {2}\S+Z .* {2}production staging\n1 {2}\S+Z .* {2}-\n$/);
  });

  test('of a model is newest first, and in natural version order for equal times', async () => {
    const at = (version: string, createdAt: string) => {
      const manifest = person.store.manifests.get('fraud@1')!;
      person.store.manifests.set(`fraud@${version}`, { ...manifest, version, createdAt });
    };
    ['1.0.9', '1.0.10', '0.9', '1.0.3'].forEach((version) => at(version, '2026-01-01T00:00:00Z'));
    at('0.1-hotfix', '2026-01-01T00:00:01Z');
    at('2', '2025-01-01T00:00:00Z');
    at('1', '2024-01-01T00:00:00Z');
    const { stdout } = await person.run('list', 'fraud');
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['0.1-hotfix', '1.0.10', '1.0.9', '1.0.3', '0.9', '2', '1', '']);
  });

  test('of an empty store prints nothing, and an empty list with --json', async () => {
    person.store.manifests.clear();
    expect(await person.run('list')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(JSON.parse((await person.run('list', '--json')).stdout)).toEqual({ models: [] });
  });

  test('of an unknown model is exit code 3', async () => {
    expect(await person.run('list', 'other')).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining('(unknown_model, request id request-7)') });
  });
});

describe('show', () => {
  test('prints who created a version, and each of its files', async () => {
    const { stdout } = await person.run('show', 'fraud@1');
    expect(stdout).toMatch(/^created by +arn:aws:iam::111122223333:user\/ada$/m);
    expect(stdout).toMatch(/^framework +torch$/m);
    expect(stdout).toMatch(/^1 {2}[0-9a-f]{64} {2}sub\/b\.bin$/m);
  });

  test('of an alias says so', async () => {
    await person.run('promote', 'fraud@2', 'production', '--reason', 'better recall');
    const { stdout } = await person.run('show', 'fraud@production');
    expect(stdout).toMatch(/^alias +production \(since /m);
    expect(stdout).toMatch(/^reason +better recall$/m);
    expect(stdout).toMatch(/^base +1$/m);
  });

  test('--json prints the stored manifest', async () => {
    const { stdout, stderr } = await person.run('show', 'fraud@1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ reference: { kind: 'version' }, manifest: { model: 'fraud', metadata: { framework: 'torch' } } });
    expect(stderr).toBe('');
  });

  test('escapes terminal control sequences', async () => {
    const manifest = person.store.manifests.get('fraud@1')!;
    person.store.manifests.set('fraud@1', { ...manifest, metadata: { note: '\u001b]0;owned\u0007\u202Efdp.exe' } });
    expect((await person.run('show', 'fraud@1')).stdout).toContain('\\u001b]0;owned\\u0007\\u202efdp.exe');
  });
});

describe('promote', () => {
  test('prints where the alias points now, where it pointed before, and who moved it, when and why', async () => {
    const by = 'recorded at \\S+Z by arn:aws:iam::111122223333:user/ada';
    expect(await person.run('promote', 'fraud@1', 'production')).toMatchObject({
      exitCode: 0, stdout: expect.stringMatching(new RegExp(`^fraud@production is now 1\n${by}, without a reason\n$`)),
    });
    expect(await person.run('promote', 'fraud@2', 'production', '--reason', 'better recall')).toMatchObject({
      exitCode: 0, stdout: expect.stringMatching(new RegExp(`^fraud@production is now 2 \\(previously 1\\)\n${by}: better recall\n$`)),
    });
    expect(person.store.routes.aliases.get('fraud@production')![0]).toMatchObject({ reason: 'better recall' });
  });

  test('to the current version changes nothing, says so, and says that the new reason was not kept', async () => {
    await person.run('promote', 'fraud@2', 'production', '--reason', 'better recall');
    const said = /^fraud@production already points to 2 \(since \S+Z\)\. Nothing changed; its reason is still "better recall"\.\n$/;
    expect(await person.run('promote', 'fraud@2', 'production', '--reason', 'approved')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(said) });
    expect(await person.run('promote', 'fraud@2', 'production', '--if-current', '2')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(said) });
    expect(JSON.parse((await person.run('promote', 'fraud@2', 'production', '--json')).stdout)).toMatchObject({ outcome: 'unchanged', version: '2' });
    expect(JSON.parse((await person.run('promote', 'fraud@1', 'production', '--json')).stdout)).toMatchObject({ outcome: 'moved', version: '1' });
  });

  test('needs no permission to read the alias', async () => {
    person.store.intercept = ({ route }) => route === 'showAlias' ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined;
    expect(await person.run('promote', 'fraud@1', 'production')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^fraud@production is now 1\n/) });
  });

  test('--if-current moves the alias only from the expected version', async () => {
    await person.run('promote', 'fraud@1', 'production');
    expect(await person.run('promote', 'fraud@2', 'production', '--if-current', '2')).toMatchObject({
      exitCode: 4, stderr: expect.stringContaining('fraud@production points to 1, not 2'),
    });
    expect(await person.run('promote', 'fraud@2', 'production', '--if-current', '1')).toMatchObject({ exitCode: 0 });
  });

  test('--if-current fails if the alias is moved concurrently', async () => {
    await person.run('promote', 'fraud@1', 'production');
    person.store.intercept = ({ route }) => {
      if (route === 'moveAlias') {
        const moves = person.store.routes.aliases.get('fraud@production')!;
        person.store.routes.aliases.set('fraud@production', [{ ...moves[0], revision: 'somebody else' }, ...moves]);
      }
    };
    expect(await person.run('promote', 'fraud@2', 'production', '--if-current', '1')).toMatchObject({
      exitCode: 4, stderr: expect.stringContaining('(stale_alias, request id request-7)'),
    });
  });

  test('--if-absent creates the alias only if it does not exist', async () => {
    expect(await person.run('promote', 'fraud@1', 'production', '--if-absent')).toMatchObject({ exitCode: 0 });
    expect(await person.run('promote', 'fraud@2', 'production', '--if-absent')).toMatchObject({ exitCode: 4 });
  });

  test('--if-revision moves the alias only from the given revision', async () => {
    await person.run('promote', 'fraud@1', 'production');
    const { revision } = JSON.parse((await person.run('history', 'fraud@production', '--json')).stdout).history[0];
    expect(await person.run('promote', 'fraud@2', 'production', '--if-revision', 'old')).toMatchObject({ exitCode: 4 });
    expect(await person.run('promote', 'fraud@2', 'production', '--if-revision', revision)).toMatchObject({ exitCode: 0 });
  });

  test('is not reported as a conflict if the response to its own request was lost', async () => {
    await person.run('promote', 'fraud@1', 'production');
    person.store.loseNextAnswerOf('moveAlias');
    expect(await person.run('promote', 'fraud@2', 'production', '--if-current', '1', '--reason', 'r')).toMatchObject({ exitCode: 0 });
    expect(person.store.routes.aliases.get('fraud@production')).toHaveLength(2);
  });

  test('from an alias promotes the version that the alias points to now', async () => {
    await person.run('promote', 'fraud@1', 'production');
    await person.run('promote', 'fraud@2', 'staging');
    expect(await person.run('promote', 'fraud@staging', 'production', '--if-current', '1', '--reason', 'approved')).toMatchObject({
      exitCode: 0, stdout: expect.stringMatching(/^fraud@production is now 2, the version that staging points to \(previously 1\)\n/),
    });
    expect(person.store.routes.aliases.get('fraud@production')![0]).toMatchObject({ version: '2', reason: 'approved' });
    expect(JSON.parse((await person.run('promote', 'fraud@staging', 'canary', '--json')).stdout)).toMatchObject({ version: '2', from: 'staging' });
  });

  test('needs no permission to read the version: the store reads it', async () => {
    person.store.intercept = ({ route }) => ['resolveReference', 'showVersion', 'showAlias'].includes(route ?? '')
      ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined;
    expect(await person.run('promote', 'fraud@1', 'production')).toMatchObject({ exitCode: 0 });
  });

  test('of an unknown version is exit code 3', async () => {
    expect(await person.run('promote', 'fraud@9', 'production')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_version') });
  });

  test('with two conditions is a usage error', async () => {
    expect(await person.run('promote', 'fraud@1', 'p', '--if-current', '1', '--if-absent')).toMatchObject({ exitCode: 2 });
  });
});

test('history prints where an alias pointed, newest first, in either form of its name', async () => {
  await person.run('promote', 'fraud@1', 'production');
  await person.run('promote', 'fraud@2', 'production', '--reason', 'better recall');
  const { stdout } = await person.run('history', 'fraud', 'production');
  expect(stdout).toMatch(/^\S+Z {2}2 {2}arn:aws:iam::111122223333:user\/ada {2}better recall\n\S+Z {2}1 {2}arn:aws:iam::111122223333:user\/ada\n$/);
  expect((await person.run('history', 'fraud@production')).stdout).toBe(stdout);
});

describe('an unknown name', () => {
  beforeEach(async () => {
    await person.run('promote', 'fraud@2', 'production');
    await person.run('promote', 'fraud@1', 'staging');
  });

  test.each([['show', 'fraud@3'], ['pull', 'fraud@3', 'x'], ['promote', 'fraud@3', 'x'], ['history', 'fraud', '3'], ['verify', '.', '--model', 'fraud@3']])(
    'of a version or an alias makes %s list the existing ones', async (...argv) => {
      const { exitCode, stderr } = await person.run(...argv);
      expect(exitCode).toBe(3);
      expect(stderr).toContain('\nfraud has the versions 2, 1 and the aliases production (2), staging (1).\n');
    });

  test('is answered with a similar existing name', async () => {
    expect((await person.run('show', 'fraud@prodution')).stderr).toContain('Did you mean "production"? fraud has the versions 2, 1 and');
    expect((await person.run('list', 'fraudd')).stderr).toContain('Did you mean "fraud"? The store has the model fraud.\n');
    expect((await person.run('list', 'something-else')).stderr).toContain('\nThe store has the model fraud.\n');
  });

  test('is answered with ten of many names and the number of the others', async () => {
    const manifest = person.store.manifests.get('fraud@1')!;
    for (let count = 3; count <= 40; count++) {
      person.store.manifests.set(`fraud@${count}`, { ...manifest, version: `${count}`, createdAt: '2030-01-01T00:00:00Z' });
    }
    expect((await person.run('show', 'fraud@41')).stderr).toContain('fraud has the versions 40, 39, 38, 37, 36, 35, 34, 33, 32, 31 and 30 others and the aliases');
  });

  test('is answered without a hint if the caller has no permission to list', async () => {
    person.store.intercept = ({ route }) => route === 'listVersions'
      ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined;
    expect(await person.run('show', 'fraud@3')).toMatchObject({
      exitCode: 3, stderr: 'model-store: fraud has neither a version nor an alias "3"\n(unknown_version, request id request-7)\n',
    });
  });
});
