import { CfnResource, Stack, Token, Validations } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { StoreFunctions } from './store-functions';
import { routeArn } from '../access/route-arns';
import { capitalized } from '../common/capitalized';
import { partitionOf } from '../common/regions';
import { FUNCTIONS, ROUTES, type Route } from '../contract/routes';

/** CloudFormation has no AWS::Lambda::ResourcePolicy in the Regions of these partitions. */
const PARTITIONS_WITHOUT_RESOURCE_POLICY = ['aws-cn', 'aws-us-gov'];

const API_GATEWAY = new iam.ServicePrincipal('apigateway.amazonaws.com');

/**
 * Lets the API invoke the functions, each for its own routes, and denies everyone else. The functions take the caller
 * from the event, which only API Gateway can be trusted to write: anyone else who could invoke them could act in
 * another person's name.
 *
 * The policy of each function is one document, not a set of `AWS::Lambda::Permission`, because only a document can
 * deny. An allow in an identity policy, such as that of a power user, does not override the deny.
 * https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
export function allowOnlyApi(
  scope: Construct, functions: StoreFunctions, restApi: apigateway.RestApi, stageName: string,
): void {
  const { region } = Stack.of(scope);
  const partition = Token.isUnresolved(region) ? undefined : partitionOf(region);
  const canDeny = partition === undefined || !PARTITIONS_WITHOUT_RESOURCE_POLICY.includes(partition);
  if (!canDeny) {
    Validations.of(scope).addWarning('SecureModelArtifactStore::DirectInvocationNotDenied',
      `CloudFormation in ${region} cannot deny the invocation of a function, so a principal with lambda:InvokeFunction `
      + 'on the store\'s functions can act in another person\'s name. Deny it with a service control policy '
      + '(docs/threat-model.md), then acknowledge this warning.');
  }
  for (const name of FUNCTIONS) {
    // API Gateway names the method in aws:SourceArn.
    const routes = Object.entries<Route>(ROUTES).filter(([, route]) => route.function === name)
      .map(([id, route]) => [id, routeArn({ restApi, stageName }, route, '*')] as const);
    if (canDeny) {
      const arns = routes.map(([, arn]) => arn);
      functions._invocationTargets(name).forEach(({ id, arn, resources }) =>
        new CfnResource(scope, id, {
          type: 'AWS::Lambda::ResourcePolicy',
          properties: { ResourceArn: arn, PolicyDocument: invocationPolicy(scope, resources, arns) },
        }));
    } else {
      routes.forEach(([id, arn]) => functions[name].addPermission(`Allow${capitalized(id)}`, {
        scope, principal: API_GATEWAY, sourceArn: arn, sourceAccount: Stack.of(scope).account,
      }));
    }
  }
}

function invocationPolicy(scope: Construct, resources: string[], routes: string[]): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'AllowApi',
        principals: [API_GATEWAY],
        actions: ['lambda:InvokeFunction'],
        resources,
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
          ArnLike: { 'aws:SourceArn': routes },
        },
      }),
      new iam.PolicyStatement({
        sid: 'DenyAllButApi',
        effect: iam.Effect.DENY,
        principals: [new iam.StarPrincipal()],
        // Every way to invoke: synchronously, asynchronously, and through a function URL.
        actions: ['lambda:Invoke*'],
        resources,
        // Only AWS services can set the key. If it is missing, the condition is met.
        conditions: { ArnNotLike: { 'aws:SourceArn': routes } },
      }),
    ],
  });
}
