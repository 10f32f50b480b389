import * as fs from 'node:fs';
import * as path from 'node:path';
import { runCommand } from './run-command';
import { leaveOutUnsupported, type LeftOut, type Template } from './template';

/** Resource types that the rig adds to the local AWS; see function_policies.py. */
const ADDED_TYPES = ['AWS::Lambda::ResourcePolicy'];

/** The resource types that the local AWS can provision, from its own list. */
export async function ownResourceTypes(python: string): Promise<ReadonlySet<string>> {
  const { stdout } = await runCommand(python, [
    '-c', 'import json; from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as h; print(json.dumps(sorted(h)))',
  ]);
  return new Set(JSON.parse(stdout.trim().split('\n').at(-1)!) as string[]);
}

/** The resource types that the local AWS can provision, with those that the rig adds. */
export async function supportedResourceTypes(python: string): Promise<ReadonlySet<string>> {
  return new Set([...ADDED_TYPES, ...await ownResourceTypes(python)]);
}

const SUFFIX = '.template.json';

/** Every template of a cloud assembly, by the name of its stack. */
export function readTemplates(assemblyFolder: string): Record<string, Template> {
  return Object.fromEntries(fs.readdirSync(assemblyFolder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => [name.slice(0, -SUFFIX.length), JSON.parse(fs.readFileSync(path.join(assemblyFolder, name), 'utf8')) as Template]));
}

/** Reduces every template of a cloud assembly to what the local AWS can provision, and returns what it left out. */
export function adaptAssembly(assemblyFolder: string, supportedTypes: ReadonlySet<string>): LeftOut[] {
  return Object.entries(readTemplates(assemblyFolder)).flatMap(([stackName, original]) => {
    const { template, leftOut } = leaveOutUnsupported(original, supportedTypes);
    fs.writeFileSync(path.join(assemblyFolder, `${stackName}${SUFFIX}`), JSON.stringify(template, undefined, 1));
    return [...leftOut];
  });
}
