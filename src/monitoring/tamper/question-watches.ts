import type { ProtectedResources } from './protected-resources';
import { comparison, named, type NamedBy, type Watch } from './watch';
import type { EgressAnalytics } from '../../audit/egress-analytics';

/** The longest names that AWS allows; of a parameter, that a metric filter has room for. */
const LONGEST = { database: 128, workGroup: 128, namedQuery: 36, parameter: 512 };

/**
 * What the evidence is read by, and the store is found by. A view that leaves somebody out makes the report on them a clean one,
 * though no log was touched; and a client that is told another address sends its models, or its token, there.
 */
export function questionWatches({ analytics, parameterNames = [] }: ProtectedResources): Watch[] {
  const parameters = [...parameterNames, ...(analytics?._parameterName === undefined ? [] : [analytics._parameterName])];
  return [
    ...(analytics ? [tableWatch(analytics), questionWatch(analytics)] : []),
    ...(parameters.length === 0 ? [] : [parameterWatch(parameters)]),
  ];
}

const COMMON = { entry: 'Monitoring', category: 'management', evenByDeployments: [] } as const;

function tableWatch({ databaseName }: EgressAnalytics): Watch {
  return {
    ...COMMON,
    id: 'Tables',
    eventSource: 'glue.amazonaws.com',
    // Whatever changes something: those who ask only read.
    namedBy: ['databaseName', 'name'].map((field) => named(field, [databaseName], LONGEST.database)),
    subject: { words: `the tables and views of the audit, in the database ${databaseName}` },
  };
}

function questionWatch({ workGroupName, _namedQueryIds: namedQueryIds }: EgressAnalytics): Watch {
  return {
    ...COMMON,
    id: 'Questions',
    eventSource: 'athena.amazonaws.com',
    // By name, because to ask is a change to CloudTrail too.
    events: ['UpdateWorkGroup', 'DeleteWorkGroup', 'UpdateNamedQuery', 'DeleteNamedQuery'],
    namedBy: [named('workGroup', [workGroupName], LONGEST.workGroup), named('namedQueryId', namedQueryIds, LONGEST.namedQuery)],
    subject: { words: `the questions of the audit, in the workgroup ${workGroupName}` },
  };
}

function parameterWatch(parameterNames: readonly string[]): Watch {
  return {
    ...COMMON,
    id: 'Parameters',
    eventSource: 'ssm.amazonaws.com',
    events: ['PutParameter', 'DeleteParameter', 'DeleteParameters'],
    namedBy: [parameterNamed('name', parameterNames), { ...parameterNamed('names', parameterNames), isList: true }],
    subject: { words: 'what clients and auditors find the model artifact store by' },
  };
}

/** A name with a slash at its end stands for whatever is below it. */
function parameterNamed(field: string, parameterNames: readonly string[]): NamedBy {
  const comparisons = parameterNames
    .map((name) => comparison(name.endsWith('/') ? 'prefix' : 'equals', name, LONGEST.parameter));
  return { parent: 'requestParameters', field, comparisons };
}
