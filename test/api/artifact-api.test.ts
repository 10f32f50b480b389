import { App, CfnParameter, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { StoreStack } from './fixtures';
import { routeArn } from '../../src/access/route-arns';
import { ApiLogging } from '../../src/api/api-logging';
import { WebApplicationFirewall } from '../../src/api/web-application-firewall';
import { ENV } from '../../src/contract/environment';
import { ROUTES, type Route } from '../../src/contract/routes';

const routes = Object.entries<Route>(ROUTES);

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: any };
  readonly DependsOn?: string[];
}

function resourcesOf(template: Template): { [id: string]: Resource } {
  return template.toJSON().Resources;
}

/** The path of a resource of the API, put together from its parents. */
function pathOf(template: Template, resourceId: { Ref?: string; 'Fn::GetAtt'?: string[] }): string {
  if (!resourceId.Ref) {
    return '';
  }
  const { PathPart, ParentId } = resourcesOf(template)[resourceId.Ref].Properties;
  return `${pathOf(template, ParentId)}/${PathPart}`;
}

function methodsByRoute(template: Template): Map<string, Resource['Properties']> {
  return new Map(Object.values(template.findResources('AWS::ApiGateway::Method'))
    .map(({ Properties }) => [`${Properties.HttpMethod} ${pathOf(template, Properties.ResourceId)}`, Properties]));
}

function deploymentId(template: Template): string {
  return Object.keys(template.findResources('AWS::ApiGateway::Deployment'))[0];
}

describe('the API with no options', () => {
  const stack = new StoreStack();
  const api = stack.addApi();
  const template = Template.fromStack(stack);
  const methods = methodsByRoute(template);

  test('has one method for each route of the contract, and no others', () => {
    expect([...methods.keys()].sort()).toEqual(routes.map(([, { method, path }]) => `${method} ${path}`).sort());
  });

  // [C-04] in docs/compliance.md
  test.each(routes)('%s requires IAM, its path parameters and its body, and invokes its function', (name, route) => {
    const method = methods.get(`${route.method} ${route.path}`)!;
    expect(method.AuthorizationType).toBe('AWS_IAM');
    expect(method.OperationName).toBe(name);
    for (const [, parameter] of route.path.matchAll(/\{(\w+)\}/g)) {
      expect(method.RequestParameters[`method.request.path.${parameter}`]).toBe(true);
    }
    expect(method.RequestParameters['method.request.querystring.pageToken']).toBe(route.paged ? false : undefined);
    const validator = resourcesOf(template)[method.RequestValidatorId.Ref].Properties;
    expect(validator).toMatchObject({ ValidateRequestBody: true, ValidateRequestParameters: true });
    if (route.body) {
      const model = resourcesOf(template)[method.RequestModels['application/json'].Ref].Properties;
      expect(model.Schema).toMatchObject({ ...route.body, $schema: 'http://json-schema.org/draft-04/schema#' });
      expect(model.ContentType).toBe('application/json');
    } else {
      expect(method.RequestModels).toBeUndefined();
    }
    expect(method.Integration).toMatchObject({ Type: 'AWS_PROXY', TimeoutInMillis: 29_000 });
    expect(JSON.stringify(method.Integration.Uri)).toContain(`Functions${route.function[0].toUpperCase()}${route.function.slice(1)}`);
  });

  // [C-02] in docs/compliance.md
  test('is regional, accepts only TLS 1.2 and 1.3, and rejects domain fronting', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      DisableExecuteApiEndpoint: false,
    });
  });

  test('has one stage, v1: 100 requests a second, 200 at once, traced, with metrics and no bodies in logs', () => {
    template.resourceCountIs('AWS::ApiGateway::Stage', 1);
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'v1',
      TracingEnabled: true,
      MethodSettings: [{
        HttpMethod: '*', ResourcePath: '/*', LoggingLevel: 'ERROR', DataTraceEnabled: false, MetricsEnabled: true,
        ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200,
      }],
    });
  });

  test('logs one line of JSON per request with caller and request ID, but no query string, header or body', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    const line = JSON.parse(stage.Properties.AccessLogSetting.Format);
    expect(line).toMatchObject({
      requestId: '$context.requestId', callerArn: '$context.identity.userArn', cognitoSubject: '$context.authorizer.claims.sub',
      sourceIp: '$context.identity.sourceIp', path: '$context.path', status: '$context.status',
    });
    const variables = Object.values(line).join(' ');
    for (const leak of ['querystring', 'queryString', 'header', 'body', 'userAgent', 'apiKey', 'accessKey']) {
      expect(variables).not.toContain(leak);
    }
  });

  test('encrypts access and execution logs, keeps them 400 days, and retains them when the stack is deleted', () => {
    template.resourceCountIs('AWS::Logs::LogGroup', 6);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 400, KmsKeyId: Match.anyValue() });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: Match.anyValue() }, '/v1']] },
    });
  });

  test('lets API Gateway invoke each function only for its own routes on this stage', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
    expect(permissions).toHaveLength(routes.length);
    for (const { Properties } of permissions) {
      expect(Properties.Principal).toBe('apigateway.amazonaws.com');
      const arn = Properties.SourceArn['Fn::Join'][1] as unknown[];
      expect(arn).toContainEqual({ Ref: expect.stringMatching(/^ApiStage/) });
      expect(arn.at(-1)).toMatch(/^\/((GET|POST|PUT)\/models|GET\/signing-keys$)/);
    }
  });

  test('configures the functions for IAM authentication', () => {
    const functions = Object.values(template.findResources('AWS::Lambda::Function')).filter(({ Properties }) => Properties.Environment);
    expect(functions.map(({ Properties }) => Properties.Environment.Variables[ENV.AUTHENTICATION])).toEqual(['iam', 'iam', 'iam']);
  });

  test('has no firewall, user pool, domain name or outputs', () => {
    for (const type of ['AWS::WAFv2::WebACL', 'AWS::WAFv2::WebACLAssociation', 'AWS::Cognito::UserPool', 'AWS::ApiGateway::DomainName']) {
      template.resourceCountIs(type, 0);
    }
    expect(template.toJSON().Outputs).toBeUndefined();
  });

  test('uses the default endpoint', () => {
    expect(stack.resolve(api.url)).toEqual({
      'Fn::Join': ['', [
        'https://', { Ref: expect.stringMatching(/^ApiRestApi/) }, '.execute-api.', { Ref: 'AWS::Region' }, '.',
        { Ref: 'AWS::URLSuffix' }, '/v1',
      ]],
    });
  });

  test('is deployed after every method and every gateway response', () => {
    const [deployment] = Object.values(template.findResources('AWS::ApiGateway::Deployment'));
    const parts = ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'].flatMap((type) => Object.keys(template.findResources(type)));
    expect(deployment.DependsOn).toEqual(expect.arrayContaining(parts));
  });
});

