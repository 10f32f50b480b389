import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleAll } from '../../scripts/bundle';
import { writeBillsOfMaterials } from '../../scripts/sbom';
import { bundledPackages } from '../../scripts/third-party-licenses';

const ROOT = path.resolve(__dirname, '../..');
const { version: LIBRARY_VERSION } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
/** The validator is loaded by Node, because Jest does not resolve its optional dependencies as Node does. */
const VALIDATE = `
  const { JsonStrictValidator } = require('@cyclonedx/cyclonedx-library/Validation');
  new JsonStrictValidator('1.6').validate(require('node:fs').readFileSync(process.argv[1], 'utf8'))
    .then((error) => console.log(JSON.stringify(error)));`;

interface BillOfMaterials {
  readonly specVersion: string;
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: { readonly name: string; readonly type: string } };
  readonly components: readonly {
    readonly name: string; readonly group?: string; readonly version?: string; readonly purl?: string; readonly licenses?: readonly unknown[];
  }[];
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bill-of-materials-'));
const bills: { [name: string]: BillOfMaterials } = {};
let files: string[];

beforeAll(async () => {
  files = await writeBillsOfMaterials(path.join(folder, 'one'));
  for (const file of files) {
    bills[path.basename(file, '.cdx.json')] = JSON.parse(fs.readFileSync(file, 'utf8')) as BillOfMaterials;
  }
}, 600_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const namesOf = (name: string) => bills[name].components.map(({ group, name: own, version }) => `${group === undefined ? '' : `${group}/`}${own}@${version}`);
const errorsIn = (text: string): unknown => {
  const file = path.join(folder, 'checked.json');
  fs.writeFileSync(file, text);
  return JSON.parse(execFileSync(process.execPath, ['--eval', VALIDATE, file], { cwd: ROOT, encoding: 'utf8' }));
};

describe.each([['secure-model-artifact-store', 'library'], ['secure-model-artifact-store-cli', 'application']])('the bill of materials of %s', (name, type) => {
  test('is valid CycloneDX, about this package', () => {
    expect(errorsIn(JSON.stringify(bills[name]))).toBeNull();
    expect(bills[name]).toMatchObject({ specVersion: '1.6', metadata: { component: { name, type } } });
  });

  test('names exactly the packages in the bundles, with their versions', async () => {
    const reports = (await bundleAll(path.join(folder, 'bundles'))).filter(({ outfile }) => /cli\/dist/.test(outfile) === name.endsWith('-cli'));
    const outputs = reports.flatMap(({ metafile }) => Object.values(metafile.outputs)).flatMap(({ inputs }) => Object.keys(inputs));
    const bundled = bundledPackages(ROOT, outputs).map((one) => `${one.name}@${one.version}`);

    expect(bundled.length).toBeGreaterThan(5);
    // The command line shares sources with the library.
    const shared = name.endsWith('-cli') ? [`secure-model-artifact-store@${LIBRARY_VERSION}`] : [];
    expect(namesOf(name).sort()).toEqual([...bundled, ...shared].sort());
  });

  test('has a license and a package URL for each package', () => {
    expect(bills[name].components.filter(({ licenses = [], purl = '' }) => licenses.length === 0 || !purl.startsWith('pkg:npm/'))).toEqual([]);
  });
});

test('the bills of materials are reproducible, and contain no path or time of the build', async () => {
  const again = await writeBillsOfMaterials(path.join(folder, 'another/place'));

  expect(again.map((file) => fs.readFileSync(file, 'utf8'))).toEqual(files.map((file) => fs.readFileSync(file, 'utf8')));
  for (const [name, { serialNumber, metadata: { timestamp } }] of Object.entries(bills)) {
    expect([name, serialNumber, timestamp]).toEqual([name, undefined, undefined]);
    expect(JSON.stringify(bills[name])).not.toContain(ROOT);
  }
});

test('the validator rejects a bill of materials that is not valid', () => {
  expect(errorsIn(JSON.stringify({ ...Object.values(bills)[0], components: [{ name: 'without-type' }] }))).not.toBeNull();
});
