import * as fs from 'node:fs';
import * as path from 'node:path';
import { runCommand } from './run-command';
import { leaveOutUnsupported, type LeftOut, type Template } from './template';

/** The resource types that the local AWS can provision, asked of itself. */
export async function supportedResourceTypes(python: string): Promise<ReadonlySet<string>> {
  const { stdout } = await runCommand(python, [
    '-c', 'import json; from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as h; print(json.dumps(sorted(h)))',
  ]);
  return new Set(JSON.parse(stdout.trim().split('\n').at(-1)!) as string[]);
}

/** Rewrites every template of a cloud assembly to what the local AWS can provision; answers with what it left out. */
export function adaptAssembly(assemblyFolder: string, supportedTypes: ReadonlySet<string>): LeftOut[] {
  return fs.readdirSync(assemblyFolder)
    .filter((name) => name.endsWith('.template.json'))
    .flatMap((name) => {
      const file = path.join(assemblyFolder, name);
      const { template, leftOut } = leaveOutUnsupported(JSON.parse(fs.readFileSync(file, 'utf8')) as Template, supportedTypes);
      fs.writeFileSync(file, JSON.stringify(template, undefined, 1));
      return [...leftOut];
    });
}
