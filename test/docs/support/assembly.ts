import * as fs from 'node:fs';
import * as path from 'node:path';
import { type CodeBlock, ROOT } from './documents';

/** What an assembly says of anything that has documentation. */
export interface Documented {
  readonly name: string;
  readonly docs?: { readonly summary?: string; readonly default?: string; readonly example?: string; readonly remarks?: string };
  readonly locationInModule?: { readonly filename: string; readonly line: number };
  readonly optional?: boolean;
  readonly overrides?: string;
}

export interface Parameter extends Documented {
  readonly type: unknown;
}

export interface Callable extends Documented {
  readonly parameters?: readonly Parameter[];
  readonly static?: boolean;
}

export interface TypeOfAssembly extends Documented {
  readonly fqn: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly initializer?: Callable;
  readonly properties?: readonly Documented[];
  readonly methods?: readonly Callable[];
  readonly members?: readonly Documented[];
}

/** The public types, as jsii saw them. */
export function publicTypes(): TypeOfAssembly[] {
  const assembly = JSON.parse(fs.readFileSync(path.join(ROOT, '.jsii'), 'utf8')) as { types: { [fqn: string]: TypeOfAssembly } };
  return Object.values(assembly.types);
}

/** The submodules, such as `testing`. */
export function submoduleNames(): string[] {
  const assembly = JSON.parse(fs.readFileSync(path.join(ROOT, '.jsii'), 'utf8')) as { submodules?: object };
  return Object.keys(assembly.submodules ?? {}).map((name) => name.replace(/^.*\./, ''));
}

/** Everything of a type that has documentation, with itself. */
export function membersOf(type: TypeOfAssembly): Documented[] {
  return [type, ...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []];
}

/** The examples beside the code. */
export function apiExamples(): CodeBlock[] {
  return publicTypes().flatMap((type) => membersOf(type).flatMap(({ docs, locationInModule }) => docs?.example === undefined ? [] : [{
    document: locationInModule?.filename ?? type.fqn,
    line: locationInModule?.line ?? 0,
    language: 'ts',
    parameters: /^\/\/\/ (fixture=\S+)/.exec(docs.example)?.[1] ?? '',
    text: docs.example,
  }]));
}
