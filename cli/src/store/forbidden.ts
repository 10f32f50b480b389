import type { Authentication } from './authentication';
import type { Permission, Route } from '../../../src/contract/routes';
import { apiGatewayHost, partitionOf } from '../aws/regions';
import { Failure } from '../runtime/failure';

/** The construct's grant methods, by the permission that a route needs. */
const GRANT: { readonly [permission in Permission]: string } = {
  read: 'grantDirectRead, grantPush or grantPromote',
  upload: 'grantPush',
  download: 'grantDirectRead',
  promote: 'grantPromote',
};

export interface RefusedRequest {
  readonly route: Route;
  readonly url: URL;
  readonly authentication: Authentication;
}

/** Adds to a failure who was denied, what was denied, which permission is missing and whom to ask. */
export async function explainForbidden(
  failure: Failure,
  { route, url, authentication }: RefusedRequest,
): Promise<Failure> {
  const { region } = authentication;
  const caller = await authentication.caller();
  const request = `${route.method} ${url.pathname}`;
  return new Failure(failure.message, {
    code: failure.code,
    exitCode: failure.exitCode,
    requestId: failure.requestId,
    cause: failure,
    details: [
      ...failure.details,
      ...(caller === undefined ? [] : [{ field: 'you are', message: caller }]),
      { field: 'refused', message: request },
      {
        field: 'needs',
        message:
          region === undefined
            ? `membership in a user pool group that is allowed to ${route.permission} this model`
            : `execute-api:Invoke on ${resourceOf(url, region, route.method)}`,
      },
    ],
    hint:
      region === undefined
        ? 'Ask an administrator of the store to add you to such a group, then sign in again: a token contains the '
          + 'groups at the time it was issued.'
        : `Ask an administrator of the store for access (${GRANT[route.permission]} of the construct). If you already `
          + 'have it, the store may not allow your network, or you may be using another role: check AWS_PROFILE.',
  });
}

/** The ARN of the API, with a wildcard account. With a custom domain, the API ID is unknown and a wildcard too. */
function resourceOf(url: URL, region: string, method: string): string {
  const apiId = apiGatewayHost(url.hostname)?.apiId;
  const [, stage, ...path] = url.pathname.split('/');
  const where =
    apiId === undefined
      ? `*/*/${method}${url.pathname.slice(Math.max(0, url.pathname.indexOf('/models')))}`
      : `${apiId}/${stage}/${method}/${path.join('/')}`;
  return `arn:${partitionOf(region)}:execute-api:${region}:*:${where}`;
}
