import { type Callable, type Documented, membersOf, publicTypes, type TypeOfAssembly } from './support/assembly';

const types = publicTypes();

/** Documentation that a member has of its own, or of what it implements. */
function isDocumented({ docs }: Documented): boolean {
  return (docs?.summary ?? '').trim() !== '';
}

function undocumented(all: readonly TypeOfAssembly[]): string[] {
  return all.flatMap((type) => membersOf(type).filter((member) => !isDocumented(member) && member.overrides === undefined)
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

/** `scope`, `id` and `props` mean the same in every construct. */
const USUAL_PARAMETERS = ['scope', 'id', 'props'];

function withoutParameters(all: readonly TypeOfAssembly[]): string[] {
  return all.flatMap((type) => callablesOf(type).filter(({ overrides }) => overrides === undefined).flatMap((callable) =>
    (callable.parameters ?? [])
      .filter((parameter) => !isDocumented(parameter) && !(callable.name === 'constructor' && USUAL_PARAMETERS.includes(parameter.name)))
      .map((parameter) => `${type.name}.${callable.name}(${parameter.name})`)));
}

describe('the public API', () => {
  test('says of everything what it is', () => {
    expect(types.length).toBeGreaterThan(50);
    expect(undocumented(types)).toEqual([]);
  });

  test('says of everything that may be left out what happens then', () => {
    expect(withoutDefault(types)).toEqual([]);
  });

  test('says of every parameter what it is for', () => {
    expect(withoutParameters(types)).toEqual([]);
  });

  test('that says nothing would be told', () => {
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
