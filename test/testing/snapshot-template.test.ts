import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnOutput, LegacyStackSynthesizer, NestedStack, Stack, type StackProps, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3assets from 'aws-cdk-lib/aws-s3-assets';
import { RootConstruct } from 'constructs';
import { SecureModelArtifactStore, testing } from '../../src';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assets-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The output of a build, with other contents in each release. */
function asset(name: string, release: string, contents: string = name): string {
  const place = path.join(folder, release, name);
  fs.mkdirSync(place, { recursive: true });
  fs.writeFileSync(path.join(place, 'index.js'), `exports.handler = () => '${contents} of ${release}';`);
  fs.writeFileSync(path.join(place, 'Dockerfile'), `FROM scratch\nLABEL release=${release} name=${name}\n`);
  return place;
}

function fn(scope: Stack, id: string, release: string, environment?: Record<string, string>): lambda.Function {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromAsset(asset(id, release)), environment,
  });
}

const OTHER_DIGEST = 'ab'.repeat(32);

interface Made {
  readonly stack: Stack;
  readonly nested: Stack;
}

/** Assets of every kind that a stack can have. */
function everyKindOfAsset(release: string, props: StackProps = {}): Made {
  const stack = new Stack(new Stage(new App(), 'Production'), 'Consumer', props);
  const code = fn(stack, 'Function', release, { MODEL_DIGEST: OTHER_DIGEST });
  new lambda.Alias(stack, 'Alias', { aliasName: 'live', version: code.currentVersion });
  new lambda.DockerImageFunction(stack, 'Image', { code: lambda.DockerImageCode.fromImageAsset(asset('image', release)) });
  const layer = new lambda.LayerVersion(stack, 'Layer', { code: lambda.Code.fromAsset(asset('layer', release)) });
  code.addLayers(layer);
  const document = new s3assets.Asset(stack, 'Document', { path: path.join(asset('document', release), 'index.js') });
  new CfnOutput(stack, 'DocumentUrl', { value: document.httpUrl });
  new CfnOutput(stack, 'DocumentHash', { value: `sha256:${document.assetHash}` });
  const nested = new NestedStack(stack, 'Nested');
  fn(nested, 'Inside', release);
  return { stack, nested };
}

/** Where two templates differ: the paths of the leaves. */
function differences(a: unknown, b: unknown, at = ''): string[] {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
    return a === b ? [] : [at];
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.flatMap((key) => differences((a as any)[key], (b as any)[key], `${at}/${key}`));
}

