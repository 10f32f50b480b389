import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ApiAuthentication } from './api-authentication';
import { checkNetwork } from './api-resource-policy';
import type { ArtifactApiProps } from './artifact-api-props';
import type { Problems } from '../common/problems';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** Reports all problems of the properties. */
export function checkArtifactApi(
  problems: Problems, scope: IConstruct, authentication: ApiAuthentication, props: Omit<ArtifactApiProps, 'functions'>,
): void {
  authentication._check(problems);
  checkNetwork(problems, authentication, props);
  props.webApplicationFirewall?._check(problems);
  const { stageName } = props;
  if (stageName !== undefined && !Token.isUnresolved(stageName) && !/^[A-Za-z0-9_-]{1,128}$/.test(stageName)) {
    problems.add(`stageName is ${JSON.stringify(stageName)}; use 1 to 128 letters, digits, "_" and "-"`);
  }
  checkThrottling(problems, 'throttlingRateLimit', props.throttlingRateLimit);
  checkThrottling(problems, 'throttlingBurstLimit', props.throttlingBurstLimit);
  if (props.domainName && props.apiVpcEndpoints) {
    problems.add(`domainName is set together with ${problems.name('apiVpcEndpoints')}; this domain name would be `
      + 'public, but a private API is called through its VPC endpoints: remove one of the two');
  }
  checkEncryptionKey(problems, scope, 'logEncryptionKey', props.logEncryptionKey);
}

function checkThrottling(problems: Problems, property: string, value: number | undefined): void {
  if (value !== undefined && !Token.isUnresolved(value) && !(Number.isInteger(value) && value >= 1)) {
    problems.add(`${property} is ${JSON.stringify(value)}; use a whole number of at least 1`);
  }
}
