import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { Person } from './person';
import { fingerprintOf, STORE_KEY } from './store-double/signing';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const paths = (reference: string) => person.store.manifests.get(reference)!.files.map(({ path }) => path);

describe('a single file', () => {
  test('is a version of one file, under its own name, without the other files in its folder', async () => {
    const folder = person.write('models', { 'llama.gguf': 'weights', 'other.gguf': 'o' });
    expect(await person.run('push', `${folder}/llama.gguf`, 'llama@1')).toMatchObject({
      exitCode: 0, stdout: 'published llama@1: 1 file, 7 B; sent 1 file, 7 B\n',
    });
    expect(paths('llama@1')).toEqual(['llama.gguf']);
    expect(await person.run('push', `${folder}/llama.gguf`, 'llama@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing sent') });
    await person.run('pull', 'llama@1', person.path('there'));
    expect(readFileSync(person.path('there', 'llama.gguf'), 'utf8')).toBe('weights');
  });

  test('may be a symbolic link, as in a Hugging Face cache: its own name, the content of its target', async () => {
    person.write('cache', { 'blobs/4f2c1e9': 'weights' });
    mkdirSync(person.path('cache/snapshots'));
    symlinkSync('../blobs/4f2c1e9', person.path('cache/snapshots/model.gguf'));
    expect(await person.run('push', person.path('cache/snapshots/model.gguf'), 'llama@1')).toMatchObject({ exitCode: 0 });
    expect(paths('llama@1')).toEqual(['model.gguf']);
  });

  test('that does not exist, or is neither a file nor a folder, is reported as such', async () => {
    expect(await person.run('push', person.path('nothing.gguf'), 'llama@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it does not exist') });
    if (process.platform !== 'win32') {
      expect(await person.run('push', '/dev/null', 'llama@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('/dev/null is neither a file nor a folder') });
    }
  });
});

describe('a checkpoint folder created by Jupyter', () => {
  const WITH_CHECKPOINT = { 'a.bin': 'a', '.ipynb_checkpoints/a-checkpoint.bin': 'c', 'sub/.ipynb_checkpoints/b.json': 'c' };

  test('is left out by push and ignored by verify, and both say so', async () => {
    const { stderr } = await person.run('push', person.write('model', WITH_CHECKPOINT), 'fraud@1');
    expect(stderr).toContain('left out: .ipynb_checkpoints/, sub/.ipynb_checkpoints/ (created by Jupyter)');
    expect(paths('fraud@1')).toEqual(['a.bin']);
    await person.run('pull', 'fraud@1', person.path('there'));
    person.write('there', WITH_CHECKPOINT);
    const { exitCode, stdout } = await person.run('verify', person.path('there'));
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'ignored  .ipynb_checkpoints/a-checkpoint.bin: created by the operating system or Jupyter\n'
        + 'ignored  sub/.ipynb_checkpoints/b.json: created by the operating system or Jupyter\n'
        + `${person.path('there')} is fraud@1, byte for byte: 1 file; ignored 2 others; `
        + `signature verified (key ${fingerprintOf(STORE_KEY).slice(0, 16)}…)\n`,
    });
  });

  test('is compared like any other folder if an older version contains it', async () => {
    await person.publish({ 'a.bin': 'a' });
    const manifest = person.store.manifests.get('fraud@1')!;
    person.store.manifests.set('fraud@1', { ...manifest, files: [{ ...manifest.files[0], path: '.ipynb_checkpoints/a.bin' }, ...manifest.files] });
    const folder = person.write('there', { 'a.bin': 'a', '.ipynb_checkpoints/a.bin': 'b' });
    expect(await person.run('verify', folder, '--model', 'fraud@1')).toMatchObject({
      exitCode: 5, stdout: expect.stringContaining('changed  .ipynb_checkpoints/a.bin: has different content'),
    });
  });

  test('is the only one ignored: Python bytecode, which could run, is reported as extra', async () => {
    await person.publish({ 'model.py': '1' });
    await person.run('pull', 'fraud@1', person.path('there'));
    person.write('there', { '__pycache__/model.cpython-312.pyc': 'x' });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stdout: expect.stringContaining('extra    __pycache__/') });
  });
});
