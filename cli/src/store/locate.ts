import { type Authentication, AwsSignature, CognitoToken } from './authentication';
import { hasStrings } from './described-values';
import { KnownStoreFile } from './known-store';
import { warnOfSessionName } from './session-name';
import { identityOf, requireAwsHost, requireUnchanged, type StoreAddress } from './store-identity';
import { storeParameterName, type StoreDescription } from '../../../src/contract/wire';
import { profileName } from '../aws/profile';
import { apiGatewayHost } from '../aws/regions';
import { usesPathStyle } from '../aws/s3-address';
import { HOW_TO_NAME_A_REGION } from '../aws/session';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, usageFailure } from '../runtime/failure';
import { expandHome } from '../runtime/home';
import { SavedToken } from './sign-in/saved-token';

/** Options that select the store and the credentials. */
export interface StoreOptions {
  readonly store?: string;
  readonly url?: string;
  readonly region?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface LocatedStore extends StoreAddress {
  readonly authentication: Authentication;
  /** AWS Region; undefined if nothing names it. */
  readonly region?: string;
}

const HOW_TO_FIND = 'Use --store NAME or MODEL_STORE_NAME, or --url URL or MODEL_STORE_URL.';

function isLoopback(url: URL): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) || url.hostname.endsWith('.localhost');
}

export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && URL.canParse(address) && isLoopback(new URL(address));
}

/**
 * Whether presigned URLs may lead to this host although it is not Amazon S3: a local one if the store is local, or the
 * S3 endpoint that the user configured.
 */
export function isOwnEndpoint(
  link: URL, store: URL, variables: { readonly [name: string]: string | undefined },
): boolean {
  const configured = usesPathStyle(variables) ? variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL : undefined;
  const host = configured && URL.canParse(configured) ? new URL(configured).host : undefined;
  return (isLoopback(store) && isLoopback(link))
    || (host !== undefined && (link.host === host || link.host.endsWith(`.${host}`)));
}

/**
 * A local AWS emulator reports the real host names of API Gateway but serves them on its own host. If AWS_ENDPOINT_URL
 * selects an emulator, requests must not go to the real AWS.
 */
export function localAddress(address: string, endpoint: string | undefined): string {
  if (!endpoint || !URL.canParse(address) || !isLoopbackAddress(endpoint)) {
    return address;
  }
  const { hostname, pathname } = new URL(address);
  const apiId = apiGatewayHost(hostname)?.apiId;
  const { protocol, port } = new URL(endpoint);
  return apiId === undefined
    ? address : `${protocol}//${apiId}.execute-api.localhost:${port || (protocol === 'https:' ? 443 : 80)}${pathname}`;
}

function parseUrl(text: string, where: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw usageFailure(`${where} is not a valid URL: ${JSON.stringify(text)}`, [],
      'Expected https://<api id>.execute-api.<region>.amazonaws.com/<stage>');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw usageFailure(
      `${where} must start with https://, because credentials and presigned URLs would be sent unencrypted`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw usageFailure(`${where} must not contain a user name, a query string or a fragment`);
  }
  url.pathname = url.pathname.replace(/\/{2,}/g, '/');
  return url;
}

const REQUIRED_TEXTS = ['storeName', 'authentication'];
const OPTIONAL_TEXTS = ['region', 'url', 'issuer', 'userPoolClientId'];

function parseDescription(text: string, parameter: string): StoreDescription {
  let description: Partial<StoreDescription> | undefined;
  try {
    description = JSON.parse(text) as Partial<StoreDescription>;
  } catch {
    // Reported below, like any other invalid value.
  }
  if (description?.schemaVersion !== 1 || !hasStrings(description, REQUIRED_TEXTS, OPTIONAL_TEXTS)) {
    const problem = 'is in a format that this version of model-store does not support';
    throw new Failure(`the SSM parameter ${parameter} ${problem}`, {
      code: 'unknown_store', exitCode: EXIT.FAILURE,
    });
  }
  return description as StoreDescription;
}

