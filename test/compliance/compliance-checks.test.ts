import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CompliancePack, ComplianceChecks, SecureModelArtifactStore } from '../../src';

function appWithBareBucket(packs?: CompliancePack[]): App {
  const app = new App();
  ComplianceChecks.addTo(app, packs);
  new s3.Bucket(new Stack(app, 'Test'), 'Bucket');
  return app;
}

function appWithStore(packs?: CompliancePack[]): App {
  const app = new App();
  ComplianceChecks.addTo(app, packs);
  new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models');
  return app;
}

function findingsOf(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('ComplianceChecks', () => {
  test.each([
    [CompliancePack.AWS_SOLUTIONS, 'AwsSolutions-S1'],
    [CompliancePack.HIPAA_SECURITY, 'HIPAA.Security-S3BucketLoggingEnabled'],
    [CompliancePack.NIST_800_53_R4, 'NIST.800.53.R4-S3BucketLoggingEnabled'],
    [CompliancePack.NIST_800_53_R5, 'NIST.800.53.R5-S3BucketLoggingEnabled'],
    [CompliancePack.PCI_DSS_321, 'PCI.DSS.321-S3BucketLoggingEnabled'],
  ])('runs %s by default', (_pack, finding) => {
    expect(findingsOf(appWithBareBucket())).toContain(finding);
  });

  test('runs the pack Serverless by default', () => {
    const app = new App();
    ComplianceChecks.addTo(app);
    new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models', { capacity: { tracing: false } });
    expect(findingsOf(app)).toContain('Serverless-LambdaTracing');
  });

  test('runs only the selected packs', () => {
    const findings = findingsOf(appWithBareBucket([CompliancePack.PCI_DSS_321]));
    expect(findings).toContain('PCI.DSS.321-S3BucketLoggingEnabled');
    expect(findings).not.toContain('AwsSolutions-S1');
  });

  test('passes for an app that contains only the store', () => {
    expect(findingsOf(appWithStore())).toBe('');
  });

  test('does not change the template by default', () => {
    expect(JSON.stringify(appWithStore().synth().getStackByName('Test').template)).not.toContain('rules_to_suppress');
  });

  test('writes acknowledgements into the template if enabled', () => {
    const app = new App();
    ComplianceChecks.addWithAcknowledgementsTo(app);
    new SecureModelArtifactStore(new Stack(app, 'Test'), 'Models');
    expect(JSON.stringify(app.synth().getStackByName('Test').template)).toContain('rules_to_suppress');
  });
});

describe('an app without cdk-nag 3', () => {
  const withNag = (mock: () => unknown, act: (library: typeof import('../../src')) => void) => {
    jest.isolateModules(() => {
      jest.doMock('cdk-nag/package.json', mock, { virtual: true });
      try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        act(require('../../src') as typeof import('../../src'));
      } finally {
        jest.dontMock('cdk-nag/package.json');
      }
    });
  };
  const missing = () => {
    throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
  };

  test('can use the store, and gets an error from ComplianceChecks', () => {
    withNag(missing, (library) => {
      expect(() => new library.SecureModelArtifactStore(new Stack(new App(), 'Test'), 'Models')).not.toThrow();
      expect(() => library.ComplianceChecks.addTo(new App()))
        .toThrow('cdk-nag is not installed; install it with: npm install cdk-nag@3');
    });
    withNag(() => ({ version: '2.36.8' }), (library) => {
      expect(() => library.ComplianceChecks.addTo(new App()))
        .toThrow('ComplianceChecks requires cdk-nag 3, but the app has cdk-nag 2.36.8; upgrade it');
    });
  });

  test('can install the library with any cdk-nag from version 2, or without it', () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { peerDependencies, peerDependenciesMeta } = require('../../package.json');
    expect(peerDependencies['cdk-nag']).toBe('>=2.36.8 <4');
    expect(peerDependenciesMeta).toEqual({ 'cdk-nag': { optional: true } });
  });
});
