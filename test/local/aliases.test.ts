import { errorCode } from './rig/store-api';
import { sample } from './support/sample';
import { TestBench, type Tester } from './support/tester';
import type { AliasHistoryResponse, AliasResponse } from '../../src/contract/wire';
import { MINISTACK } from '../fidelity/engines';
import { proves } from '../fidelity/proves';

describe('An alias', () => {
  let bench: TestBench;
  let ada: Tester;
  let grace: Tester;
  const versions = ['1.0.0', '1.1.0', '1.2.0'];

  beforeAll(async () => {
    bench = new TestBench();
    [ada, grace] = await Promise.all([bench.as('dataScientist'), bench.as('pipeline')]);
    const files = [sample('model.onnx', 100)];
    for (const version of versions) {
      await ada.push('aliased', version, files);
    }
  });
  afterAll(() => bench.close());

  const show = async (alias: string) => grace.get<AliasResponse>('showAlias', { parameters: { model: 'aliased', alias } });

  // [C-17] in docs/compliance.md
  test('points to its new version, and records who moved it, why, and from where', async () => {
    await grace.move('aliased', 'moved', { version: '1.0.0' });
    const answer = await grace.move('aliased', 'moved', { version: '1.1.0', reason: 'better recall' });

    expect(answer.status).toBe(200);
    expect(await show('moved')).toMatchObject({ version: '1.1.0', previousVersion: '1.0.0', reason: 'better recall' });
    expect((await show('moved')).updatedBy).toMatch(/assumed-role\/.+\/grace$/);
  });

  test('keeps its history, newest first', async () => {
    for (const version of versions) {
      await grace.move('aliased', 'historic', { version });
    }

    const { history } = await grace.get<AliasHistoryResponse>('aliasHistory', { parameters: { model: 'aliased', alias: 'historic' } });

    expect(history).toMatchObject([...versions].reverse().map((version) => ({ version })));
    proves(MINISTACK, 's3.versioning', 's3.list-object-versions.newest-first');
  });

  test('moves only from the revision that the caller specifies', async () => {
    const { json: first } = await grace.move('aliased', 'guarded', { version: '1.0.0', ifRevision: null });
    const { json: second } = await grace.move('aliased', 'guarded', { version: '1.1.0', ifRevision: first.revision });

    const stale = await grace.move('aliased', 'guarded', { version: '1.2.0', ifRevision: first.revision });

    expect([stale.status, errorCode(stale)]).toEqual([412, 'stale_alias']);
    expect(await show('guarded')).toMatchObject({ version: '1.1.0', revision: second.revision });
    proves(MINISTACK, 's3.put.if-match');
  });

  test('that exists is not created again', async () => {
    await grace.move('aliased', 'created', { version: '1.0.0', ifRevision: null });

    const again = await grace.move('aliased', 'created', { version: '1.1.0', ifRevision: null });

    expect(errorCode(again)).toBe('stale_alias');
    expect((await show('created')).version).toBe('1.0.0');
  });

  test('that does not exist has no revision to move from', async () => {
    const answer = await grace.move('aliased', 'absent', { version: '1.0.0', ifRevision: '"0123456789abcdef0123456789abcdef"' });

    expect(errorCode(answer)).toBe('stale_alias');
    expect((await grace.call('showAlias', { parameters: { model: 'aliased', alias: 'absent' } })).status).toBe(404);
  });

  test('is moved by exactly one of several users who move it concurrently from the same revision', async () => {
    const { json: { revision } } = await grace.move('aliased', 'raced', { version: '1.0.0' });

    const answers = await Promise.all(Array.from({ length: 8 }, async (_, index) =>
      grace.move('aliased', 'raced', { version: versions[1 + index % 2], ifRevision: revision, reason: `racer ${index}` })));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).map(errorCode)).toEqual(Array(7).fill('stale_alias'));
    expect(await show('raced')).toMatchObject({ reason: answers.find(({ status }) => status === 200)!.json.reason });
    proves(MINISTACK, 's3.put.if-match.race');
  });

  test('is created by exactly one of several users who create it concurrently', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, async (_, index) =>
      grace.move('aliased', 'created-once', { version: versions[index % 3], ifRevision: null })));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const { history } = await grace.get<AliasHistoryResponse>('aliasHistory', { parameters: { model: 'aliased', alias: 'created-once' } });
    expect(history).toHaveLength(1);
    proves(MINISTACK, 's3.put.if-none-match.race');
  });

  test('points only to published versions', async () => {
    expect(errorCode(await grace.move('aliased', 'nowhere', { version: '9.9.9' }))).toBe('unknown_version');
    expect(errorCode(await grace.move('no-such-model', 'nowhere', { version: '9.9.9' }))).toBe('unknown_model');
  });

  test('never has the name of a version', async () => {
    await grace.move('aliased', 'candidate', { version: '1.0.0' });

    const version = await ada.publish('aliased', 'candidate', [sample('model.onnx', 100)]);
    const alias = await grace.move('aliased', '1.1.0', { version: '1.0.0' });

    expect([errorCode(version), errorCode(alias)]).toEqual(['name_taken', 'name_taken']);
  });
});
