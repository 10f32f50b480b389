import type { JsonObject } from './json-values';
import type { SkipReason } from './skip-reasons';

/**
 * The CloudTrail record behind an event in the form of OCSF, to which Security Lake converts it, or why there is none.
 * Fields without a place in OCSF are in `unmapped`, with the path in the record as their name.
 * https://github.com/ocsf/examples
 */
export function recordOfOcsf(event: JsonObject): JsonObject | SkipReason {
  const at = (path: string): unknown => valueAt(event, path);
  if (at('metadata.product.name') !== 'CloudTrail' || at('api.operation') === undefined) {
    return 'other source';
  }
  const unmapped = nested(event.unmapped);
  // Version 1 of the source writes the ARN as `uuid`, version 2 as `uid`.
  const ids = [at('actor.user.uuid'), at('actor.user.uid'), at('actor.user.uid_alt')].filter((id) => id !== undefined);
  const isArn = (id: unknown) => typeof id === 'string' && id.startsWith('arn:');
  return withoutGaps({
    ...unmapped,
    eventVersion: at('metadata.product.version'),
    eventTime: event.time_dt ?? event.time,
    eventSource: at('api.service.name'),
    eventName: at('api.operation'),
    awsRegion: at('cloud.region'),
    sourceIPAddress: at('src_endpoint.ip') ?? at('src_endpoint.domain'),
    vpcEndpointId: at('src_endpoint.uid'),
    userAgent: at('http_request.user_agent'),
    errorCode: at('api.response.error'),
    errorMessage: at('api.response.error_message') ?? at('api.response.message'),
    requestID: at('api.request.uid'),
    eventID: at('metadata.uid'),
    eventCategory: unmapped.eventCategory ?? categoryOf(at('metadata.product.feature.name')),
    recipientAccountId: unmapped.recipientAccountId ?? at('cloud.account.uid'),
    userIdentity: merged(unmapped.userIdentity, {
      type: at('actor.user.type'),
      arn: ids.find(isArn),
      principalId: ids.find((id) => !isArn(id)),
      accountId: at('actor.user.account.uid') ?? at('actor.user.account_uid'),
      accessKeyId: at('actor.user.credential_uid'),
      userName: at('actor.user.name'),
      invokedBy: at('actor.invoked_by'),
      sessionContext: merged(valueAt(unmapped, 'userIdentity.sessionContext'), {
        sessionIssuer: merged(valueAt(unmapped, 'userIdentity.sessionContext.sessionIssuer'), {
          arn: at('actor.session.issuer'),
        }),
      }),
    }),
    requestParameters: at('api.request.data') ?? unmapped.requestParameters,
    responseElements: at('api.response.data') ?? unmapped.responseElements,
    resources: resourcesOf(event.resources),
  });
}

function categoryOf(feature: unknown): unknown {
  return feature === 'Data' || feature === 'Management' ? feature : undefined;
}

function resourcesOf(resources: unknown): unknown {
  return Array.isArray(resources) ? resources.map((resource) => withoutGaps({
    ARN: valueAt(resource, 'uid'),
    accountId: valueAt(resource, 'account_uid') ?? valueAt(resource, 'owner.account.uid'),
    type: valueAt(resource, 'type'),
  })) : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(object: unknown, path: string): unknown {
  const value = path.split('.').reduce<unknown>((of, name) => (isObject(of) ? of[name] : undefined), object);
  return value === null || value === '' ? undefined : value;
}

/** Without the fields that have no value. */
function withoutGaps(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

function merged(rest: unknown, known: JsonObject): JsonObject {
  return { ...isObject(rest) ? rest : {}, ...withoutGaps(known) };
}

/** `{"additionalEventData.bytesTransferredOut": "1"}` as objects in objects. Exports of a map are text or a list. */
function nested(unmapped: unknown): JsonObject {
  const root = Object.create(null) as { [name: string]: unknown };
  for (const [path, value] of entriesOf(unmapped)) {
    const names = path.split('.');
    const last = names.pop()!;
    let object = root;
    for (const name of names) {
      object[name] = isObject(object[name]) ? object[name] : Object.create(null);
      object = object[name] as { [name: string]: unknown };
    }
    object[last] = value;
  }
  return root;
}

function entriesOf(map: unknown): readonly (readonly [string, unknown])[] {
  if (typeof map === 'string') {
    try {
      return entriesOf(JSON.parse(map) as unknown);
    } catch {
      return [];
    }
  }
  if (Array.isArray(map)) {
    return map.flatMap((entry) => (isObject(entry) && typeof entry.key === 'string' ? [[entry.key, entry.value]] : []));
  }
  return isObject(map) ? Object.entries(map) : [];
}
