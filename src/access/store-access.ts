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
   * Name of the stage; a permission names it, so that another stage of the API stays closed.
   */
  readonly stageName: string;
}

/**
 * The functions, for a store whose callers invoke them directly.
 */
export interface FunctionAccess {
  /**
   * Takes uploads and publishes versions.
   */
  readonly upload: lambda.IFunction;

  /**
   * Gives out links to read.
   */
  readonly download: lambda.IFunction;

  /**
   * Lists, shows and moves aliases.
   */
  readonly registry: lambda.IFunction;
}

/**
 * What there is to grant access to.
 */
export interface StoreAccess {
  /**
   * The bucket of the models.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The API.
   *
   * @default - no API; callers invoke the functions
   */
  readonly api?: ApiAccess;

  /**
   * The functions, for callers that invoke them directly. With an API nobody needs to, and nobody is granted it.
   *
   * @default - callers cannot invoke the functions
   */
  readonly functions?: FunctionAccess;

  /**
   * The log archive, which auditors read.
   *
   * @default - auditors get no archived logs
   */
  readonly logArchive?: ILogArchive;

  /**
   * The log group that the trail writes to, which auditors read.
   *
   * @default - auditors get no log group
   */
  readonly auditLogGroup?: logs.ILogGroup;
}