describe('the deployment', () => {
  const idOf = (build: (stack: StoreStack) => unknown) => {
    const stack = new StoreStack();
    build(stack);
    return deploymentId(Template.fromStack(stack));
  };
  const plain = idOf((stack) => stack.addApi());

  test('does not change for the same API', () => {
    expect(idOf((stack) => stack.addApi())).toBe(plain);
  });

  test('does not change with memory, log retention or throttling, which change no method', () => {
    expect(idOf((stack) => stack.addApi({
      functions: stack.addFunctions({ memorySize: 512 }), logRetention: logs.RetentionDays.ONE_YEAR, throttlingRateLimit: 7,
    }))).toBe(plain);
  });

  test.each([
    ['another policy', (stack: StoreStack) => stack.addApi({ apiCidrs: ['203.0.113.0/24'] })],
    ['functions behind an alias', (stack: StoreStack) =>
      stack.addApi({ functions: stack.addFunctions({ minCapacity: 1 }) })],
    ['another TLS policy', (stack: StoreStack) => stack.addApi({ securityPolicy: apigateway.SecurityPolicy.TLS13_1_3_2025_09 })],
  ])('is replaced for %s', (_name, build) => {
    expect(idOf(build)).not.toBe(plain);
  });
});

describe('options of the API', () => {
  test('set stage name, throttling, logs, tracing and TLS policy', () => {
    const stack = new StoreStack();
    const api = stack.addApi({
      stageName: 'models', throttlingRateLimit: 5, throttlingBurstLimit: 9, tracing: false,
      logRetention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY, logging: ApiLogging.EXISTING_ROLE,
      securityPolicy: apigateway.SecurityPolicy.TLS13_1_3_2025_09,
    });
    const template = Template.fromStack(stack);
    expect(api.stageName).toBe('models');
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'models', TracingEnabled: false,
      MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9 })],
    });
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { SecurityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09' });
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
    const retentions = Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.RetentionInDays);
    expect(retentions.sort()).toEqual([400, 400, 400, 7, 7]);
  });

  test('disable the default endpoint with a custom domain name', () => {
    const stack = new StoreStack();
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012');
    const api = stack.addApi({ domainName: { domainName: 'models.example.com', certificate, basePath: 'store' } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { BasePath: 'store', Stage: { Ref: Match.stringLikeRegexp('^ApiStage') } });
    expect(api.url).toBe('https://models.example.com/store');
  });

  test('make the API private with VPC endpoints, and use the first of them in its URL', () => {
    const stack = new StoreStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const endpoint = vpc.addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY });
    const api = stack.addApi({ apiVpcEndpoints: [endpoint], apiCidrs: ['10.0.0.0/16'] });
    const template = Template.fromStack(stack);
    const id = stack.resolve(endpoint.vpcEndpointId);
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: [id] },
      Policy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': [id] } } }),
          Match.objectLike({ Effect: 'Deny', Condition: { NotIpAddress: { 'aws:VpcSourceIp': ['10.0.0.0/16'] } } }),
        ]),
      },
    });
    expect(stack.resolve(api.url)['Fn::Join'][1]).toEqual(expect.arrayContaining(['-', id]));
  });
});

