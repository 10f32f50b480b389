import * as childProcess from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { OPENAPI_FILE, openApiDocument, renderOpenApi } from '../../scripts/openapi';
import { ERRORS } from '../../src/contract/errors';
import { errorsOf } from '../../src/contract/route-errors';
import { ROUTES, type Route, type RouteName } from '../../src/contract/routes';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly $ref: string } } };
  };
  readonly responses: { readonly [status: string]: { readonly description: string } };
}

const document = openApiDocument() as {
  readonly paths: { readonly [template: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: object } };
};
const NAMES = Object.keys(ROUTES) as RouteName[];
const operationOf = (route: RouteName) => document.paths[ROUTES[route].path][ROUTES[route].method.toLowerCase()];

test('the committed document is up to date with the schemas', () => {
  expect(fs.readFileSync(OPENAPI_FILE, 'utf8')).toBe(renderOpenApi());
});

test('the document names its generator', () => {
  expect(renderOpenApi()).toContain('"x-generated-by": "scripts/openapi.ts');
});

test('the document is valid OpenAPI 3.1', () => {
  // The validator is an ES module, which jest cannot load, so it runs in a separate process.
  const script = `
    import { Validator } from '@seriousme/openapi-schema-validator';
    import { readFileSync } from 'node:fs';
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(readFileSync(process.argv[1], 'utf8')));
    console.log(JSON.stringify({ ...result, version: validator.version }));`;
  const output = childProcess.execFileSync(process.execPath, ['--input-type=module', '--eval', script, OPENAPI_FILE], {
    cwd: path.resolve(__dirname, '../..'), encoding: 'utf8',
  });
  expect(JSON.parse(output)).toEqual({ valid: true, version: '3.1' });
});

test('every reference in the document resolves', () => {
  const references = [...renderOpenApi().matchAll(/"\$ref": "#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(NAMES.length);
  for (const [, kind, name] of references) {
    expect((document.components as unknown as { [kind: string]: object })[kind]).toHaveProperty(name);
  }
});

describe.each(NAMES)('the operation %s', (route) => {
  test('has the schema that validates its requests', () => {
    const { body }: Route = ROUTES[route];
    const reference = operationOf(route).requestBody?.content['application/json'].schema.$ref;
    expect(reference && document.components.schemas[reference.split('/').pop()!]).toEqual(body);
  });

  test('lists every error that it can return, by status', () => {
    for (const code of errorsOf(route)) {
      expect(operationOf(route).responses[ERRORS[code].status].description).toContain(`\`${code}\``);
    }
  });
});

test('every error of the contract is returned by at least one route', () => {
  const used = new Set(NAMES.flatMap(errorsOf));
  expect(Object.keys(ERRORS).filter((code) => !used.has(code as keyof typeof ERRORS))).toEqual([]);
});
