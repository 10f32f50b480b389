import { type Authentication, AwsSignature, CognitoToken } from './authentication';
import { warnOfSessionName } from './session-name';
import { storeParameterName, type StoreDescription } from '../../../src/contract/wire';
import { apiGatewayHost } from '../aws/regions';
import { HOW_TO_NAME_A_REGION } from '../aws/session';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, usageFailure } from '../runtime/failure';
import { expandHome } from '../runtime/home';
import { SavedToken } from './sign-in/saved-token';

/** How the person said which store is meant and who they are. */
export interface StoreOptions {
  readonly store?: string;
  readonly url?: string;
  readonly region?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface LocatedStore {
  readonly url: URL;
  readonly authentication: Authentication;
}

const HOW_TO_FIND = 'Name the store with --store NAME or in MODEL_STORE_NAME, or give its address with --url URL or in MODEL_STORE_URL.';

function isLoopback(url: URL): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname) || url.hostname.endsWith('.localhost');
}

export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && URL.canParse(address) && isLoopback(new URL(address));
}

/**
 * A local AWS reports API Gateway's real host names, but answers for them under its own: a user who works with one (and said so
 * in AWS_ENDPOINT_URL, as for any AWS tool) must not end up at the real AWS.
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
    throw usageFailure(`${where} is not a URL: ${JSON.stringify(text)}. It looks like https://<api id>.execute-api.<region>.amazonaws.com/<stage>`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    throw usageFailure(`${where} must begin with https://: credentials and links would travel in the clear`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw usageFailure(`${where} must hold neither a user name nor a query: it is only the address of the store`);
  }
  url.pathname = url.pathname.replace(/\/{2,}/g, '/');
  return url;
}

function parseDescription(text: string, parameter: string): StoreDescription {
  let description: Partial<StoreDescription> | undefined;
  try {
    description = JSON.parse(text) as Partial<StoreDescription>;
  } catch {
    // Told below, together with a value of another shape.
  }
  if (description?.schemaVersion !== 1 || typeof description.authentication !== 'string') {
    throw new Failure(`the SSM parameter ${parameter} holds no description of a store that this version of the command understands`, {
      code: 'unknown_store', exitCode: EXIT.FAILURE,
    });
  }
  return description as StoreDescription;
}

async function describe(environment: Environment, options: StoreOptions): Promise<StoreDescription | undefined> {
  const name = options.store ?? (options.url ?? environment.variables.MODEL_STORE_URL ? undefined : environment.variables.MODEL_STORE_NAME);
  if (name === undefined) {
    return undefined;
  }
  const parameter = storeParameterName(name);
  const value = await environment.readParameter(parameter, options.region);
  if (value === undefined) {
    throw new Failure(`there is no store named "${name}" in this account and region (no SSM parameter ${parameter})`, {
      code: 'unknown_store', exitCode: EXIT.NOT_FOUND, hint: 'Check the name, the AWS profile and --region.',
    });
  }
  return parseDescription(value, parameter);
}

async function tokenOf(environment: Environment, options: StoreOptions): Promise<CognitoToken | undefined> {
  if (options.token !== undefined && options.tokenFile !== undefined) {
    throw usageFailure('give either --token or --token-file, not both');
  }
  if (options.token !== undefined) {
    return CognitoToken.ofText(options.token);
  }
  const file = options.tokenFile ?? (environment.variables.MODEL_STORE_TOKEN ? undefined : environment.variables.MODEL_STORE_TOKEN_FILE);
  if (file === '-') {
    return CognitoToken.ofText(await environment.readStandardInput());
  }
  if (file) {
    return CognitoToken.ofFile(expandHome(file, environment));
  }
  return environment.variables.MODEL_STORE_TOKEN ? CognitoToken.ofText(environment.variables.MODEL_STORE_TOKEN) : undefined;
}

export interface StoreAddress {
  readonly url: URL;
  /** Absent where the address was given instead of a name. */
  readonly description?: StoreDescription;
}

/** Where the store is, whoever calls it. */
export async function locateAddress(environment: Environment, options: StoreOptions): Promise<StoreAddress> {
  if (options.store !== undefined && options.url !== undefined) {
    throw usageFailure('give either --store or --url, not both');
  }
  const description = await describe(environment, options);
  const described = description?.url && localAddress(description.url, environment.variables.AWS_ENDPOINT_URL);
  const address = options.url ?? (description ? described : environment.variables.MODEL_STORE_URL);
  if (!address) {
    throw description
      ? usageFailure(`the store "${description.storeName}" has no API (api: false); its functions are invoked directly, which this command does not do`)
      : usageFailure('which store?', [], HOW_TO_FIND);
  }
  const where = options.url ? '--url' : description ? `the address of the store "${description.storeName}"` : 'MODEL_STORE_URL';
  return { url: parseUrl(address, where), description };
}

export async function locateStore(environment: Environment, options: StoreOptions): Promise<LocatedStore> {
  const { url, description } = await locateAddress(environment, options);
  const token = description?.authentication === 'iam' ? undefined : await tokenOf(environment, options) ?? await SavedToken.of(environment, url);
  if (token) {
    return { url, authentication: token };
  }
  if (description?.authentication === 'cognito') {
    throw new Failure(`the store "${description.storeName}" knows its users by Cognito, and you are not signed in`, {
      code: 'unauthenticated',
      exitCode: EXIT.FORBIDDEN,
      hint: 'Sign in with "model-store login"; or give an identity token with --token-file FILE ("-" for standard input) or in MODEL_STORE_TOKEN.',
    });
  }
  const region = options.region ?? description?.region ?? apiGatewayHost(url.hostname)?.region ?? await environment.defaultRegion();
  if (!region) {
    throw usageFailure('in which AWS Region is the store?', [], HOW_TO_NAME_A_REGION);
  }
  const credentials = await environment.credentials();
  await warnOfSessionName(environment, credentials, region);
  return { url, authentication: new AwsSignature(credentials, region, environment.callerArn) };
}
