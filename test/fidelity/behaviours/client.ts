import type { Behaviour } from '../behaviours';

export const CLIENT: readonly Behaviour[] = [
  { id: 'client.credentials.precedence', statement: 'Profiles, environment and other sources of credentials are taken in the order of the AWS CLI.', reliedOn: 'cli/src/aws/credentials.ts' },
  { id: 'client.credentials.mfa-session', statement: 'A session with an MFA code is cached where the AWS CLI caches its own, in the same format.', reliedOn: 'cli/src/aws/role-cache.ts' },
  { id: 'client.proxy.api', statement: 'Requests to the API go through the proxy of `HTTPS_PROXY`.', reliedOn: 'cli/src/runtime/network/proxies.ts' },
  { id: 'client.proxy.presigned-transfers', statement: 'Presigned transfers go through the proxy of `HTTPS_PROXY`.', reliedOn: 'cli/src/transfer' },
  { id: 'client.proxy.aws-sdk', statement: 'The AWS SDK\'s own requests go through the proxy of `HTTPS_PROXY`.', reliedOn: 'cli/src/aws/clients.ts' },
  { id: 'client.proxy.no-proxy', statement: 'Hosts in `NO_PROXY` are reached without the proxy.', reliedOn: 'cli/src/runtime/network/proxies.ts' },
  { id: 'client.proxy.basic-authentication', statement: 'A proxy that requires user and password receives those in its URL.', reliedOn: 'cli/src/runtime/network/proxies.ts' },
  { id: 'client.proxy.keep-alive', statement: 'Tunnels through a proxy are reused.', reliedOn: 'cli/src/runtime/network/proxies.ts' },
  { id: 'openssf.model-signing', statement: 'OpenSSF\'s model_signing verifies the store\'s signatures offline.', reliedOn: 'src/handlers/upload/publish.ts' },
];
