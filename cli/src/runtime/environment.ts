import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { HttpClient } from './http-client';
import type { Agents } from './network/connections';

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Configuration of the AWS SDK clients; everything else comes from the standard AWS configuration. */
export interface AwsConfiguration {
  readonly region?: string | (() => Promise<string>);
  readonly endpoint?: string;
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** How the client connects to AWS, including proxies and private certificate authorities. */
  readonly requestHandler?: Agents;
  /** Whether the bucket is in the URL path: a local AWS emulator does not serve per-bucket host names. */
  readonly forcePathStyle?: boolean;
}

/** Everything outside the process that a command uses, injected so that tests can replace it. */
export interface Environment {
  /** Results. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  readonly variables: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
  readonly http: HttpClient;
  /** Aborted when the user interrupts the command. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, UTC. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
  /** Called before a retry, with the time spent on it so far. */
  tryingAgain?(why: Error, milliseconds: number): void;
  /** Prints a one-line warning. */
  warn?(line: string): void;
  /** Hides the arguments of this process from other users, because they include a token. */
  hideArguments?(): void;
  /** Exits once the output is written, without waiting for pending requests. */
  exitAtOnce?(): void;
  /** Reads standard input to its end. */
  readStandardInput(): Promise<string>;
  /** Credentials, found in the same order as the AWS CLI finds them. */
  credentials(): Promise<AwsCredentialIdentityProvider>;
  /** The ARN of the AWS principal; undefined if STS does not respond quickly. */
  callerArn?(region: string): Promise<string | undefined>;
  /** The Region in the standard AWS configuration: environment, then profile. */
  defaultRegion(): Promise<string | undefined>;
  /** The value of an SSM parameter; undefined if it does not exist. */
  readParameter(name: string, region: string | undefined): Promise<string | undefined>;
  /** Without a Region, the one in the standard AWS configuration. */
  awsConfiguration(region: string | undefined): AwsConfiguration;
}
