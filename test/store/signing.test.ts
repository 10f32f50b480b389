import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SecureModelArtifactStore, type SigningOptions } from '../../src';

const FORMER = 'arn:aws:kms:eu-central-1:111122223333:key/1111-2222';

function synthesize(signing: (stack: Stack) => SigningOptions) {
  const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'eu-central-1' } });
  new SecureModelArtifactStore(stack, 'Models', { signing: signing(stack) });
  return Template.fromStack(stack);
}

const keyIds = (template: ReturnType<typeof synthesize>) => Object.entries(template.findResources('AWS::KMS::Key'))
  .filter(([, { Properties }]) => Properties.KeyUsage === 'SIGN_VERIFY').map(([id]) => id);
const problem = (signing: SigningOptions) => () => synthesize(() => signing);

describe('replacing the signing key', () => {
  const replaced = synthesize((stack) => ({ generation: 2, formerKeys: [kms.Key.fromKeyArn(stack, 'Former', FORMER)] }));

  test('creates another key, and leaves the former one out of the stack', () => {
    const [before, after] = [synthesize(() => ({})), replaced].map(keyIds);
    expect([before.length, after.length]).toEqual([1, 1]);
    expect(after).not.toEqual(before);
  });

  test('has the upload function sign with the new key, and the registry function publish both', () => {
    const [keyId] = keyIds(replaced);
    replaced.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('ublish'), Environment: { Variables: { SIGNING_KEY_ARN: { 'Fn::GetAtt': [keyId, 'Arn'] } } },
    });
    replaced.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SIGNING_KEY_ARN: { 'Fn::GetAtt': [keyId, 'Arn'] }, FORMER_SIGNING_KEY_ARNS: `["${FORMER}"]` } },
    });
  });
});

test('a client learns from the description whether the store signs', () => {
  const description = (signing: SigningOptions) => JSON.stringify(synthesize(() => signing).findResources('AWS::SSM::Parameter'));
  expect(description({})).toContain('\\"signing\\":true');
  expect(description({ enabled: false })).toContain('\\"signing\\":false');
});

describe('contradictions are errors:', () => {
  test.each<[SigningOptions, string]>([
    [{ enabled: false, generation: 2 }, 'signing.generation configures the signing key, but signing.enabled is false'],
    [{ enabled: false, formerKeys: [] }, 'signing.formerKeys configures the signing key, but signing.enabled is false'],
    [{ generation: 0 }, 'signing.generation is 0; use a whole number, 1 for the first key'],
    [{ generation: 1.5 }, 'signing.generation is 1.5'],
  ])('%j', (signing, expected) => {
    expect(problem(signing)).toThrow(expected);
  });

  test('a former key in another Region, one that cannot sign, an alias, and too many of them', () => {
    expect(() => synthesize((stack) => ({
      formerKeys: [
        kms.Key.fromKeyArn(stack, 'Elsewhere', FORMER.replace('eu-central-1', 'us-east-1')),
        new kms.Key(stack, 'Symmetric'),
        kms.Alias.fromAliasName(stack, 'Alias', 'alias/signing'),
        ...Array.from({ length: 8 }, (_value, index) => kms.Key.fromKeyArn(stack, `Key${index}`, `${FORMER}${index}`)),
      ],
    }))).toThrow(/formerKeys has 11 keys[\s\S]*formerKeys\[0\] is in Region us-east-1[\s\S]*formerKeys\[1\] is .* keySpec SYMMETRIC_DEFAULT[\s\S]*formerKeys\[2\] is an alias/);
  });
});
