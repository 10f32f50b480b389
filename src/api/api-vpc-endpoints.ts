import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ApiNetwork } from './artifact-api-props';
import { isImported, requireAction } from '../common/required-actions';

/**
 * Reports what a private API requires of imported VPC endpoints. An endpoint that is too restrictive makes the API look
 * unavailable.
 */
export function requireEndpointActions(
  scope: Construct, restApi: apigateway.IRestApi, network: ApiNetwork,
): void {
  const imported = (network.apiVpcEndpoints ?? []).filter(isImported);
  if (imported.length === 0) {
    return;
  }
  requireAction(scope, {
    id: 'SecureModelArtifactStore::ImportedVpcEndpoint',
    resource: `the VPC endpoint ${imported.map(({ vpcEndpointId }) => vpcEndpointId).join(', ')}`,
    why: 'before the API can be called',
    settings: [
      'It must be an endpoint for the service execute-api in the Region of the API, and its security groups must allow '
      + 'callers on port 443.',
      'The default endpoint policy allows everything, and needs no additional statement.',
    ],
    policyStatements: [new iam.PolicyStatement({
      sid: 'AllowModelStore',
      // The policies of the API and of the caller decide who can call.
      principals: [new iam.StarPrincipal()],
      actions: ['execute-api:Invoke'],
      resources: [restApi.arnForExecuteApi('*', '/*', '*')],
    })],
    outputId: 'RequiredVpcEndpointPolicy',
  });
}
