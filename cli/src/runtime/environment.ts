import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { HttpClient } from './http-client';
import type { Agents } from './network/connections';

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What the clients of the AWS SDK are made with; the rest is the standard AWS configuration. */
export interface AwsConfiguration {
  readonly region?: string | (() => Promise<string>);
  readonly endpoint?: string;
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** How the client reaches AWS: through a proxy, perhaps, and trusting a private authority. */
  readonly requestHandler?: Agents;
  /** A bucket is named in the path of a URL: a local AWS answers to no host names of buckets. */
  readonly forcePathStyle?: boolean;
}

/** Everything of the outside world that a command touches, handed in so that tests can hand in something else. */
export interface Environment {
  /** Results. */
  readonly stdout: Output;
  /** Progress, notes and errors. */
  readonly stderr: Output;
  readonly variables: { readonly [name: string]: string | undefined };
  readonly platform: NodeJS.Platform;
  readonly http: HttpClient;
  /** Fires when the person interrupts the command. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, UTC. */
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** At least 0, less than 1. */
  random(): number;
  /** Told before something is tried again, with how long it was tried already. */
  tryingAgain?(why: Error, milliseconds: number): void;
  /** One line for the user, who did not ask for it and should know it. */
  warn?(line: string): void;
  /** All of the standard input. */
  readStandardInput(): Promise<string>;
  /** As the AWS CLI finds them. */
  credentials(): Promise<AwsCredentialIdentityProvider>;
  /** The ARN of whom AWS credentials belong to; undefined if AWS does not say so at once. */
  callerArn?(region: string): Promise<string | undefined>;
  /** The region of the standard AWS configuration: environment, then profile. */
  defaultRegion(): Promise<string | undefined>;
  /** The value of an SSM parameter; undefined if there is none. */
  readParameter(name: string, region: string | undefined): Promise<string | undefined>;
  /** Without a region, that of the standard AWS configuration. */
  awsConfiguration(region: string | undefined): AwsConfiguration;
}