describe('the resource of a permission', () => {
  const stack = new StoreStack();
  const api = stack.addApi();
  const tail = (arn: string) => (stack.resolve(arn)['Fn::Join'][1] as unknown[]).at(-1);

  test.each(routes)('%s names method and path, with wildcards for other parameters', (_name, route) => {
    const { method, path } = route;
    const aboutOneModel = path.includes('{model}');
    const expected = path.replace('{model}', aboutOneModel ? 'fraud-*' : '').replace(/\{\w+\}/g, '*');
    expect(tail(routeArn(api, route, aboutOneModel ? 'fraud-*' : '*'))).toBe(`/v1/${method}${expected}`);
  });
});

describe('contradictions', () => {
  test('are all reported at once', () => {
    const stack = new StoreStack();
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const endpoint = vpc.addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY });
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012');
    let message = '';
    try {
      stack.addApi({
        stageName: 'v 1', throttlingRateLimit: 0, throttlingBurstLimit: 1.5,
        domainName: { domainName: 'models.example.com', certificate },
        apiVpcEndpoints: [endpoint], apiCidrs: ['203.0.113.0/33'], apiOrganizationId: '123',
        webApplicationFirewall: WebApplicationFirewall.managed(9),
      });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('ArtifactApi at Store/Api');
    expect(message).toContain('stageName is "v 1"');
    expect(message).toContain('throttlingRateLimit is 0; use a whole number of at least 1');
    expect(message).toContain('throttlingBurstLimit is 1.5');
    expect(message).toContain('domainName is set together with apiVpcEndpoints');
    expect(message).toContain('apiCidrs[0] is "203.0.113.0/33"');
    expect(message).toContain('apiOrganizationId is "123"; an organization ID has the form o-a1b2c3d4e5');
    expect(message).toContain('webApplicationFirewall.requestsPerFiveMinutes is 9; use a whole number from 10');
  });

  test('a second API for the same functions is rejected, because only one can authenticate callers', () => {
    const stack = new StoreStack();
    const api = stack.addApi({ functions: stack.addFunctions() });
    expect(api).toBeDefined();
    const functions = new StoreStack(undefined, new App()).addFunctions();
    functions._authenticateBy(api.authentication);
    expect(() => functions._authenticateBy(api.authentication))
      .toThrow('already serve an API; create separate StoreFunctions for each ArtifactApi');
  });

  test('values that are known only at deployment are accepted', () => {
    const stack = new StoreStack();
    const text = new CfnParameter(stack, 'Text').valueAsString;
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;
    expect(() => stack.addApi({
      stageName: text, throttlingRateLimit: number, apiCidrs: list, apiOrganizationId: text,
      webApplicationFirewall: WebApplicationFirewall.fromWebAclArn(text),
    })).not.toThrow();
  });
});
