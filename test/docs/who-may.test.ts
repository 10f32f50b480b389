import { textOf } from './support/documents';
import { COLUMNS, whoMay } from './support/who-may';

const rows = whoMay();

describe('who may do what, in docs/architecture.md', () => {
  test('matches the synthesized policies', () => {
    const table = [['role', ...COLUMNS], ['', ...COLUMNS].map(() => '---'), ...rows.map(({ role, cells }) => [role, ...cells])];
    const text = table.map((cells) => `| ${cells.join(' | ')} |`.replace(/\| {2}(?=\|)/g, '| ')).join('\n');

    expect(textOf('docs/architecture.md')).toContain(`<!-- who may -->\n\n${text}\n`);
  });

  test('has no role that can delete, and no user with direct access to objects', () => {
    const cellsOf = (role: string) => rows.find((row) => row.role === role)!.cells;

    expect(rows.flatMap(({ cells }) => cells).join()).not.toContain('deletes');
    expect([...cellsOf('data scientist'), ...cellsOf('pipeline')].filter((cell) => cell !== '')).toEqual(['pushes, pulls, looks', 'pulls, looks, promotes']);
    expect(cellsOf('auditor')[0]).toBe('**denied**');
  });
});
