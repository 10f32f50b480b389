import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { packageLanguages } from '../../scripts/packages/package-languages';
import { PROJECT_ROOT } from '../local/rig/paths';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'packages-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a package for .NET', () => {
  const missing = () => ['dotnet'];

  test('is generated code where .NET is missing, and fails only if .NET was requested by name', async () => {
    const [outcome] = await packageLanguages(['dotnet'], { folder, named: false, missing });
    expect(outcome.failed).toBe(false);
    expect(outcome.words[0]).toContain('CODE ONLY');
    expect(outcome.words[0]).toContain('install the .NET SDK');
    expect(outcome.words).toHaveLength(1);

    expect(await packageLanguages(['dotnet'], { folder: path.join(folder, 'nowhere'), named: true, missing })).toEqual([
      { language: 'dotnet', failed: true, words: ['FAILED: dotnet not found; install the .NET SDK'] },
    ]);
    expect(fs.existsSync(path.join(folder, 'nowhere'))).toBe(false);
  });

  test('contains the whole npm package, and requires the same CDK versions', () => {
    const project = path.join(folder, 'dotnet', 'SecureModelArtifactStore');
    const { version, peerDependencies } = JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8'));
    expect(fs.readdirSync(project)).toContain(`secure-model-artifact-store-${version}.tgz`);
    const references = fs.readFileSync(path.join(project, 'SecureModelArtifactStore.csproj'), 'utf8');
    const oldest = (name: string) => (peerDependencies[name] as string).replace(/^(\^|>=)/, '').split(' ')[0];
    expect(references).toContain(`Include="Amazon.CDK.Lib" Version="[${oldest('aws-cdk-lib')},`);
    expect(references).toContain(`Include="Cdklabs.CdkNag" Version="[${oldest('cdk-nag')},`);
    expect(references).toContain(`Include="Constructs" Version="[${oldest('constructs')},`);
  });
});
