import * as fs from 'node:fs';
import * as path from 'node:path';
import { ERRORS, type ErrorCode } from '../src/contract/errors';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../src/contract/limits';
import { NAME_PATTERN, NAME_RULE } from '../src/contract/names';
import { ERROR_BODY_SCHEMA, RESPONSES } from '../src/contract/response-schemas';
import { errorsOf } from '../src/contract/route-errors';
import { PAGE_SIZE_PARAMETER, PAGE_TOKEN_PARAMETER, ROUTES, type Route, type RouteName } from '../src/contract/routes';

export const OPENAPI_FILE = path.resolve(__dirname, '../openapi/model-store.openapi.json');

const GENERATOR = 'scripts/openapi.ts';
const capitalize = (text: string) => text[0].toUpperCase() + text.slice(1);
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ 'application/json': { schema } });

function parameters({ path: template, paged }: Route): object[] {
  const named = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name, in: 'path', required: true, description: `A name ${NAME_RULE}.`,
    schema: { type: 'string', pattern: NAME_PATTERN },
  }));
  return paged
    ? [...named, { $ref: '#/components/parameters/PageSize' }, { $ref: '#/components/parameters/PageToken' }]
    : named;
}

function errorResponses(route: RouteName): object {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOf(route)) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [String(status), {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].when}`).join('\n'),
    content: json({ allOf: [reference('Error'), { properties: { code: { enum: codes } } }] }),
  }]));
}

function operation(route: RouteName): object {
  const definition: Route = ROUTES[route];
  const successes = Object.entries(RESPONSES[route].statuses)
    .map(
      ([status, description]) => [status, { description, content: json(reference(`${capitalize(route)}Response`)) }],
    );
  return {
    operationId: route,
    summary: definition.summary,
    description: `Requires the permission \`${definition.permission}\`.`,
    tags: [definition.function],
    parameters: parameters(definition),
    ...(definition.body ? {
      requestBody: { required: true, content: json(reference(`${capitalize(route)}Request`)) },
    } : {}),
    responses: { ...Object.fromEntries(successes), ...errorResponses(route) },
  };
}

function paths(): object {
  const made: { [template: string]: { [method: string]: object } } = {};
  for (const route of Object.keys(ROUTES) as RouteName[]) {
    const { path: template, method } = ROUTES[route];
    made[template] = { ...made[template], [method.toLowerCase()]: operation(route) };
  }
  return made;
}

function schemas(): object {
  const entries = (Object.keys(ROUTES) as RouteName[]).flatMap((route): [string, object][] => {
    const { body }: Route = ROUTES[route];
    const request: [string, object][] = body ? [[`${capitalize(route)}Request`, body]] : [];
    return [...request, [`${capitalize(route)}Response`, RESPONSES[route].schema]];
  });
  const error = {
    ...ERROR_BODY_SCHEMA,
    properties: { ...ERROR_BODY_SCHEMA.properties, code: { type: 'string', enum: Object.keys(ERRORS) } },
  };
  return Object.fromEntries([...entries, ['Error', error]]);
}

/** Generates the document from the contract, with the same schemas that validate requests. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Secure Model Artifact Store',
      version: '1.0.0',
      summary: 'Push, publish, promote and pull machine-learning models. Files go directly to and from Amazon S3.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    'x-generated-by': `${GENERATOR}; do not edit, run "npx projen openapi"`,
    servers: [{
      url: '{url}',
      variables: { url: {
        default: 'https://example.execute-api.eu-central-1.amazonaws.com/v1',
        description: 'URL from the stack outputs of the store.',
      } },
    }],
    security: [{ sigv4: [] }, { cognito: [] }],
    tags: [
      { name: 'upload', description: 'Upload files and publish versions' },
      { name: 'download', description: 'Download files' },
      { name: 'registry', description: 'Find models, versions and aliases; move aliases' },
    ],
    paths: paths(),
    components: {
      securitySchemes: {
        // API Gateway's extension for Signature Version 4:
        // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
        sigv4: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4, service `execute-api`',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
        cognito: {
          type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of the Amazon Cognito user pool',
        },
      },
      parameters: {
        PageSize: {
          name: PAGE_SIZE_PARAMETER,
          in: 'query',
          required: false,
          description: 'Maximum number of entries per page.',
          schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE_SIZE, default: DEFAULT_PAGE_SIZE },
        },
        PageToken: {
          name: PAGE_TOKEN_PARAMETER,
          in: 'query',
          required: false,
          description: 'The `nextPageToken` of the previous page.',
          schema: { type: 'string' },
        },
      },
      schemas: schemas(),
    },
  };
}

export function renderOpenApi(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}

if (require.main === module) {
  fs.mkdirSync(path.dirname(OPENAPI_FILE), { recursive: true });
  fs.writeFileSync(OPENAPI_FILE, renderOpenApi());
  console.log(`wrote ${path.relative(process.cwd(), OPENAPI_FILE)}`);
}
