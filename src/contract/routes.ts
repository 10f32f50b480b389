import {
  BEGIN_UPLOAD_SCHEMA, COMPLETE_UPLOAD_SCHEMA, DOWNLOAD_LINKS_SCHEMA, MOVE_ALIAS_SCHEMA, PUBLISH_SCHEMA,
  REMOVE_ALIAS_SCHEMA, UPLOAD_LINKS_SCHEMA,
} from './schemas';

/** The three functions. */
export const FUNCTIONS = ['upload', 'download', 'registry'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Permissions of principals; each route requires exactly one. */
export const PERMISSIONS = ['read', 'upload', 'download', 'promote'] as const;
export type Permission = (typeof PERMISSIONS)[number];

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** In the syntax of API Gateway. The second segment, if any, is the model, so that IAM policies can match it. */
  readonly path: string;
  readonly function: FunctionName;
  readonly permission: Permission;
  readonly summary: string;
  readonly body?: object;
  readonly paged?: boolean;
  /** Whether the answer says nothing about models, so that its permission for any model is enough. */
  readonly aboutTheStore?: boolean;
}

/**
 * Every endpoint. API Gateway methods, the routers of the functions, IAM grants and the OpenAPI document are derived
 * from this table.
 */
export const ROUTES = {
  beginUpload: {
    method: 'POST', path: '/models/{model}/uploads', function: 'upload', permission: 'upload',
    summary: 'Check which files the store needs, and begin their uploads', body: BEGIN_UPLOAD_SCHEMA,
  },
  uploadLinks: {
    method: 'POST', path: '/models/{model}/uploads/links', function: 'upload', permission: 'upload',
    summary: 'Get a page of presigned URLs to upload files or parts', body: UPLOAD_LINKS_SCHEMA,
  },
  completeUpload: {
    method: 'POST', path: '/models/{model}/uploads/complete', function: 'upload', permission: 'upload',
    summary: 'Join the parts of one file', body: COMPLETE_UPLOAD_SCHEMA,
  },
  publish: {
    method: 'PUT', path: '/models/{model}/versions/{version}', function: 'upload', permission: 'upload',
    summary: 'Check every file and commit the version', body: PUBLISH_SCHEMA,
  },
  downloadLinks: {
    method: 'POST', path: '/models/{model}/versions/{version}/links', function: 'download', permission: 'download',
    summary: 'Get a page of presigned URLs to download files', body: DOWNLOAD_LINKS_SCHEMA,
  },
  listSigningKeys: {
    method: 'GET', path: '/signing-keys', function: 'registry', permission: 'read', aboutTheStore: true,
    summary: 'List the public keys that verify signatures',
  },
  listModels: {
    method: 'GET', path: '/models', function: 'registry', permission: 'read', summary: 'List the models', paged: true,
  },
  listVersions: {
    method: 'GET', path: '/models/{model}/versions', function: 'registry', permission: 'read',
    summary: 'List the versions of a model, by name', paged: true,
  },
  showVersion: {
    method: 'GET', path: '/models/{model}/versions/{version}', function: 'registry', permission: 'read',
    summary: 'Show the manifest of a version',
  },
  resolveReference: {
    method: 'GET', path: '/models/{model}/references/{reference}', function: 'registry', permission: 'read',
    summary: 'Resolve a version name or an alias to a version',
  },
  listAliases: {
    method: 'GET', path: '/models/{model}/aliases', function: 'registry', permission: 'read',
    summary: 'List the aliases of a model', paged: true,
  },
  showAlias: {
    method: 'GET', path: '/models/{model}/aliases/{alias}', function: 'registry', permission: 'read',
    summary: 'Show where an alias points',
  },
  moveAlias: {
    method: 'PUT', path: '/models/{model}/aliases/{alias}', function: 'registry', permission: 'promote',
    summary: 'Point an alias at a version', body: MOVE_ALIAS_SCHEMA,
  },
  // Not DELETE, because the request has a body, which proxies and clients may drop from a DELETE. Nothing is deleted:
  // the removal becomes the newest entry of the history.
  removeAlias: {
    method: 'POST', path: '/models/{model}/aliases/{alias}/removal', function: 'registry', permission: 'promote',
    summary: 'Remove an alias, and keep its history', body: REMOVE_ALIAS_SCHEMA,
  },
  aliasHistory: {
    method: 'GET', path: '/models/{model}/aliases/{alias}/history', function: 'registry', permission: 'read',
    summary: 'List the history of an alias, newest first', paged: true,
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** Query parameters of a paged route. */
export const PAGE_SIZE_PARAMETER = 'pageSize';
export const PAGE_TOKEN_PARAMETER = 'pageToken';
