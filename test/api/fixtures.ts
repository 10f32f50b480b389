import { App, Stack } from 'aws-cdk-lib';
import { SessionRoles, type SessionRolesProps } from '../../src/access/session-roles';
import { ArtifactApi } from '../../src/api/artifact-api';
import type { ArtifactApiProps } from '../../src/api/artifact-api-props';
import { StoreFunctions } from '../../src/api/store-functions';
import type { StoreFunctionsProps } from '../../src/api/store-functions-props';
import { ArtifactBucket } from '../../src/storage/artifact-bucket';
import { LogArchive } from '../../src/storage/log-archive';
import { SigningKey } from '../../src/storage/signing-key';

/** A stack with bucket and session roles, and the constructs that tests build on them. */
export class StoreStack extends Stack {
  public readonly logArchive = new LogArchive(this, 'LogArchive');
  public readonly artifactBucket: ArtifactBucket;
  public readonly signingKey = new SigningKey(this, 'SigningKey').key;
  public readonly sessionRoles: SessionRoles;

  constructor(roles: Partial<SessionRolesProps> = {}, scope = new App()) {
    super(scope, 'Store');
    this.artifactBucket = new ArtifactBucket(this, 'ArtifactBucket', { serverAccessLogsBucket: this.logArchive.accessLogBucket });
    this.sessionRoles = new SessionRoles(this, 'SessionRoles', { artifactBucket: this.artifactBucket, signingKey: this.signingKey, ...roles });
  }

  public addFunctions(props: Partial<StoreFunctionsProps> = {}): StoreFunctions {
    return new StoreFunctions(this, 'Functions', {
      artifactBucket: this.artifactBucket, sessionRoles: this.sessionRoles, signingKey: this.signingKey, ...props,
    });
  }

  public addApi(props: Partial<ArtifactApiProps> = {}): ArtifactApi {
    return new ArtifactApi(this, 'Api', { functions: props.functions ?? this.addFunctions(), ...props });
  }
}
