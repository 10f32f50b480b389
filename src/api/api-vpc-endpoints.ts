import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ApiNetwork } from './artifact-api-props';
import { isImported, tellOwner } from '../common/required-actions';

/** A private API is called through its endpoints alone, and an endpoint that is too narrow looks like an API that is down. */
export function tellEndpointOwners(scope: Construct, restApi: apigateway.IRestApi, network: ApiNetwork | undefined): void {
  const imported = (network?.vpcEndpoints ?? []).filter(isImported);
  if (imported.length === 0) {
    return;
  }
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedVpcEndpoint',
    resource: `the VPC endpoint ${imported.map(({ vpcEndpointId }) => vpcEndpointId).join(', ')}`,
    why: 'before anybody can call the API',
    settings: [
      'It has to be of the service execute-api, in the Region of the API, and its security groups have to let callers in on port 443.',
      'With the policy that an endpoint has by default, which allows everything, no statement is needed.',
    ],
    policyStatements: [new iam.PolicyStatement({
      sid: 'AllowModelStore',
      // Who may call is for the API's own policy, and for the caller's, to say.
      principals: [new iam.StarPrincipal()],
      actions: ['execute-api:Invoke'],
      resources: [restApi.arnForExecuteApi('*', '/*', '*')],
    })],
    outputId: 'RequiredVpcEndpointPolicy',
  });
}
