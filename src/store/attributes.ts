import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkStoreName } from './names';
import { Problems } from '../common/problems';

/**
 * What to know of a store that is made in another stack. Each value is an output of that stack, and the value of an SSM
 * parameter below `/secure-model-artifact-store/NAME/`.
 */
export interface SecureModelArtifactStoreAttributes {
  /** Name of the store: its output `StoreName`. */
  readonly storeName: string;

  /** Name of the artifact bucket: the output `ArtifactBucketName`. */
  readonly bucketName: string;

  /** ARN of the key that encrypts the models: the output `ArtifactKeyArn`. */
  readonly encryptionKeyArn: string;

  /**
   * URL of the API, without a slash at the end: the output `Url`. It goes with `restApiId`.
   *
   * @default - the default endpoint of the API
   */
  readonly url?: string;

  /**
   * Id of the REST API: the output `RestApiId`. Permissions to call the API name it.
   *
   * @default - the store has no API
   */
  readonly restApiId?: string;

  /**
   * Name of the API's stage. It goes with `restApiId`.
   *
   * @default 'v1' - the stage of every `SecureModelArtifactStore`
   */
  readonly stageName?: string;

  /**
   * ARN of the upload function of a store without an API: the output `UploadFunctionArn`.
   *
   * @default - the store has an API
   */
  readonly uploadFunctionArn?: string;

  /**
   * ARN of the download function of a store without an API: the output `DownloadFunctionArn`.
   *
   * @default - the store has an API
   */
  readonly downloadFunctionArn?: string;

  /**
   * ARN of the registry function of a store without an API: the output `RegistryFunctionArn`.
   *
   * @default - the store has an API
   */
  readonly registryFunctionArn?: string;

  /**
   * Name of the trail bucket: the output `TrailBucketName`. It goes with `accessLogBucketName`.
   *
   * @default - unknown; `grantAudit` gives manifests and no logs
   */
  readonly trailBucketName?: string;

  /**
   * Name of the access-log bucket: the output `AccessLogBucketName`. It goes with `trailBucketName`.
   *
   * @default - unknown; `grantAudit` gives manifests and no logs
   */
  readonly accessLogBucketName?: string;

  /**
   * ARN of the key that encrypts the trail: the output `TrailKeyArn`.
   *
   * @default - unknown; whoever owns the key has to let auditors decrypt with it
   */
  readonly trailKeyArn?: string;
}

const FUNCTION_ARN = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$/;

const FUNCTION_ARNS = ['uploadFunctionArn', 'downloadFunctionArn', 'registryFunctionArn'] as const;

/** Every attribute that cannot be right by itself or beside the others, at once. */
export function checkAttributes(scope: Construct, attributes: SecureModelArtifactStoreAttributes): void {
  const problems = Problems.of(scope);
  checkStoreName(problems, attributes.storeName);
  problems.bucketName('bucketName', attributes.bucketName);
  problems.keyArn('encryptionKeyArn', attributes.encryptionKeyArn);
  checkApi(problems, attributes);
  checkFunctions(problems, attributes);
  checkLogs(problems, attributes);
  problems.throwIfAny('SecureModelArtifactStore');
}

function checkApi(problems: Problems, { url, restApiId, stageName }: SecureModelArtifactStoreAttributes): void {
  if (isWrong(restApiId, /^[a-z0-9]+$/)) {
    problems.add(`restApiId is ${JSON.stringify(restApiId)}; the id of a REST API has lower-case letters and digits `
      + 'alone, such as a1b2c3d4e5');
  }
  if (isWrong(stageName, /^[A-Za-z0-9_-]{1,128}$/)) {
    problems.add(`stageName is ${JSON.stringify(stageName)}; API Gateway takes 1 to 128 letters, digits, "_" and "-"`);
  }
  if (isWrong(url, /^https:\/\/[^/?#@]+(\/[^/?#]+)*$/)) {
    problems.add(`url is ${JSON.stringify(url)}; the URL of an API begins with https:// and has neither a slash at the `
      + 'end nor a query, such as https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1');
  }
  if (restApiId === undefined) {
    const id = url === undefined || Token.isUnresolved(url) ? undefined
      : /^https:\/\/([a-z0-9]+)[^/]*\.execute-api\./.exec(url)?.[1];
    for (const [property, value] of Object.entries({ url, stageName })) {
      if (value !== undefined) {
        problems.add(`${property} is given without restApiId, which permissions to call the API name; give `
          + (id === undefined ? 'the output RestApiId of the store\'s stack' : `restApiId: "${id}"`));
      }
    }
  }
}

function checkFunctions(problems: Problems, attributes: SecureModelArtifactStoreAttributes): void {
  const given = FUNCTION_ARNS.filter((property) => attributes[property] !== undefined);
  for (const property of given) {
    if (isWrong(attributes[property], FUNCTION_ARN)) {
      problems.add(`${property} is ${JSON.stringify(attributes[property])}; the ARN of a function is like `
        + 'arn:aws:lambda:<Region>:<account>:function:<name>');
    }
  }
  if (given.length === 0) return;
  if (attributes.restApiId !== undefined) {
    problems.add(`restApiId is given and ${given.join(', ')} too; callers of a store with an API never invoke its `
      + 'functions: leave one of the two out');
  } else if (given.length < FUNCTION_ARNS.length) {
    const missing = FUNCTION_ARNS.filter((property) => !given.includes(property));
    problems.add(`${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} given without ${missing.join(' and ')}; `
      + 'a store without an API needs all three');
  }
}

function checkLogs(problems: Problems, attributes: SecureModelArtifactStoreAttributes): void {
  const { trailBucketName, accessLogBucketName, trailKeyArn } = attributes;
  problems.bucketName('trailBucketName', trailBucketName);
  problems.bucketName('accessLogBucketName', accessLogBucketName);
  problems.keyArn('trailKeyArn', trailKeyArn);
  const given = (['trailBucketName', 'accessLogBucketName'] as const)
    .filter((property) => attributes[property] !== undefined);
  if (given.length === 1) {
    const missing = given[0] === 'trailBucketName' ? 'accessLogBucketName' : 'trailBucketName';
    problems.add(`${given[0]} is given without ${missing}; auditors read both: give both, or neither`);
  }
  if (trailKeyArn !== undefined && given.length === 0) {
    problems.add('trailKeyArn is given without trailBucketName and accessLogBucketName, whose logs it decrypts; '
      + 'give all three, or none');
  }
}

function isWrong(value: string | undefined, right: RegExp): boolean {
  return value !== undefined && !Token.isUnresolved(value) && !right.test(value);
}
