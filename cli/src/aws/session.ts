import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { awsCredentials } from './credentials';
import { type AwsSettings, chosenProfile, configuredRegion } from './profile';
import type { AwsConfiguration } from '../runtime/environment';
import { usageFailure } from '../runtime/failure';
import { Connections } from '../runtime/network/connections';

// Suppresses the SDK's warning about the Node.js version: model-store states its own requirement.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export const HOW_TO_NAME_A_REGION =
  'Use --region, AWS_REGION or AWS_DEFAULT_REGION, or set "region" in the AWS profile.';

export interface AwsSessionOptions extends AwsSettings {
  readonly mfaCode?: (serialNumber: string) => Promise<string>;
  /** Whether the bucket is in the URL path: a local AWS emulator does not serve per-bucket host names. */
  readonly forcePathStyle: boolean;
}

/** Profile, Region, credentials and connections, resolved as in the AWS CLI, each on first use. */
export class AwsSession {
  readonly connections: Connections;
  readonly credentials: AwsCredentialIdentityProvider;
  private foundRegion?: Promise<string | undefined>;

  constructor(private readonly options: AwsSessionOptions) {
    // Errors in the profile are reported only where it is needed. With a Cognito token, it is not.
    this.connections = new Connections(options.variables, async () =>
      chosenProfile(options).then(
        ({ settings }) => settings.ca_bundle,
        () => undefined,
      ),
    );
    this.credentials = awsCredentials({ ...options, agents: () => this.connections.agents() });
  }

  async region(): Promise<string | undefined> {
    this.foundRegion ??= configuredRegion(this.options);
    return this.foundRegion;
  }

  async requireRegion(): Promise<string> {
    const region = await this.region();
    if (region === undefined) {
      throw usageFailure('no AWS Region is configured', [], HOW_TO_NAME_A_REGION);
    }
    return region;
  }

  /** Configuration for an SDK client. */
  configuration(region: string | undefined): AwsConfiguration {
    return {
      region: region ?? (async () => this.requireRegion()),
      credentials: this.credentials,
      requestHandler: this.connections.agents(),
      forcePathStyle: this.options.forcePathStyle,
    };
  }
}
