import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { awsCredentials } from './credentials';
import { type AwsSettings, chosenProfile, configuredRegion } from './profile';
import type { AwsConfiguration } from '../runtime/environment';
import { usageFailure } from '../runtime/failure';
import { Connections } from '../runtime/network/connections';

// It would tell people on every start which Node it would rather have; which one this command needs is ours to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export const HOW_TO_NAME_A_REGION =
  'Give it with --region, in AWS_REGION or AWS_DEFAULT_REGION, or as "region" in the AWS profile.';

export interface AwsSessionOptions extends AwsSettings {
  readonly mfaCode?: (serialNumber: string) => Promise<string>;
  /** A bucket is named in the path of a URL: a local AWS answers to no host names of buckets. */
  readonly forcePathStyle: boolean;
}

/**
 * Profile, Region, credentials and connections, as the AWS CLI would have them: each is found when it is first needed.
 */
export class AwsSession {
  readonly connections: Connections;
  readonly credentials: AwsCredentialIdentityProvider;
  private foundRegion?: Promise<string | undefined>;

  constructor(private readonly options: AwsSessionOptions) {
    // The profile's problems are reported where a profile is needed: with a Cognito token, none is.
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

  /** What a client of the SDK is made with. */
  configuration(region: string | undefined): AwsConfiguration {
    return {
      region: region ?? (async () => this.requireRegion()),
      credentials: this.credentials,
      requestHandler: this.connections.agents(),
      forcePathStyle: this.options.forcePathStyle,
    };
  }
}
