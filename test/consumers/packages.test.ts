import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkGeneratedCode, codeFolder, type ReadLanguage } from '../../scripts/packages/generated-code';
import { pack } from '../../scripts/packages/pack';
import { packageLanguages } from '../../scripts/packages/package-languages';
import { PROJECT_ROOT } from '../local/rig/paths';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'packages-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Changes one file of the generated code for the time of a check. */
async function problemsWith(language: ReadLanguage, file: string, change: (code: string) => string): Promise<readonly string[]> {
  const found = path.join(codeFolder(language, folder), file);
  const code = fs.readFileSync(found, 'utf8');
  expect(change(code)).not.toBe(code);
  fs.writeFileSync(found, change(code));
  try {
    return (await checkGeneratedCode(language, codeFolder(language, folder))).problems;
  } finally {
    fs.writeFileSync(found, code);
  }
}

describe('a package for .NET', () => {
  const missing = () => ['dotnet'];

  test('is its code, read and found right, where there is no .NET, and no failure unless it was asked for by its name', async () => {
    const [outcome] = await packageLanguages(['dotnet'], { folder, named: false, missing });
    expect(outcome.failed).toBe(false);
    expect(outcome.words[0]).toContain('CODE ONLY');
    expect(outcome.words[0]).toContain('install the .NET SDK');
    expect(outcome.words[1]).toMatch(/^code read: \d{3} files parse, \d{3} types have all of their \d{3,4} members, no names clash$/);

    expect(await packageLanguages(['dotnet'], { folder: path.join(folder, 'nowhere'), named: true, missing })).toEqual([
      { language: 'dotnet', failed: true, words: ['FAILED: dotnet is not to be had, and the package needs the .NET SDK'] },
    ]);
    expect(fs.existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });

  test('has the whole npm package in it, and asks for the versions of the CDK that the npm package asks for', () => {
    const project = codeFolder('dotnet', folder);
    const { version, peerDependencies } = JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8'));
    expect(fs.readdirSync(project)).toContain(`secure-model-artifact-store-${version}.tgz`);
    const references = fs.readFileSync(path.join(project, 'SecureModelArtifactStore.csproj'), 'utf8');
    const oldest = (name: string) => (peerDependencies[name] as string).replace(/^(\^|>=)/, '').split(' ')[0];
    expect(references).toContain(`Include="Amazon.CDK.Lib" Version="[${oldest('aws-cdk-lib')},`);
    expect(references).toContain(`Include="Cdklabs.CdkNag" Version="[${oldest('cdk-nag')},`);
    expect(references).toContain(`Include="Constructs" Version="[${oldest('constructs')},`);
  });

  test('would not pass with a member too few, a file that does not parse, or names that a compiler refuses', async () => {
    const store = 'SecureModelArtifacts/SecureModelArtifactStore.cs';
    expect(await problemsWith('dotnet', store, (code) => code.replace('GrantAudit(', 'Other(')))
      .toEqual(['SecureModelArtifactStore has no GrantAudit']);
    expect(await problemsWith('dotnet', store, (code) => code.replace(/(?<=namespace )\w+/, 'SecureModelArtifactStore')))
      .toEqual(['SecureModelArtifactStore is the name of its namespace too (CA1724)']);
    expect(await problemsWith('dotnet', store, (code) => code.replace(' StoreName\n', ' SecureModelArtifactStore\n')))
      .toContain('SecureModelArtifactStore has a member of its own name (CS0542)');
    expect(await problemsWith('dotnet', 'SecureModelArtifacts/Perimeter.cs', (code) => code.slice(0, code.lastIndexOf('}'))))
      .toEqual(expect.arrayContaining([expect.stringMatching(/^SecureModelArtifacts\/Perimeter\.cs:\d+ does not parse$/)]));
  });
});

describe('the code for Go', () => {
  beforeAll(() => pack('go', folder, { codeOnly: true }));

  test('parses, and has every public type with all of its members', async () => {
    const { problems, files, types } = await checkGeneratedCode('go', codeFolder('go', folder));
    expect(problems).toEqual([]);
    expect(files).toBeGreaterThan(100);
    expect(types).toBeGreaterThan(100);
  });

  test('would not pass with a function too few', async () => {
    expect(await problemsWith('go', 'SecureModelArtifactStore.go', (code) => code.replace(/(?<=func )\w+_FromAttributes/, 'other')))
      .toEqual(['there is no SecureModelArtifactStore_FromAttributes']);
  });
});
