import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/**
 * The stage of the REST API that callers invoke.
 */
export interface ApiAccess {
  /**
   * The REST API.
   */
  readonly restApi: apigateway.IRestApi;

  /**
   * The name of the stage. Permissions refer to it, so that they do not apply to other stages of the API.
   */
  readonly stageName: string;
}

/**
 * The functions of a store whose callers invoke them directly.
 */
export interface FunctionAccess {
  /**
   * The function that accepts uploads and publishes versions.
   */
  readonly upload: lambda.IFunction;

  /**
   * The function that signs download URLs.
   */
  readonly download: lambda.IFunction;

  /**
   * The function that lists, shows and moves aliases.
   */
  readonly registry: lambda.IFunction;
}

/**
 * The resources of a store to grant access to.
 */
export interface StoreAccess {
  /**
   * The bucket that holds the models.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The API of the store.
   *
   * @default - no API; callers invoke the functions
   */
  readonly api?: ApiAccess;

  /**
   * The functions, for callers that invoke them directly. They are not used if there is an API.
   *
   * @default - callers cannot invoke the functions
   */
  readonly functions?: FunctionAccess;

  /**
   * The log archive that auditors can read.
   *
   * @default - auditors have no access to archived logs
   */
  readonly logArchive?: ILogArchive;

  /**
   * The log group of the trail, which auditors can read.
   *
   * @default - auditors have no access to a log group
   */
  readonly auditLogGroup?: logs.ILogGroup;
}
