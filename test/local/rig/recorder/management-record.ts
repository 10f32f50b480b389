import { headerOf, pathOf, type Exchange } from './exchange';
import { common, type Circumstances, type TrailRecord } from './trail-record';

/** The resources of a management event, as CloudTrail names them. */
interface ManagementCall {
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
}

/** Services whose management events are recorded, as they protect a store. Names as in request signatures. */
export const MANAGED_SERVICES: ReadonlySet<string> = new Set(['cloudtrail', 'events', 'iam', 'kms', 'lambda', 'logs', 'monitoring']);

/** The parameters that name a resource. No others are recorded, as settings can be secret. */
const NAMING = [
  'name', 'trailName', 'keyId', 'policyName', 'policyArn', 'userName', 'roleName', 'functionName', 'rule', 'alarmNames', 'ruleNames', 'logGroupName',
  'logGroupIdentifier',
];

const READS = /^(Get|List|Describe|Lookup|Filter|Test|Simulate|Encrypt|Decrypt|ReEncrypt|GenerateDataKey|GenerateMac|Sign|Verify)/;

/** Event names of Lambda contain the version of its API. */
const LAMBDA: readonly (readonly [method: string, path: RegExp, eventName: string])[] = [
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/code$/, 'UpdateFunctionCode20150331v2'],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'UpdateFunctionConfiguration20150331v2'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/policy$/, 'AddPermission20150331v2'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)$/, 'DeleteFunction20150331'],
];

/** The record of a management request; undefined if the request is not known here. */
export function managementRecord(exchange: Exchange, service: string, circumstances: Circumstances): TrailRecord | undefined {
  const call = MANAGED_SERVICES.has(service) ? callOf(exchange, service) : undefined;
  return call && {
    ...common(exchange, circumstances, `${service}.amazonaws.com`, call.eventName, call.readOnly, false),
    requestParameters: call.requestParameters,
    responseElements: null,
  };
}

function callOf(exchange: Exchange, service: string): ManagementCall | undefined {
  if (service === 'lambda') {
    return lambdaCall(exchange);
  }
  const { url, requestHeaders, requestText } = exchange;
  const target = headerOf(requestHeaders, 'x-amz-target')?.split('.').pop();
  if (target !== undefined) {
    return called(target, jsonOf(requestText));
  }
  const rpc = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(pathOf(url))?.[1];
  if (rpc !== undefined) {
    return called(rpc, {});
  }
  const asked = new URLSearchParams(requestText);
  const action = asked.get('Action');
  return action === null ? undefined : called(action, Object.fromEntries(asked));
}

function called(eventName: string, parameters: Readonly<Record<string, unknown>>): ManagementCall {
  const named = Object.entries(parameters)
    .map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value] as const)
    .filter(([name]) => NAMING.includes(name));
  return { eventName, readOnly: READS.test(eventName), requestParameters: named.length === 0 ? null : Object.fromEntries(named) };
}

function lambdaCall({ method, url }: Exchange): ManagementCall | undefined {
  for (const [asked, path, eventName] of LAMBDA) {
    const functionName = asked === method ? path.exec(pathOf(url))?.[1] : undefined;
    if (functionName !== undefined) {
      return { eventName, readOnly: false, requestParameters: { functionName: decodeURIComponent(functionName) } };
    }
  }
  return undefined;
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
