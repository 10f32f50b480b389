import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkStoreName } from './names';
import { Problems } from '../common/problems';

/**
 * Attributes of a store that is defined in another stack. Each is an output of that stack, and also the value of an SSM
 * parameter under `/secure-model-artifact-store/NAME/`.
 */
export interface SecureModelArtifactStoreAttributes {
  /** The name of the store (output `StoreName`). */
  readonly storeName: string;

  /** The name of the artifact bucket (output `ArtifactBucketName`). */
  readonly bucketName: string;

  /** The ARN of the key that encrypts the models (output `ArtifactKeyArn`). */
  readonly encryptionKeyArn: string;

  /**
   * The URL of the API, without a trailing slash (output `Url`). Requires `restApiId`.
   *
   * @default - the default endpoint of the API
   */
  readonly url?: string;

  /**
   * The ID of the REST API (output `RestApiId`). Permissions to call the API refer to it.
   *
   * @default - the store has no API
   */
  readonly restApiId?: string;

  /**
   * The name of the API's stage. Requires `restApiId`.
   *
   * @default 'v1' - the stage of every `SecureModelArtifactStore`
   */
  readonly stageName?: string;

  /**
   * The ARN of the upload function of a store without an API (output `UploadFunctionArn`).
   *
   * @default - the store has an API
   */
  readonly uploadFunctionArn?: string;

  /**
   * The ARN of the download function of a store without an API (output `DownloadFunctionArn`).
   *
   * @default - the store has an API
   */
  readonly downloadFunctionArn?: string;

  /**
   * The ARN of the registry function of a store without an API (output `RegistryFunctionArn`).
   *
   * @default - the store has an API
   */
  readonly registryFunctionArn?: string;

  /**
   * The name of the trail bucket (output `TrailBucketName`). Requires `accessLogBucketName`.
   *
   * @default - unknown; `grantAudit` covers manifests but not logs
   */
  readonly trailBucketName?: string;

  /**
   * The name of the access-log bucket (output `AccessLogBucketName`). Requires `trailBucketName`.
   *
   * @default - unknown; `grantAudit` covers manifests but not logs
   */
  readonly accessLogBucketName?: string;

  /**
   * The ARN of the key that encrypts the trail (output `TrailKeyArn`).
   *
   * @default - unknown; the owner of the key must allow auditors to decrypt with it
   */
  readonly trailKeyArn?: string;
}

const FUNCTION_ARN = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$/;

const FUNCTION_ARNS = ['uploadFunctionArn', 'downloadFunctionArn', 'registryFunctionArn'] as const;

/** Reports all attributes that are invalid, or that contradict each other, in one error. */
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
    problems.add(`restApiId is ${JSON.stringify(restApiId)}; the ID of a REST API has only lower-case letters and `
      + 'digits, such as a1b2c3d4e5');
  }
  if (isWrong(stageName, /^[A-Za-z0-9_-]{1,128}$/)) {
    problems.add(`stageName is ${JSON.stringify(stageName)}; use 1 to 128 letters, digits, "_" and "-"`);
  }
  if (isWrong(url, /^https:\/\/[^/?#@]+(\/[^/?#]+)*$/)) {
    problems.add(`url is ${JSON.stringify(url)}; the URL of an API starts with https:// and has neither a trailing `
      + 'slash nor a query string, such as https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1');
  }
  if (restApiId === undefined) {
    const id = url === undefined || Token.isUnresolved(url) ? undefined
      : /^https:\/\/([a-z0-9]+)[^/]*\.execute-api\./.exec(url)?.[1];
    for (const [property, value] of Object.entries({ url, stageName })) {
      if (value !== undefined) {
        problems.add(`${property} is set without restApiId, which permissions to call the API refer to; set `
          + (id === undefined ? 'it to the output RestApiId of the store\'s stack' : `restApiId: "${id}"`));
      }
    }
  }
}

function checkFunctions(problems: Problems, attributes: SecureModelArtifactStoreAttributes): void {
  const given = FUNCTION_ARNS.filter((property) => attributes[property] !== undefined);
  for (const property of given) {
    if (isWrong(attributes[property], FUNCTION_ARN)) {
      problems.add(`${property} is ${JSON.stringify(attributes[property])}; the ARN of a function has the form `
        + 'arn:aws:lambda:<Region>:<account>:function:<name>');
    }
  }
  if (given.length === 0) return;
  if (attributes.restApiId !== undefined) {
    problems.add(`restApiId is set together with ${given.join(', ')}; callers of a store with an API never invoke its `
      + 'functions directly: remove one or the other');
  } else if (given.length < FUNCTION_ARNS.length) {
    const missing = FUNCTION_ARNS.filter((property) => !given.includes(property));
    problems.add(`${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} set without ${missing.join(' and ')}; `
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
    problems.add(`${given[0]} is set without ${missing}; auditors read both: set both, or neither`);
  }
  if (trailKeyArn !== undefined && given.length === 0) {
    problems.add('trailKeyArn is set without trailBucketName and accessLogBucketName, whose logs it decrypts; '
      + 'set all three, or none');
  }
}

function isWrong(value: string | undefined, right: RegExp): boolean {
  return value !== undefined && !Token.isUnresolved(value) && !right.test(value);
}
