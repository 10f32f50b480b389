import type { FunctionName } from '../../../src/contract/routes';
import type { Engine } from '../../fidelity/proves';
import type { Credentials } from '../../local/rig/environment';
import type { EngineName } from '../build';

/** The credentials of a function, and the role whose sessions it opens. */
export interface FunctionIdentity {
  readonly credentials: Credentials;
  readonly sessionRoleArn: string;
}

/** A running S3 engine, with a bucket for the store and an identity for each function. */
export interface S3Engine {
  readonly name: EngineName;
  readonly engine: Engine;
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly stsEndpoint: string;
  readonly bucketName: string;
  /** The administrator, to inspect stored objects and to fill buckets for imports. */
  readonly root: Credentials;
  readonly functions: { readonly [name in FunctionName]: FunctionIdentity };
  /** The key in the default encryption of the bucket. */
  readonly encryptionKeyArn: string;
  /** Whether objects are encrypted with a key that a key service holds (SSE-KMS). */
  readonly encrypted: boolean;
}

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';
export const BUCKET_NAME = 'artifact-bucket-on-an-engine';
export const FUNCTION_NAMES: readonly FunctionName[] = ['upload', 'download', 'registry'];

/** The files and the TLS certificate of an engine. */
export interface EngineSite {
  readonly folder: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** The certificate authority that clients of the engine trust. */
  readonly authorityFile: string;
}
