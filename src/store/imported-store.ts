import { Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { checkAttributes, type SecureModelArtifactStoreAttributes } from './attributes';
import { checkStoreName } from './names';
import { StoreBase } from './store-base';
import type { ApiAccess, FunctionAccess, StoreAccess } from '../access/store-access';
import { capitalized } from '../common/capitalized';
import { Problems } from '../common/problems';
import { publishedParameterName, type PublishedValue } from '../contract/store-parameters';
import { storeParameterName } from '../contract/wire';
import { ArtifactBucket, type IArtifactBucket } from '../storage/artifact-bucket';
import { type ILogArchive, LogArchive } from '../storage/log-archive';

/**
 * A store that is defined in another stack. Attributes that only some grants need are read only for those grants.
 */
export class ImportedStore extends StoreBase {
  public static fromAttributes(
    scope: Construct, id: string, attributes: SecureModelArtifactStoreAttributes,
  ): ImportedStore {
    return new ImportedStore(scope, id, (self) => {
      checkAttributes(self, attributes);
      return attributes;
    });
  }

  public static fromStoreName(scope: Construct, id: string, storeName: string, api: boolean): ImportedStore {
    return new ImportedStore(scope, id, (self) => {
      const problems = Problems.of(self);
      checkStoreName(problems, storeName);
      problems.throwIfAny('SecureModelArtifactStore');
      return publishedAttributes(self, storeName, api);
    });
  }

  public readonly storeName: string;
  public readonly artifactBucket: IArtifactBucket;

  /** @internal */
  protected readonly _access: StoreAccess;
  /** @internal */
  protected readonly _parameterArn: string;

  private readonly attributes: SecureModelArtifactStoreAttributes;
  private archive?: ILogArchive;

  private constructor(
    scope: Construct, id: string, attributesOf: (self: Construct) => SecureModelArtifactStoreAttributes,
  ) {
    super(scope, id);
    const attributes = attributesOf(this);
    this.attributes = attributes;
    this.storeName = attributes.storeName;
    const { bucketName, encryptionKeyArn } = attributes;
    this.artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(this, 'Artifacts', {
      bucketName, encryptionKeyArn,
    });
    this._parameterArn = Stack.of(this).formatArn({
      service: 'ssm', resource: 'parameter', resourceName: storeParameterName(this.storeName).slice(1),
    });
    const logArchive = () => this.logArchive;
    this._access = {
      artifactBucket: this.artifactBucket,
      ...this.callers(),
      get logArchive() { return logArchive(); },
    };
  }

  public get url(): string | undefined {
    const { url } = this.attributes;
    const api = this._access.api;
    return url ?? (api && defaultUrl(this, api));
  }

  public get logArchive(): ILogArchive | undefined {
    if (!this.archive) {
      const { trailBucketName, accessLogBucketName, trailKeyArn } = this.attributes;
      this.archive = trailBucketName === undefined || accessLogBucketName === undefined ? undefined
        : LogArchive.fromLogArchiveAttributes(this, 'LogArchive', {
          trailBucketName, accessLogBucketName, encryptionKeyArn: trailKeyArn,
        });
    }
    return this.archive;
  }

  private callers(): { readonly api?: ApiAccess; readonly functions?: FunctionAccess } {
    const { restApiId, stageName = 'v1' } = this.attributes;
    const { uploadFunctionArn, downloadFunctionArn, registryFunctionArn } = this.attributes;
    if (restApiId !== undefined) {
      return { api: { restApi: apigateway.RestApi.fromRestApiId(this, 'RestApi', restApiId), stageName } };
    }
    if (uploadFunctionArn === undefined || downloadFunctionArn === undefined || registryFunctionArn === undefined) {
      return {};
    }
    return {
      functions: {
        upload: lambda.Function.fromFunctionArn(this, 'Upload', uploadFunctionArn),
        download: lambda.Function.fromFunctionArn(this, 'Download', downloadFunctionArn),
        registry: lambda.Function.fromFunctionArn(this, 'Registry', registryFunctionArn),
      },
    };
  }
}

/** Attributes that CloudFormation resolves at deployment, each from an SSM parameter of the store. */
function publishedAttributes(scope: Construct, storeName: string, api: boolean): SecureModelArtifactStoreAttributes {
  const read: PublishedValue[] = [
    'bucketName', 'encryptionKeyArn', 'trailBucketName', 'accessLogBucketName', 'trailKeyArn',
    ...(api ? ['restApiId', 'url'] as const
      : ['uploadFunctionArn', 'downloadFunctionArn', 'registryFunctionArn'] as const),
  ];
  const attributes = { storeName };
  for (const value of read) {
    let found: string | undefined;
    Object.defineProperty(attributes, value, {
      enumerable: true,
      get: () => (found ??= valueOf(scope, idOf(value), publishedParameterName(storeName, value))),
    });
  }
  return attributes as SecureModelArtifactStoreAttributes;
}

function idOf(value: PublishedValue): string {
  return `Published${capitalized(value)}`;
}

function valueOf(scope: Construct, id: string, parameterName: string): string {
  return ssm.StringParameter.fromStringParameterAttributes(scope, id, {
    parameterName,
    simpleName: false,
    // A template parameter's default must be known at synthesis; a dynamic reference in a property need not be.
    forceDynamicReference: Token.isUnresolved(parameterName),
  }).stringValue;
}

function defaultUrl(scope: Construct, { restApi, stageName }: ApiAccess): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `https://${restApi.restApiId}.execute-api.${region}.${urlSuffix}/${stageName}`;
}
