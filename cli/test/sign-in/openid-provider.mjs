// An OpenID Connect provider that nobody here wrote (oidc-provider, certified by the OpenID Foundation), on this machine alone. It prints
// its port. Every name signs in with any password on its own page.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const server = createServer((request, response) => handle(request, response));
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'model-store',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['http://localhost:18732/', 'http://localhost:28732/', 'http://localhost:38732/'],
  }],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true }, revocation: { enabled: true } },
  issueRefreshToken: async () => true,
  cookies: { keys: ['of-a-test'] },
  claims: { openid: ['sub'] },
});
const handle = provider.callback();
process.stdout.write(`${issuer}\n`);
