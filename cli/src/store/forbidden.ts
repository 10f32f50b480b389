import type { Authentication } from './authentication';
import type { Permission, Route } from '../../../src/contract/routes';
import { apiGatewayHost, partitionOf } from '../aws/regions';
import { Failure } from '../runtime/failure';

/** What an administrator grants with, by what the route needs. */
const GRANT: { readonly [permission in Permission]: string } = {
  read: 'grantDownload, grantUpload or grantPromote',
  upload: 'grantUpload',
  download: 'grantDownload',
  promote: 'grantPromote',
};

export interface RefusedRequest {
  readonly route: Route;
  readonly url: URL;
  readonly authentication: Authentication;
}

/** The same failure, with who was refused, what, which permission that takes, and whom to ask. */
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
            ? `a group of the user pool that may ${route.permission} this model`
            : `execute-api:Invoke on ${resourceOf(url, region, route.method)}`,
      },
    ],
    hint:
      region === undefined
        ? 'Ask an administrator of the store to add you to the group, then sign in again: the token holds the '
          + 'groups of the time it was issued.'
        : `Ask an administrator of the store for access (${GRANT[route.permission]} of the construct). If you `
          + 'have it, the store may be closed '
          + 'to the network that you are in, or these are the credentials of another role: check AWS_PROFILE.',
  });
}

/** Of the API that was called, in whichever account it is; behind a domain of its own, its id is not known here. */
function resourceOf(url: URL, region: string, method: string): string {
  const apiId = apiGatewayHost(url.hostname)?.apiId;
  const [, stage, ...path] = url.pathname.split('/');
  const where =
    apiId === undefined
      ? `*/*/${method}${url.pathname.slice(Math.max(0, url.pathname.indexOf('/models')))}`
      : `${apiId}/${stage}/${method}/${path.join('/')}`;
  return `arn:${partitionOf(region)}:execute-api:${region}:*:${where}`;
}
