import { Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { FunctionAccess, StoreAccess } from './access/store-access';
import { storeParameterName } from './contract/wire';
import { ArtifactBucket, type IArtifactBucket } from './storage/artifact-bucket';
import { type ILogArchive, LogArchive } from './storage/log-archive';
import { StoreBase } from './store-base';

/**
 * What to know of a store that is made in another stack; its outputs say it.
 */
export interface SecureModelArtifactStoreAttributes {
  /** What clients call the store by. */
  readonly storeName: string;

  /** Name of the artifact bucket. */
  readonly bucketName: string;

  /** ARN of the key that encrypts the models. */
  readonly encryptionKeyArn: string;

  /**
   * Where clients call the API.
   *
   * @default - the default endpoint of the API
   */
  readonly url?: string;

  /**
   * Id of the REST API.
   *
   * @default - the store has no API
   */
  readonly restApiId?: string;

  /**
   * Name of the API's stage.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * ARN of the upload function, for a store without an API.
   *
   * @default - nobody can be granted to push
   */
  readonly uploadFunctionArn?: string;

  /**
   * ARN of the download function, for a store without an API.
   *
   * @default - nobody can be granted to ask for links
   */
  readonly downloadFunctionArn?: string;

  /**
   * ARN of the registry function, for a store without an API.
   *
   * @default - nobody can be granted to move aliases
   */
  readonly registryFunctionArn?: string;

  /**
   * Name of the bucket of the trail.
   *
   * @default - unknown; nobody can be granted to read the logs
   */
  readonly trailBucketName?: string;

  /**
   * Name of the bucket of the access logs.
   *
   * @default - unknown; nobody can be granted to read the logs
   */
  readonly accessLogBucketName?: string;

  /**
   * ARN of the key that encrypts the trail.
   *
   * @default - unknown; auditors have to be let in by its owner
   */
  readonly trailKeyArn?: string;
}

/** A store that is made in another stack. */
export class ImportedStore extends StoreBase {
  public readonly storeName: string;
  public readonly artifactBucket: IArtifactBucket;
  public readonly logArchive?: ILogArchive;
  public readonly url?: string;

  /** @internal */
  protected readonly _access: StoreAccess;
  /** @internal */
  protected readonly _parameter: ssm.IStringParameter;

  constructor(scope: Construct, id: string, attributes: SecureModelArtifactStoreAttributes) {
    super(scope, id);
    this.storeName = attributes.storeName;
    this.artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(this, 'Artifacts', attributes);
    this._parameter = ssm.StringParameter.fromStringParameterAttributes(this, 'Description', {
      parameterName: storeParameterName(this.storeName), simpleName: false,
    });
    this.logArchive = this.importLogArchive(attributes);
    const stageName = attributes.stageName ?? 'v1';
    const restApi = attributes.restApiId === undefined ? undefined : apigateway.RestApi.fromRestApiId(this, 'RestApi', attributes.restApiId);
    this.url = attributes.url ?? (restApi && defaultUrl(this, restApi.restApiId, stageName));
    this._access = {
      artifactBucket: this.artifactBucket,
      api: restApi && { restApi, stageName },
      functions: restApi ? undefined : this.importFunctions(attributes),
      logArchive: this.logArchive,
    };
  }

  private importLogArchive({ trailBucketName, accessLogBucketName, trailKeyArn }: SecureModelArtifactStoreAttributes): ILogArchive | undefined {
    if (trailBucketName === undefined || accessLogBucketName === undefined) {
      return undefined;
    }
    return LogArchive.fromBucketNames(this, 'LogArchive', { trailBucketName, accessLogBucketName, encryptionKeyArn: trailKeyArn });
  }

  private importFunctions(attributes: SecureModelArtifactStoreAttributes): FunctionAccess | undefined {
    const { uploadFunctionArn, downloadFunctionArn, registryFunctionArn } = attributes;
    if (uploadFunctionArn === undefined || downloadFunctionArn === undefined || registryFunctionArn === undefined) {
      return undefined;
    }
    return {
      upload: lambda.Function.fromFunctionArn(this, 'Upload', uploadFunctionArn),
      download: lambda.Function.fromFunctionArn(this, 'Download', downloadFunctionArn),
      registry: lambda.Function.fromFunctionArn(this, 'Registry', registryFunctionArn),
    };
  }
}

function defaultUrl(scope: Construct, restApiId: string, stageName: string): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `https://${restApiId}.execute-api.${region}.${urlSuffix}/${stageName}`;
}
