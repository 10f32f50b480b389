import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ProtectedResources } from './protected-resources';
import { comparison, equal, named, type Comparison, type NamedBy, type Watch } from './watch';

/** The maximum lengths of names in AWS, and of the part before them in an ARN. */
const LONGEST = { function: 64, role: 64, arnStart: 64 };

/** The service that invokes the functions of a store with an API. */
const API_GATEWAY = 'apigateway.amazonaws.com';

/** Watches the functions: changes to them and to who may invoke them, and invocations without their API. */
export function functionWatches({ functions = [], functionsOfApis = [] }: ProtectedResources): Watch[] {
  return [
    ...(functions.length === 0 ? [] : [functionWatch(functions), policyWatch(functions)]),
    ...(functionsOfApis.length === 0 ? [] : [invocationWatch(functionsOfApis)]),
  ];
}

const SUBJECT = { words: 'the function', path: '$.detail.requestParameters.functionName' };

/** Also matches the role of a function, because any function that runs with it can open sessions under any name. */
function functionWatch(functions: readonly lambda.IFunction[]): Watch {
  const roleArns = functions.flatMap(({ role }) => (role ? [role.roleArn] : []));
  return {
    id: 'Functions',
    entry: 'Function',
    eventSource: 'lambda.amazonaws.com',
    category: 'management',
    // Application Auto Scaling changes the provisioned concurrency.
    except: ['PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'],
    evenByDeployments: [],
    namedBy: [
      functionNamed(functions),
      ...(roleArns.length === 0 ? [] : [named('role', roleArns, LONGEST.arnStart + LONGEST.role)]),
    ],
    subject: SUBJECT,
  };
}

/** A resource policy of a function is changed by the function's ARN. */
function policyWatch(functions: readonly lambda.IFunction[]): Watch {
  return {
    id: 'Invokers',
    entry: 'Function',
    eventSource: 'lambda.amazonaws.com',
    category: 'management',
    except: ['TagResource', 'UntagResource'],
    evenByDeployments: [],
    namedBy: [{ parent: 'requestParameters', field: 'resourceArn', comparisons: functions.flatMap(inArn) }],
    subject: { words: 'the function', path: '$.detail.requestParameters.resourceArn' },
  };
}

function invocationWatch(functions: readonly lambda.IFunction[]): Watch {
  return {
    id: 'Invocations',
    entry: 'Invocation',
    eventSource: 'lambda.amazonaws.com',
    category: 'data',
    events: ['Invoke*'],
    evenByDeployments: 'all',
    exceptBy: API_GATEWAY,
    namedBy: [functionNamed(functions)],
    subject: SUBJECT,
  };
}

/** Matches a function's name or ARN, also with a version or alias. */
function functionNamed(functions: readonly lambda.IFunction[]): NamedBy {
  return {
    parent: 'requestParameters',
    field: 'functionName',
    comparisons: functions.flatMap((each) => [
      equal(each.functionName, LONGEST.function),
      comparison('prefix', `${each.functionName}:`, LONGEST.function + 1),
      ...inArn(each),
    ]),
  };
}

function inArn({ functionName }: lambda.IFunction): Comparison[] {
  return [
    comparison('suffix', `:function:${functionName}`, LONGEST.function + 10),
    comparison('contains', `:function:${functionName}:`, LONGEST.function + 11),
  ];
}
