import * as fs from 'node:fs';
import * as path from 'node:path';
import { manifestOf } from '../../scripts/packages/pack';
import { PROJECT_ROOT } from '../local/rig/paths';

const read = (...names: string[]) => fs.readFileSync(path.join(__dirname, ...names), 'utf8');
const installed = (name: string) => manifestOf(path.join(PROJECT_ROOT, 'node_modules', name)).version;

const CDK = installed('aws-cdk-lib');
const CONSTRUCTS = installed('constructs');
const NAG = installed('cdk-nag');
const JSII = installed('jsii-pacmak');

// Templates are only the same from every language if the CDK is.
test('every consumer uses the versions that the library is built with', () => {
  expect(JSON.parse(read('typescript', 'package.json')).dependencies).toEqual({
    'aws-cdk-lib': CDK, 'cdk-nag': NAG, constructs: CONSTRUCTS,
  });
  expect(read('python', 'requirements.txt').trim().split('\n')).toEqual([
    `aws-cdk-lib==${CDK}`, `cdk-nag==${NAG}`, `constructs==${CONSTRUCTS}`, `jsii==${JSII}`,
  ]);
  const inJava = [...read('java', 'pom.xml').matchAll(/<artifactId>([\w-]+)<\/artifactId>\s*<version>([\d.]+)<\/version>/g)];
  expect(Object.fromEntries(inJava.map(([, name, version]) => [name, version]))).toMatchObject({
    'aws-cdk-lib': CDK, cdknag: NAG, constructs: CONSTRUCTS, 'jsii-runtime': JSII,
  });
  expect(read('go', 'go.mod')).toContain(`github.com/aws/aws-cdk-go/awscdk/v2 v${CDK}\n`);
  expect(read('go', 'go.mod')).toContain(`github.com/aws/constructs-go/constructs/v10 v${CONSTRUCTS}\n`);
  expect(read('go', 'go.mod')).toContain(`github.com/aws/jsii-runtime-go v${JSII}\n`);
});
