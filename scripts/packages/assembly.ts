import * as fs from 'node:fs';
import * as path from 'node:path';

// The parts of a jsii assembly that this project reads: https://github.com/aws/jsii/blob/main/packages/%40jsii/spec

interface Member {
  readonly name: string;
  readonly static?: boolean;
}

interface Callable {
  readonly parameters?: readonly { readonly name: string; readonly type: { readonly fqn?: string } }[];
}

interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly Member[];
}

export interface ClassType {
  readonly kind: 'class';
  readonly name: string;
  readonly abstract?: boolean;
  readonly initializer?: Callable;
  readonly properties?: readonly Member[];
  readonly methods?: readonly (Member & Callable)[];
}

export interface InterfaceType {
  readonly kind: 'interface';
  readonly name: string;
  /** Whether it is a struct, which is passed by value. */
  readonly datatype?: boolean;
  readonly properties?: readonly Member[];
  readonly methods?: readonly (Member & Callable)[];
}

export type Type = EnumType | ClassType | InterfaceType;

export interface Assembly {
  readonly types: Record<string, Type>;
}

/** The public API of a built library. */
export function loadAssembly(folder: string): Assembly {
  const file = path.join(folder, '.jsii');
  const assembly = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Assembly>;
  if (!assembly.types) {
    throw new Error(`${file} has no types; jsii may have written them to another file (jsii/file-redirect)`);
  }
  return assembly as Assembly;
}
