import type { FunctionName } from '../../../src/contract/routes';
import type { Engine } from '../../fidelity/proves';
import type { Credentials } from '../../local/rig/environment';
import type { EngineName } from '../build';

/** A function's own credentials, and the role whose sessions it opens. */
export interface FunctionIdentity {
  readonly credentials: Credentials;
  readonly sessionRoleArn: string;
}

/** An S3 engine that runs, with a bucket for the store and an identity for each function. */
export interface S3Engine {
  readonly name: EngineName;
  readonly engine: Engine;
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly stsEndpoint: string;
  readonly bucketName: string;
  /** The administrator: to look at what is stored, and to fill buckets that models are imported from. */
  readonly root: Credentials;
  readonly functions: { readonly [name in FunctionName]: FunctionIdentity };
  /** As the bucket's default encryption names it. */
  readonly encryptionKeyArn: string;
  /** Whether objects are encrypted with a key that a key service holds (SSE-KMS). */
  readonly encrypted: boolean;
}

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';
export const BUCKET_NAME = 'artifact-bucket-on-an-engine';
export const FUNCTION_NAMES: readonly FunctionName[] = ['upload', 'download', 'registry'];

/** Where an engine keeps its files, and the certificate that it serves with. */
export interface EngineSite {
  readonly folder: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** What clients of the engine trust. */
  readonly authorityFile: string;
}
