import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { refusalOf } from './command-line';
import { ROOT } from './documents';

const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: { [name: string]: string } };

/** The problem with a command in a document; undefined if it is valid or not checked here. */
export function problemWithCommand([program, ...rest]: readonly string[]): string | undefined {
  switch (program) {
    case 'model-store': return refusalOf(rest);
    case 'node': return rest[0]?.endsWith('model-store.js') ? refusalOf(rest.slice(1)) : missingFile(rest[0]);
    case 'npm': return problemWithNpm(rest);
    case 'npx': return problemWithNpx(rest.filter((word) => !['-y', '--yes', '--no'].includes(word)));
    case 'aws': return problemWithAws(rest);
    default: return undefined;
  }
}

function missingFile(file: string | undefined): string | undefined {
  return file?.includes('/') && !fs.existsSync(path.join(ROOT, file)) ? `there is no ${file}` : undefined;
}

function problemWithNpm(words: readonly string[]): string | undefined {
  const [command, name, ...rest] = words.filter((word) => word !== '-s' && word !== '--silent');
  if (command !== 'run') return undefined;
  if (!(name in manifest.scripts)) return `package.json has no script "${name}"`;
  return name === 'local' ? problemWithLocal(rest.filter((word) => word !== '--')) : undefined;
}

function problemWithLocal([verb, who]: readonly string[]): string | undefined {
  const source = fs.readFileSync(path.join(ROOT, 'scripts', 'local.ts'), 'utf8');
  if (!source.includes(`case '${verb}':`)) return `npm run local knows no "${verb}"`;
  const known = ['data-scientist', 'pipeline', 'auditor', 'root'];
  return verb === 'env' && who !== undefined && !known.includes(who) ? `npm run local -- env knows no "${who}"` : undefined;
}

function problemWithNpx([name, ...rest]: readonly string[]): string | undefined {
  if (name === 'model-store') return refusalOf(rest);
  const [program] = name.replace(/(?<=.)@.*$/, '').split('/').slice(-1);
  if (name.startsWith('@')) return undefined;
  if (!fs.existsSync(path.join(ROOT, 'node_modules', '.bin', program))) return `npx finds no "${name}" in this project`;
  if (program === 'projen') return rest.length === 0 || rest[0] in manifest.scripts ? undefined : `there is no task "${rest[0]}"`;
  return ['tsx', 'jest', 'ts-node'].includes(program) ? missingFile(rest.find((word) => !word.startsWith('-'))) : undefined;
}

/** Commands of the AWS CLI that are more than one call of an API. */
const OF_THE_AWS_CLI: { readonly [service: string]: readonly string[] } = {
  s3: ['cp', 'ls', 'mb', 'mv', 'presign', 'rb', 'rm', 'sync'],
  configure: ['export-credentials', 'get', 'list', 'set', 'sso'],
  sso: ['login', 'logout'],
  // Its SDK is installed for nothing else. https://docs.aws.amazon.com/cli/latest/reference/sso-admin/
  'sso-admin': ['list-instances', 'create-permission-set', 'attach-customer-managed-policy-reference-to-permission-set', 'create-account-assignment'],
  cloudformation: ['deploy', 'wait'],
  cloudtrail: ['validate-logs'],
};
const PACKAGE_OF: { readonly [service: string]: string } = { s3api: 's3', 'cognito-idp': 'cognito-identity-provider', apigateway: 'api-gateway' };
const WITH_VALUE = ['--region', '--profile', '--output', '--query', '--endpoint-url'];

/** The operations of AWS are the commands of its SDK. */
function problemWithAws(words: readonly string[]): string | undefined {
  const [service, operation] = words.filter((word, index) => !word.startsWith('-') && !WITH_VALUE.includes(words[index - 1] ?? ''));
  if (OF_THE_AWS_CLI[service]?.includes(operation)) return undefined;
  const name = `@aws-sdk/client-${PACKAGE_OF[service] ?? service}`;
  const directory = path.join(ROOT, 'node_modules', name);
  if (!fs.existsSync(directory)) return `nothing here knows the operations of "aws ${service}"; add it to known-commands.ts`;
  const command = `${operation.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}Command`;
  const sdk = createRequire(__filename)(name) as object;
  const known = Object.keys(sdk).some((key) => key.toLowerCase() === command.toLowerCase());
  return known ? undefined : `aws ${service} has no operation "${operation}"`;
}
