import { type Callable, type Documented, membersOf, publicTypes, type TypeOfAssembly } from './support/assembly';

const types = publicTypes();

function isDocumented({ docs }: Documented): boolean {
  return (docs?.summary ?? '').trim() !== '';
}

function undocumented(all: readonly TypeOfAssembly[]): string[] {
  return all.flatMap((type) => membersOf(type).filter((member) => !isDocumented(member))
    .map((member) => (member === type ? type.name : `${type.name}.${member.name}`)));
}

/** A value, or in words what happens without one. */
function withoutDefault(all: readonly TypeOfAssembly[]): string[] {
  return all.filter(({ datatype }) => datatype).flatMap((type) => (type.properties ?? [])
    .filter(({ optional, docs }) => optional && (docs?.default ?? '').trim() === '')
    .map(({ name }) => `${type.name}.${name}`));
}

function callablesOf(type: TypeOfAssembly): Callable[] {
  return [...type.methods ?? [], ...type.initializer ? [{ ...type.initializer, name: 'constructor' }] : []];
}

/** Of what overrides a member too: jsii hands a member's own text on to what overrides it, and its parameters' to nobody. */
function withoutParameters(all: readonly TypeOfAssembly[]): string[] {
  return all.flatMap((type) => callablesOf(type).flatMap((callable) =>
    (callable.parameters ?? []).filter((parameter) => !isDocumented(parameter)).map((parameter) => `${type.name}.${callable.name}(${parameter.name})`)));
}

describe('the public API', () => {
  test('describes every member', () => {
    expect(types.length).toBeGreaterThan(40);
    expect(undocumented(types)).toEqual([]);
  });

  test('gives the default of every optional member', () => {
    expect(withoutDefault(types)).toEqual([]);
  });

  test('describes every parameter', () => {
    expect(withoutParameters(types)).toEqual([]);
  });

  test('without a description would be reported', () => {
    const silent: TypeOfAssembly = {
      fqn: 'm.Silent', name: 'Silent', kind: 'interface', datatype: true,
      properties: [{ name: 'a', optional: true, docs: { summary: 'A.' } }, { name: 'b', docs: { summary: ' ' } }],
      methods: [{ name: 'c', docs: { summary: 'C.' }, parameters: [{ name: 'd', type: {} }] }],
    };

    expect(undocumented([silent])).toEqual(['Silent', 'Silent.b']);
    expect(withoutDefault([silent])).toEqual(['Silent.a']);
    expect(withoutParameters([silent])).toEqual(['Silent.c(d)']);
  });
});
