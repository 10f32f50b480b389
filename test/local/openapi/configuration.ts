import * as fs from 'node:fs';
import * as path from 'node:path';
import { bodiesFor, parametersFor, type Seed } from './seed';
import { PROJECT_ROOT } from '../rig/paths';

interface Parameter { readonly in?: string; readonly name?: string; readonly $ref?: string }

export interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: { readonly 'application/json': { readonly schema: object; readonly example?: unknown } } };
  readonly responses: { readonly [status: string]: object };
}

export interface OpenApiDocument {
  readonly paths: { readonly [template: string]: { readonly [method: string]: Operation } };
}

export const DOCUMENT = JSON.parse(
  fs.readFileSync(path.join(PROJECT_ROOT, 'openapi/model-store.openapi.json'), 'utf8')) as OpenApiDocument;

/** The operations, by the label that Schemathesis gives them: `GET /models`. */
export const OPERATIONS: { readonly [label: string]: Operation } = Object.fromEntries(Object.entries(DOCUMENT.paths)
  .flatMap(([template, methods]) => Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${template}`, operation])));

/** The published document, with an example for each operation that succeeds in the seeded store. */
export function documentWithExamples(seed: Seed): OpenApiDocument {
  const bodies = bodiesFor(seed);
  const withExamples = (operation: Operation): Operation => {
    const { operationId, parameters, requestBody } = operation;
    const values = parametersFor(seed, operationId);
    return {
      ...operation,
      parameters: parameters.map((parameter) => (parameter.in === 'path' ? { ...parameter, example: values[parameter.name!] } : parameter)),
      ...(requestBody === undefined ? {} : {
        requestBody: {
          ...requestBody, content: { 'application/json': { ...requestBody.content['application/json'], example: bodies[operationId] } },
        },
      }),
    };
  };
  return {
    ...DOCUMENT,
    paths: Object.fromEntries(Object.entries(DOCUMENT.paths).map(([template, methods]) => [
      template, Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, withExamples(operation)])),
    ])),
  };
}

/** Fixed, so that every run sends the same requests, apart from the ID of the upload. */
const RANDOM_SEED = 20_261_129;
/** Random requests to each operation, in addition to the example and the boundary values. More take minutes. */
const MAX_EXAMPLES = 50;

export interface Addresses {
  readonly url: string;
  readonly authorityFile: string;
}

/** The configuration of Schemathesis. Half of the generated requests name things that exist. */
export function configuration(seed: Seed, { url, authorityFile }: Addresses): string {
  const dictionaries = {
    models: [seed.model], versions: [...seed.versions, '2.0.0'], aliases: [seed.alias], references: [seed.alias, ...seed.versions],
    digests: [seed.file.digest, seed.unpublished.digest, seed.multipart.digest],
    sizes: [seed.file.size, seed.unpublished.size, seed.multipart.size],
    hashes: [seed.file.sha256, seed.unpublished.sha256], paths: [seed.file.path, seed.unpublished.path], uploads: [seed.uploadId],
  };
  const bindings = {
    'path.model': 'models', 'path.version': 'versions', 'path.alias': 'aliases', 'path.reference': 'references',
    'body.files[*].digest': 'digests', 'body.files[*].size': 'sizes', 'body.files[*].sha256': 'hashes', 'body.files[*].path': 'paths',
    'body.links[*].digest': 'digests', 'body.links[*].size': 'sizes', 'body.digest': 'digests', 'body.size': 'sizes',
    'body.uploadId': 'uploads', 'body.paths[*]': 'paths', 'body.version': 'versions', 'body.base': 'versions',
  };
  const quoted = (value: unknown) => JSON.stringify(value);
  return [
    `base-url = ${quoted(url)}`, `tls-verify = ${quoted(authorityFile)}`, `seed = ${RANDOM_SEED}`, 'continue-on-failure = true', 'warnings = false',
    'request-timeout = 60.0',
    '[phases]', 'stateful.enabled = false',
    '[phases.coverage]', 'unexpected-methods = []',
    '[generation]', `max-examples = ${MAX_EXAMPLES}`, 'database = "none"', 'no-shrink = true', 'with-security-parameters = false',
    '[checks]', 'enabled = false',
    ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance', 'negative_data_rejection']
      .map((check) => `${check}.enabled = true`),
    ...Object.entries(dictionaries).map(([name, values]) => `[dictionaries.${name}]\nvalues = ${quoted(values)}`),
    '[parameters]',
    ...Object.entries(bindings).map(([parameter, dictionary]) => `${quoted(parameter)} = { dictionary = ${quoted(dictionary)}, probability = 0.5 }`),
    '',
  ].join('\n');
}
