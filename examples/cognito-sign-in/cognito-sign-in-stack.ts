import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApiAuthentication, ApiPermission, SecureModelArtifactStore } from '../../src';

/** A store for people without AWS credentials: they sign in to a user pool, and their groups define their access. */
export class CognitoSignInStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const { READ, UPLOAD, DOWNLOAD, PROMOTE } = ApiPermission;
    const store = new SecureModelArtifactStore(this, 'Models', {
      authentication: ApiAuthentication.cognito({
        groups: [
          { name: 'fraud-scientists', permissions: [READ, UPLOAD, DOWNLOAD], models: ['fraud-*'] },
          { name: 'pricing-scientists', permissions: [READ, UPLOAD, DOWNLOAD], models: ['pricing-*'] },
          { name: 'release-managers', permissions: [READ, PROMOTE] },
        ],
      }),
    });

    new CfnOutput(this, 'StoreUrl', { value: store.url! });
    new CfnOutput(this, 'UserPoolId', { value: store._api!.userPool!.userPoolId });
    new CfnOutput(this, 'UserPoolClientId', { value: store._api!.userPoolClient!.userPoolClientId });
  }
}