describe('the snapshot template of a stack', () => {
  test('does not change when every asset changes', () => {
    const [before, after] = ['1.0.0', '1.0.1'].map((release) => everyKindOfAsset(release));
    expect(Template.fromStack(before.stack).toJSON()).not.toEqual(Template.fromStack(after.stack).toJSON());
    expect(testing.SnapshotTemplate.fromStack(before.stack)).toEqual(testing.SnapshotTemplate.fromStack(after.stack));
  });

  test('masks only asset hashes', () => {
    const { stack } = everyKindOfAsset('2.0.0');
    const plain = Template.fromStack(stack);
    const [version] = Object.keys(plain.findResources('AWS::Lambda::Version'));
    expect(differences(plain.toJSON(), testing.SnapshotTemplate.fromStack(stack)).sort()).toEqual([
      '/Outputs/DocumentHash/Value',
      '/Outputs/DocumentUrl/Value/Fn::Sub',
      '/Resources/Alias325C5727/Properties/FunctionVersion/Fn::GetAtt/0',
      '/Resources/Function76856677/Properties/Code/S3Key',
      '/Resources/FunctionCurrentVersion4E2B2261',
      `/Resources/${version}`,
      '/Resources/Image9D742C96/Properties/Code/ImageUri/Fn::Sub',
      '/Resources/LayerB20D2F06/Properties/Content/S3Key',
      '/Resources/NestedNestedStackNestedNestedStackResourceDEFDAA4D/Properties/TemplateURL/Fn::Join/1/6',
    ].sort());
  });

  test('shows where an asset is used', () => {
    const { stack } = everyKindOfAsset('2.0.1');
    Template.fromJSON(testing.SnapshotTemplate.fromStack(stack)).hasResourceProperties('AWS::Lambda::Function', { Code: { S3Key: '<asset>.zip' } });
    expect(testing.SnapshotTemplate.fromStack(stack).Outputs.DocumentHash.Value).toBe('sha256:<asset>');
  });

  test('keeps digests that are not asset hashes', () => {
    const { stack } = everyKindOfAsset('2.0.2');
    expect(JSON.stringify(testing.SnapshotTemplate.fromStack(stack))).toContain(OTHER_DIGEST);
  });

  test('shows changed settings of a function, but not its changed version', () => {
    const [before, after] = [128, 256].map((memorySize) => {
      const stack = new Stack(new App(), 'Consumer');
      const code = fn(stack, 'Function', '2.0.3');
      new lambda.Alias(stack, 'Alias', { aliasName: 'live', version: code.currentVersion });
      (code.node.defaultChild as lambda.CfnFunction).memorySize = memorySize;
      return testing.SnapshotTemplate.fromStack(stack);
    });
    expect(differences(before, after)).toEqual(['/Resources/Function76856677/Properties/MemorySize']);
  });

  test('works for a nested stack', () => {
    const [before, after] = ['3.0.0', '3.0.1'].map((release) => everyKindOfAsset(release).nested);
    expect(Template.fromStack(before).toJSON()).not.toEqual(Template.fromStack(after).toJSON());
    expect(testing.SnapshotTemplate.fromStack(before)).toEqual(testing.SnapshotTemplate.fromStack(after));
    Template.fromJSON(testing.SnapshotTemplate.fromStack(before)).resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('masks the parameters of the LegacyStackSynthesizer too, and keeps assets distinct', () => {
    const [before, after] = ['4.0.0', '4.0.1'].map((release) => everyKindOfAsset(release, { synthesizer: new LegacyStackSynthesizer() }));
    expect(testing.SnapshotTemplate.fromStack(before.stack)).toEqual(testing.SnapshotTemplate.fromStack(after.stack));
    expect(testing.SnapshotTemplate.fromStack(before.nested)).toEqual(testing.SnapshotTemplate.fromStack(after.nested));
    const { Parameters } = testing.SnapshotTemplate.fromStack(before.stack);
    expect(Object.keys(Parameters)).toHaveLength(Object.keys(Template.fromStack(before.stack).toJSON().Parameters).length);
    expect(Parameters['AssetParameters<1>S3Bucket'].Description).toBe('S3 bucket for asset "<asset>"');
  });

  test('is the plain template of a stack without assets', () => {
    const stack = new Stack(new App(), 'Plain');
    new CfnOutput(stack, 'Digest', { value: OTHER_DIGEST });
    expect(testing.SnapshotTemplate.fromStack(stack)).toEqual(Template.fromStack(stack).toJSON());
  });

  test('masks only the code of the functions of a store', () => {
    const stack = new Stack(new App(), 'Consumer');
    new SecureModelArtifactStore(stack, 'Models');
    const changed = differences(Template.fromStack(stack).toJSON(), testing.SnapshotTemplate.fromStack(stack));
    expect(changed).toHaveLength(4);
    expect(changed.filter((place) => !/^\/Resources\/Models(Functions(Upload|Download|Registry)|ApiLoggingRoleSetter)[0-9A-F]{8}\/Properties\/Code\/S3Key$/.test(place)))
      .toEqual([]);
  });
});

test('a stack outside an app is rejected', () => {
  expect(() => testing.SnapshotTemplate.fromStack(new Stack(new RootConstruct('Root'), 'Lonely')))
    .toThrow('the stack Root/Lonely is not in an App or Stage, so it cannot be synthesized; '
      + 'create it with `new Stack(new App(), …)`');
});