async function describe(environment: Environment, options: StoreOptions): Promise<StoreDescription | undefined> {
  const { MODEL_STORE_NAME: named, MODEL_STORE_URL: url } = environment.variables;
  const name = options.store ?? (options.url ?? url ? undefined : named);
  if (name === undefined) {
    return undefined;
  }
  const parameter = storeParameterName(name);
  const value = await environment.readParameter(parameter, options.region);
  if (value === undefined) {
    throw new Failure(`no store named "${name}" in this account and Region (no SSM parameter ${parameter})`, {
      code: 'unknown_store', exitCode: EXIT.NOT_FOUND, hint: 'Check the name, AWS_PROFILE and --region.',
    });
  }
  // The name is the user's, whatever the parameter says.
  return { ...parseDescription(value, parameter), storeName: name };
}

async function tokenOf(environment: Environment, options: StoreOptions): Promise<CognitoToken | undefined> {
  if (options.token !== undefined && options.tokenFile !== undefined) {
    throw usageFailure('use either --token or --token-file, not both');
  }
  if (options.token !== undefined) {
    return CognitoToken.ofText(options.token);
  }
  const { MODEL_STORE_TOKEN: token, MODEL_STORE_TOKEN_FILE: tokenFile } = environment.variables;
  const file = options.tokenFile ?? (token ? undefined : tokenFile);
  if (file === '-') {
    return CognitoToken.ofText(await environment.readStandardInput());
  }
  if (file) {
    return CognitoToken.ofFile(expandHome(file, environment));
  }
  return token ? CognitoToken.ofText(token) : undefined;
}

/**
 * Finds the URL of the store, without credentials. Refuses a store that changed since it was last trusted, unless
 * `acceptChanges`.
 */
export async function locateAddress(
  environment: Environment, options: StoreOptions, acceptChanges = false,
): Promise<StoreAddress> {
  if (options.store !== undefined && options.url !== undefined) {
    throw usageFailure('use either --store or --url, not both');
  }
  const description = await describe(environment, options);
  const described = description?.url && localAddress(description.url, environment.variables.AWS_ENDPOINT_URL);
  const address = options.url ?? (description ? described : environment.variables.MODEL_STORE_URL);
  if (!address) {
    throw description
      ? usageFailure(`the store "${description.storeName}" has no API (api: false); `
        + 'model-store cannot invoke its functions directly')
      : usageFailure('no store given', [], HOW_TO_FIND);
  }
  const where = options.url ? '--url'
    : description ? `the URL of the store "${description.storeName}"` : 'MODEL_STORE_URL';
  const url = parseUrl(address, where);
  const file = new KnownStoreFile(environment, description === undefined ? { url: url.href } : {
    name: description.storeName,
    region: options.region ?? await environment.defaultRegion() ?? '',
    profile: profileName(environment) ?? '',
  });
  const known = await file.read().catch((error: unknown) => {
    if (acceptChanges && error instanceof Failure && error.code === 'damaged_known_store') {
      return undefined;
    }
    throw error;
  });
  const identity = identityOf(url, description);
  if (!acceptChanges && known !== undefined) {
    requireUnchanged(file, known, identity, description);
  } else if (!acceptChanges && description !== undefined && !isLoopback(url)) {
    requireAwsHost(file, url, description);
  }
  return { url, description, identity, file, known };
}

export async function locateStore(
  environment: Environment, options: StoreOptions, acceptChanges = false,
): Promise<LocatedStore> {
  const address = await locateAddress(environment, options, acceptChanges);
  const { url, description } = address;
  const named = options.region ?? description?.region ?? apiGatewayHost(url.hostname)?.region;
  const token = description?.authentication === 'iam'
    ? undefined : await tokenOf(environment, options) ?? await SavedToken.of(environment, url);
  if (token) {
    return { ...address, authentication: token, region: named };
  }
  if (description?.authentication === 'cognito') {
    throw new Failure(`not signed in to the store "${description.storeName}", which uses Cognito`, {
      code: 'unauthenticated',
      exitCode: EXIT.FORBIDDEN,
      hint: 'Sign in with "model-store login", or pass an ID token with --token-file FILE ("-" for standard input) or '
        + 'MODEL_STORE_TOKEN.',
    });
  }
  const region = named ?? await environment.defaultRegion();
  if (!region) {
    throw usageFailure('no AWS Region given for the store', [], HOW_TO_NAME_A_REGION);
  }
  const credentials = await environment.credentials();
  await warnOfSessionName(environment, credentials, region);
  return { ...address, region: named, authentication: new AwsSignature(credentials, region, environment.callerArn) };
}
