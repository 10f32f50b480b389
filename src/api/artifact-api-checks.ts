import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ApiAuthentication } from './api-authentication';
import { checkNetwork } from './api-resource-policy';
import type { ArtifactApiProps } from './artifact-api-props';
import type { Problems } from '../common/problems';
import { checkEncryptionKey } from '../storage/encryption-key-checks';

/** Everything that is wrong with the properties, at once. */
export function checkArtifactApi(
  problems: Problems, scope: IConstruct, authentication: ApiAuthentication, props: Omit<ArtifactApiProps, 'functions'>,
): void {
  authentication._check(problems);
  checkNetwork(problems, authentication, props.network);
  props.webApplicationFirewall?._check(problems);
  if (props.stageName !== undefined && !Token.isUnresolved(props.stageName) && !/^[A-Za-z0-9_-]{1,128}$/.test(props.stageName)) {
    problems.add(`stageName is ${JSON.stringify(props.stageName)}; API Gateway takes 1 to 128 letters, digits, "_" and "-"`);
  }
  checkThrottling(problems, 'throttlingRateLimit', props.throttlingRateLimit);
  checkThrottling(problems, 'throttlingBurstLimit', props.throttlingBurstLimit);
  if (props.domainName && props.network?.vpcEndpoints) {
    problems.add(`domainName is given and ${problems.name('network.vpcEndpoints')} too; this domain name would be public, and a private API is called `
      + 'through its VPC endpoints: leave one of them out');
  }
  checkEncryptionKey(problems, scope, 'logEncryptionKey', props.logEncryptionKey);
}

function checkThrottling(problems: Problems, property: string, value: number | undefined): void {
  if (value !== undefined && !Token.isUnresolved(value) && !(Number.isInteger(value) && value >= 1)) {
    problems.add(`${property} is ${JSON.stringify(value)}; it is a whole number of at least 1, or nobody could call`);
  }
}
