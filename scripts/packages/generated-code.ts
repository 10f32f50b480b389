import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Assembly, type ClassType, type InterfaceType, loadAssembly, type Type } from './assembly';
import { pythonWith } from './python';
import { PROJECT_ROOT } from '../../test/local/rig/paths';
import { runCommand } from '../../test/local/rig/run-command';

/** Languages whose code is read where it cannot be compiled. */
export type ReadLanguage = 'dotnet' | 'go';

interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly members: readonly { readonly name: string; readonly kind: string }[];
}

interface Declarations {
  readonly files: number;
  readonly unparsed: readonly string[];
  readonly declarations: readonly Declaration[];
}

export interface CheckedCode {
  readonly files: number;
  readonly types: number;
  readonly members: number;
  /** What a compiler would refuse, or what the public API has and the code has not. */
  readonly problems: readonly string[];
}

/**
 * Reads generated code with the grammar of its language: it has to parse, to have every public type of the library with
 * every member, and to be free of the clashes of names that a compiler refuses.
 */
export async function checkGeneratedCode(language: ReadLanguage, folder: string): Promise<CheckedCode> {
  const python = await pythonWith(path.join(__dirname, 'requirements.txt'));
  const { stdout } = await runCommand(python, [path.join(__dirname, 'declarations.py'), language, folder]);
  const code = JSON.parse(stdout) as Declarations;
  const expected = language === 'dotnet' ? inCSharp(loadAssembly(PROJECT_ROOT)) : inGo(loadAssembly(PROJECT_ROOT));
  return {
    files: code.files,
    types: expected.size,
    members: [...expected.values()].reduce((sum, members) => sum + members.length, 0),
    problems: [
      ...code.files === 0 ? [`${folder} has no code in it`] : [],
      ...code.unparsed.map((where) => `${where} does not parse`),
      ...missing(code.declarations, expected),
      ...language === 'dotnet' ? clashesInCSharp(code.declarations) : clashesInGo(code.declarations),
    ],
  };
}

function missing(declarations: readonly Declaration[], expected: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Map(declarations.map((declaration) => [declaration.name, new Set(declaration.members.map(({ name }) => name))]));
  return [...expected].flatMap(([type, members]) => {
    const has = found.get(type);
    return has ? members.filter((member) => !has.has(member)).map((member) => `${type} has no ${member}`) : [`there is no ${type}`];
  });
}

const pascal = (name: string) => name[0].toUpperCase() + name.slice(1);
const membersOf = ({ properties = [], methods = [] }: ClassType | InterfaceType) => [...properties, ...methods];

/** jsii's rules: a structure is an interface with an I in front and a class, names begin with a capital. */
function inCSharp(assembly: Assembly): Map<string, string[]> {
  const expected = new Map<string, string[]>();
  for (const type of Object.values(assembly.types)) {
    if (type.kind === 'enum') {
      expected.set(type.name, type.members.map(({ name }) => name));
      continue;
    }
    const members = membersOf(type).map(({ name }) => pascal(name));
    expected.set(type.name, members);
    if (type.kind === 'interface' && type.datatype) {
      expected.set(`I${type.name}`, members);
    }
  }
  return expected;
}

/** jsii's rules: a class is an interface, what is static a function with the name of the class in front, as are constructors. */
function inGo(assembly: Assembly): Map<string, string[]> {
  const expected = new Map<string, string[]>();
  const isCallable = (type: Type): type is ClassType => type.kind === 'class';
  for (const type of Object.values(assembly.types)) {
    if (type.kind === 'enum') {
      expected.set(type.name, []);
      type.members.forEach(({ name }) => expected.set(`${type.name}_${name}`, []));
      continue;
    }
    const members = membersOf(type);
    expected.set(type.name, members.filter((member) => !member.static).map(({ name }) => pascal(name)));
    members.filter((member) => member.static).forEach(({ name }) => expected.set(`${type.name}_${pascal(name)}`, []));
    if (isCallable(type) && type.initializer && !type.abstract) {
      expected.set(`New${type.name}`, []);
    }
  }
  return expected;
}

function clashesInCSharp(declarations: readonly Declaration[]): string[] {
  const namespaces = new Set(declarations.map(({ namespace }) => namespace?.split('.').at(-1)));
  return [
    ...twice(declarations.map(({ name, namespace }) => `${namespace}.${name}`)).map((name) => `${name} is declared twice (CS0101)`),
    ...declarations.filter(({ name }) => namespaces.has(name)).map(({ name }) => `${name} is the name of its namespace too (CA1724)`),
    ...declarations.flatMap(({ name, kind, members }) => [
      ...members.filter((member) => kind !== 'enum' && member.name === name).map(() => `${name} has a member of its own name (CS0542)`),
      ...twice(members.filter((member) => member.kind !== 'method').map((member) => member.name))
        .map((member) => `${name} declares ${member} twice (CS0102)`),
      ...members.filter((member) => member.kind === 'method')
        .filter((method) => members.some((other) => other.kind === 'property' && other.name === method.name))
        .map((member) => `${name} has ${member.name} as a method and as a property (CS0102)`),
    ]),
  ];
}

function clashesInGo(declarations: readonly Declaration[]): string[] {
  // Two files each have what validates parameters, of which a build tag chooses one.
  const names = declarations.map(({ name }) => name).filter((name) => name !== 'init' && !name.startsWith('validate'));
  return [
    ...twice(names).map((name) => `${name} is declared twice`),
    ...declarations.flatMap(({ name, members }) => twice(members.map((member) => member.name))
      .map((member) => `${name} has ${member} twice`)),
  ];
}

function twice(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Where jsii puts the code of a language. */
export function codeFolder(language: ReadLanguage, folder: string): string {
  const inside = fs.readdirSync(path.join(folder, language));
  if (inside.length !== 1) {
    throw new Error(`${path.join(folder, language)} should have one folder, and has ${inside.join(', ') || 'none'}`);
  }
  return path.join(folder, language, inside[0]);
}
