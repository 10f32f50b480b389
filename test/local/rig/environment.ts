import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Variables that add to or replace the certificate authorities that a program trusts. */
const TRUST_VARIABLES = ['NODE_EXTRA_CA_CERTS', 'AWS_CA_BUNDLE', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '::1', '.localhost'];

/**
 * The environment without anything that could lead a child process to a real AWS account: no credentials, profiles,
 * Regions or endpoints of the user who runs this.
 */
function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(AWS_|CDK_|MODEL_STORE_|MINISTACK_|LOCALSTACK_)/.test(name)));
}

/**
 * A file with the local authority and every authority that this machine is configured to trust. On a network that
 * inspects TLS, a child process that trusted only the local one could not reach the internet.
 */
export function writeTrustBundle(file: string, authorityFile: string): void {
  const sources = new Set(TRUST_VARIABLES.map((name) => process.env[name]).filter((source): source is string => Boolean(source)));
  sources.delete(file);
  const texts = [fs.readFileSync(authorityFile, 'utf8')];
  for (const source of sources) {
    if (fs.existsSync(source) && fs.statSync(source).isFile()) {
      texts.push(fs.readFileSync(source, 'utf8'));
    }
  }
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, [...new Set(texts)].map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join(''));
}

/** The environment in which a child process connects only to the local AWS, and to no other AWS endpoint. */
export interface LocalAwsAddress {
  readonly endpoint: string;
  readonly region: string;
  readonly trustBundle: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Only the variables, for users to export. */
export function localAwsVariables(address: LocalAwsAddress, credentials: Credentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: address.endpoint,
    AWS_REGION: address.region,
    AWS_DEFAULT_REGION: address.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: address.trustBundle,
    AWS_CA_BUNDLE: address.trustBundle,
  };
}

let configurationFolder: string | undefined;

/** Where the command line remembers stores: not in the home folder, because a local store has another key every time. */
function ownConfigurationFolder(): string {
  if (configurationFolder === undefined) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'model-store-configuration-'));
    process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    configurationFolder = folder;
  }
  return configurationFolder;
}

/** The whole environment of a child process. */
export function localAwsEnvironment(address: LocalAwsAddress, credentials: Credentials): NodeJS.ProcessEnv {
  const direct = [...new Set([...(process.env.NO_PROXY ?? process.env.no_proxy ?? '').split(','), ...LOCAL_HOSTS])].filter(Boolean).join(',');
  return {
    ...withoutAws(process.env),
    ...localAwsVariables(address, credentials),
    // Not those in the home folder, whose profiles can name a role, an endpoint or a credential process.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    XDG_CONFIG_HOME: ownConfigurationFolder(),
    NO_PROXY: direct,
    no_proxy: direct,
    // The AWS SDK inside the tools warns about the version of Node.js on every start.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
