import { breakingChanges, builtAssembly } from './support/api-changes';
import { lastRelease, type ApiAssembly } from './support/recorded-release';

const released = lastRelease();

test('code for the last release compiles with this one, in every language', () => {
  expect(breakingChanges(released.assembly, builtAssembly())).toEqual([]);
});

test('a removed property, a property that is now required, and a removed method each break it', () => {
  const careless = structuredClone(released.assembly) as ApiAssembly & { types: Record<string, any> };
  const typeOf = (name: string) => careless.types[`secure-model-artifact-store.${name}`];
  const options = typeOf('AccessOptions');
  options.properties = options.properties.filter(({ name }: { name: string }) => name !== 'presignedUrlLifetime');
  const store = typeOf('SecureModelArtifactStoreProps');
  delete store.properties.find(({ name }: { name: string }) => name === 'storeName').optional;
  const construct = typeOf('StoreMonitoring');
  construct.methods = construct.methods.filter(({ name }: { name: string }) => name !== 'metricEgressBytes');

  const changes = breakingChanges(released.assembly, careless).join('\n');
  expect(changes).toMatch(/AccessOptions.*presignedUrlLifetime/);
  expect(changes).toMatch(/SecureModelArtifactStoreProps.*storeName/);
  expect(changes).toMatch(/StoreMonitoring\.metricEgressBytes/);
});
