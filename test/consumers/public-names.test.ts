import { loadAssembly } from '../../scripts/packages/assembly';
import { PROJECT_ROOT } from '../local/rig/paths';

// jsii renames what a language reserves (`lambda` becomes `lambda_`), each language in its own way, and people look for the
// name that the documentation has.
const RESERVED: Record<string, string> = {
  Python: 'and as assert async await break class continue def del elif else except finally for from global if import in is lambda '
    + 'nonlocal not or pass raise return try while with yield None True False self',
  Java: 'abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally '
    + 'float for goto if implements import instanceof int interface long native new package private protected public return short '
    + 'static strictfp super switch synchronized this throw throws transient try void volatile while true false null',
  'C#': 'abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum '
    + 'event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace '
    + 'new null object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc '
    + 'static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while',
  Go: 'break default func interface select case defer go map struct chan else goto package switch const fallthrough if range type '
    + 'continue for import return var',
};

const snake = (name: string) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
const capital = (name: string) => name[0].toUpperCase() + name.slice(1);

const types = Object.entries(loadAssembly(PROJECT_ROOT).types);
const callables = types.flatMap(([type, declared]) => (declared.kind === 'enum' ? [] : [
  ...declared.kind === 'class' && declared.initializer ? [{ ...declared.initializer, type, name: 'constructor' }] : [],
  ...(declared.methods ?? []).map((method) => ({ ...method, type })),
]));

test('no name in the public API is a reserved word in a supported language', () => {
  const names = [
    ...types.flatMap(([type, declared]) => (declared.kind === 'enum' ? [] : (declared.properties ?? []).map(({ name }) => [type, name]))),
    ...callables.filter(({ name }) => name !== 'constructor').map(({ type, name }) => [type, name]),
    ...callables.flatMap(({ type, name, parameters = [] }) => parameters.map((parameter) => [`${type}.${name}`, parameter.name])),
  ];
  expect(names.length).toBeGreaterThan(400);
  const reserved = Object.entries(RESERVED).map(([language, words]) => [language, new Set(words.split(' '))] as const);
  const taken = names.flatMap(([where, name]) => reserved
    .filter(([language, words]) => words.has(language === 'Python' ? snake(name) : name))
    .map(([language]) => `${name} of ${where} in ${language}`));
  expect(taken).toEqual([]);
});

test('no parameter has the name of a property in the struct after it, as Python merges them', () => {
  const structures = new Map(types.map(([type, declared]) => [type, declared]));
  const clashes = callables.flatMap(({ type, name, parameters = [] }) => {
    const last = structures.get(parameters.at(-1)?.type.fqn ?? '');
    if (last?.kind !== 'interface' || !last.datatype) {
      return [];
    }
    const lifted = new Set((last.properties ?? []).map((property) => property.name));
    return parameters.slice(0, -1).filter((parameter) => lifted.has(parameter.name)).map((parameter) => `${parameter.name} of ${type}.${name}`);
  });
  expect(clashes).toEqual([]);
});

test('no property and method of a type get the same name, as with getters in Java and snake case in Python', () => {
  const clashes = types.flatMap(([type, declared]) => {
    if (declared.kind === 'enum') {
      return [];
    }
    const methods = new Set((declared.methods ?? []).flatMap(({ name }) => [name, snake(name)]));
    return (declared.properties ?? []).map(({ name }) => name)
      .filter((name) => methods.has(`get${capital(name)}`) || methods.has(`set${capital(name)}`) || methods.has(snake(name)))
      .map((name) => `${name} of ${type}`);
  });
  expect(clashes).toEqual([]);
});
