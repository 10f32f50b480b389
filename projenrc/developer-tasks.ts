import type { Project } from 'projen';

/** Tasks that developers run, and that are not part of the build. */
export function developerTasks(project: Project): void {
  project.addTask('engines', {
    description: 'Build the S3 engines for the tests (MinIO, versitygw) from pinned sources; needs Go',
    exec: 'tsx scripts/engines.ts',
  });
  project.addTask('test:slow', {
    description: 'Run only the slow tests: large logs, examples, access matrix, every language (after a build)',
    exec: 'jest --config jest.config.json --selectProjects slow local-slow consumers',
    receiveArgs: true,
  });
  project.addTask('test:engines', {
    description: 'Run only the tests on independent engines (after a build); see test/engines/README.md',
    exec: 'jest --config jest.config.json --selectProjects engines',
    receiveArgs: true,
  });
  project.addTask('test:engines-long', {
    description: 'Run the tests on S3 engines that transfer gigabytes and thousands of files',
    exec: 'jest --config jest.long.config.json --runInBand',
    receiveArgs: true,
  });
  project.addTask('demo', {
    description: 'Deploy the store to a local AWS that enforces IAM, and push and pull a real model',
    exec: 'tsx scripts/demo.ts',
    receiveArgs: true,
  });
  project.addTask('integ', {
    description: 'Deploy a store to a real AWS account, run assertions and destroy it; see test/integ/README.md',
    exec: 'tsx scripts/integ.ts',
    receiveArgs: true,
  });
  project.addTask('fidelity', {
    description: 'Merge the recorded proofs and generate docs/fidelity.md; with --check, fail if they are out of date',
    exec: 'tsx scripts/fidelity.ts',
    receiveArgs: true,
  });
  project.addTask('access', {
    description: 'Merge the results of the access matrix and generate docs/access.md; with --check, fail if out of date',
    exec: 'tsx scripts/access.ts',
    receiveArgs: true,
  });
  project.addTask('measures', {
    description: 'Print public types, longest file and line, import cycles and phrases to avoid (--words lists them)',
    exec: 'tsx scripts/measures.ts',
    receiveArgs: true,
  });
  project.addTask('large-runs', {
    description: 'Transfer 5,000 files, then one file of 3 GiB, and print the peak memory of command and functions',
    exec: 'tsx bench/large-runs.ts',
    receiveArgs: true,
  });
  project.addTask('local', {
    description: 'Start (up) or stop (down) a local store for hands-on use',
    exec: 'tsx scripts/local.ts',
    receiveArgs: true,
  });
}
