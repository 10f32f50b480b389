import type { Behaviour } from '../behaviours';

export const DEPLOYMENT: readonly Behaviour[] = [
  {
    id: 'cloudformation.schemas',
    statement: 'Every resource of every variant matches CloudFormation\'s resource schemas.',
    reliedOn: 'src/index.ts', integ: ['data-scientist'],
  },
  {
    id: 'cloudformation.creates-default-store',
    statement: 'The services accept every resource of the default template, in the order of its references.',
    reliedOn: 'src/index.ts', integ: ['data-scientist'],
  },
  { id: 'cloudformation.resource-import', statement: 'An existing bucket and key can be imported into the stack.', reliedOn: 'docs/guides/adopt-existing.md' },
  { id: 'cloudformation.upgrade-keeps-data', statement: 'Upgrades and rollbacks replace no resource that holds data.', reliedOn: 'docs/upgrading.md' },
  { id: 'cloudformation.parameter.ssm-value', statement: 'A template parameter of type SSM takes the value of that parameter at deployment.', reliedOn: 'src/store/imported-store.ts' },
  { id: 'ssm.get-parameter', statement: 'A client finds a store by its SSM parameter, which the client\'s role can read.', reliedOn: 'cli/src/store', integ: ['data-scientist'] },
  { id: 'sagemaker.create-training-job.request', statement: 'SageMaker accepts the request of the example as the current SDK sends it.', reliedOn: 'examples/sagemaker/README.md' },
];
