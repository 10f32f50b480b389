import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import type { FromSchema } from 'json-schema-to-ts';
import type { Manifest } from '../../src/contract/manifest';
import {
  ALIAS_HISTORY_RESPONSE_SCHEMA, ALIAS_RESPONSE_SCHEMA, ALIASES_RESPONSE_SCHEMA, BEGIN_UPLOAD_RESPONSE_SCHEMA,
  COMPLETE_UPLOAD_RESPONSE_SCHEMA, DOWNLOAD_LINKS_RESPONSE_SCHEMA, ERROR_BODY_SCHEMA, MANIFEST_SCHEMA,
  MODELS_RESPONSE_SCHEMA,
  PUBLISH_RESPONSE_SCHEMA, REFERENCE_RESPONSE_SCHEMA, REMOVED_ALIAS_RESPONSE_SCHEMA, RESPONSES, UPLOAD_LINKS_RESPONSE_SCHEMA, VERSION_RESPONSE_SCHEMA,
  VERSIONS_RESPONSE_SCHEMA,
} from '../../src/contract/response-schemas';
import { ROUTES, type Route } from '../../src/contract/routes';
import {
  BEGIN_UPLOAD_SCHEMA, COMPLETE_UPLOAD_SCHEMA, DOWNLOAD_LINKS_SCHEMA, MOVE_ALIAS_SCHEMA, PUBLISH_SCHEMA,
  REMOVE_ALIAS_SCHEMA, UPLOAD_LINKS_SCHEMA,
} from '../../src/contract/schemas';
import type * as wire from '../../src/contract/wire';

/*
 * Checked by the compiler ("npm run typecheck"): a field that is only in the schema or only in the type, or that is
 * optional in one and required in the other, is a compile-time error.
 */
type Plain<Value> = Value extends readonly (infer Item)[]
  ? Plain<Item>[]
  : Value extends object ? { -readonly [Key in keyof Value]: Plain<Value[Key]> } : Value;

/** The types of open schemas have an index signature; only the named fields are compared. */
type Known<Value> = Value extends (infer Item)[]
  ? Known<Item>[]
  : Value extends object
    ? string extends keyof Value
      ? keyof { [Key in keyof Value as string extends Key ? never : Key]: 1 } extends never
        ? { [key: string]: string }
        : { [Key in keyof Value as string extends Key ? never : Key]: Known<Value[Key]> }
      : { [Key in keyof Value]: Known<Value[Key]> }
    : Value;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
  ? true
  : { readonly a: A; readonly b: B };
type Agrees<Schema, Type> = Same<Known<Plain<Schema>>, Known<Plain<Type>>>;

/** Each is `true`, or a compile-time error that shows both types. */
const AGREEMENTS: [
  Agrees<FromSchema<typeof BEGIN_UPLOAD_SCHEMA>, wire.BeginUploadRequest>,
  Agrees<FromSchema<typeof UPLOAD_LINKS_SCHEMA>, wire.UploadLinksRequest>,
  Agrees<FromSchema<typeof COMPLETE_UPLOAD_SCHEMA>, wire.CompleteUploadRequest>,
  Agrees<FromSchema<typeof PUBLISH_SCHEMA>, wire.PublishRequest>,
  Agrees<FromSchema<typeof DOWNLOAD_LINKS_SCHEMA>, wire.DownloadLinksRequest>,
  Agrees<FromSchema<typeof MOVE_ALIAS_SCHEMA>, wire.MoveAliasRequest>,
  Agrees<FromSchema<typeof REMOVE_ALIAS_SCHEMA>, wire.RemoveAliasRequest>,
  Agrees<FromSchema<typeof REMOVED_ALIAS_RESPONSE_SCHEMA>, wire.RemovedAliasResponse>,
  Agrees<FromSchema<typeof BEGIN_UPLOAD_RESPONSE_SCHEMA>, wire.BeginUploadResponse>,
  Agrees<FromSchema<typeof UPLOAD_LINKS_RESPONSE_SCHEMA>, wire.UploadLinksResponse>,
  Agrees<FromSchema<typeof COMPLETE_UPLOAD_RESPONSE_SCHEMA>, wire.CompleteUploadResponse>,
  Agrees<FromSchema<typeof MANIFEST_SCHEMA>, Manifest>,
  Agrees<FromSchema<typeof VERSION_RESPONSE_SCHEMA>, wire.VersionResponse>,
  Agrees<FromSchema<typeof PUBLISH_RESPONSE_SCHEMA>, wire.PublishResponse>,
  Agrees<FromSchema<typeof DOWNLOAD_LINKS_RESPONSE_SCHEMA>, wire.DownloadLinksResponse>,
  Agrees<FromSchema<typeof MODELS_RESPONSE_SCHEMA>, wire.ModelsResponse>,
  Agrees<FromSchema<typeof VERSIONS_RESPONSE_SCHEMA>, wire.VersionsResponse>,
  Agrees<FromSchema<typeof ALIAS_RESPONSE_SCHEMA>, wire.AliasResponse>,
  Agrees<FromSchema<typeof ALIASES_RESPONSE_SCHEMA>, wire.AliasesResponse>,
  Agrees<FromSchema<typeof ALIAS_HISTORY_RESPONSE_SCHEMA>, wire.AliasHistoryResponse>,
  Agrees<FromSchema<typeof REFERENCE_RESPONSE_SCHEMA>, wire.ReferenceResponse>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true];

test('every wire type agrees with its schema', () => {
  expect(AGREEMENTS.every((agreement) => agreement === true)).toBe(true);
});

test('every route has a response schema', () => {
  expect(Object.keys(RESPONSES).sort()).toEqual(Object.keys(ROUTES).sort());
});

const bodies = (Object.entries(ROUTES) as [string, Route][]).flatMap(([name, { body }]): [string, object][] => (
  body ? [[name, body]] : []
));
const answers = Object.entries(RESPONSES).map(([name, { schema }]): [string, object] => [`${name} answer`, schema]);

describe.each([
  ...bodies, ...answers, ['error', ERROR_BODY_SCHEMA] as [string, object],
])('the schema of %s', (_name, schema) => {
  test.each([['7', Ajv], ['2020-12', Ajv2020]])('is valid in draft %s', (_draft, Implementation) => {
    expect(
      () => new Implementation({ strict: true, allowUnionTypes: true, formats: { 'date-time': true } }).compile(schema),
    ).not.toThrow();
  });

  test('only uses keywords of draft 4, which API Gateway supports', () => {
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    const later = [
      'const', 'contains', 'propertyNames', 'if', 'then', 'else', 'exclusiveMinimum', 'exclusiveMaximum', '$defs',
      'examples',
    ];
    const keys = new Set<string>();
    JSON.stringify(schema, (key: string, value: unknown) => {
      keys.add(key);
      return value;
    });
    expect(later.filter((keyword) => keys.has(keyword))).toEqual([]);
  });
});
