import type { ProtectedResources } from './protected-resources';
import { comparison, named, type NamedBy, type Watch } from './watch';
import type { EgressAnalytics } from '../../audit/egress-analytics';

/** The maximum lengths of names in AWS. For a parameter, the length that fits into a metric filter. */
const LONGEST = { database: 128, workGroup: 128, namedQuery: 36, parameter: 512 };

/**
 * Watches the audit queries and the SSM parameters by which clients find the store. A changed view can hide a principal
 * from reports although no log was changed, and a changed address makes clients send their models or tokens elsewhere.
 */
export function questionWatches({ analytics, parameterNames = [] }: ProtectedResources): Watch[] {
  const ofAnalytics = analytics?._parameterName;
  const parameters = [...parameterNames, ...(ofAnalytics === undefined ? [] : [ofAnalytics])];
  return [
    ...(analytics ? [tableWatch(analytics), ...queryWatches(analytics)] : []),
    ...(parameters.length === 0 ? [] : [parameterWatch(parameters)]),
  ];
}

const COMMON = { entry: 'Monitoring', category: 'management', evenByDeployments: [] } as const;

function tableWatch({ databaseName }: EgressAnalytics): Watch {
  return {
    ...COMMON,
    id: 'Tables',
    eventSource: 'glue.amazonaws.com',
    // All changes: queries only read from Glue.
    namedBy: ['databaseName', 'name'].map((field) => named(field, [databaseName], LONGEST.database)),
    subject: { words: `the audit tables and views, in the database ${databaseName}` },
  };
}

/** How many IDs of named queries fit into the pattern of a rule, which has at most 2,048 characters. */
const QUERIES_PER_RULE = 36;

function queryWatches({ workGroupName, _namedQueryIds: namedQueryIds }: EgressAnalytics): Watch[] {
  const rules = Math.max(1, Math.ceil(namedQueryIds.length / QUERIES_PER_RULE));
  return Array.from({ length: rules }, (_, index) => {
    const ids = namedQueryIds.slice(index * QUERIES_PER_RULE, (index + 1) * QUERIES_PER_RULE);
    const isFirst = index === 0;
    return {
      ...COMMON,
      id: isFirst ? 'Questions' : `Questions${index + 1}`,
      eventSource: 'athena.amazonaws.com',
      // Listed by name, because CloudTrail does not record the start of a query as read-only.
      events: [...(isFirst ? ['UpdateWorkGroup', 'DeleteWorkGroup'] : []), 'UpdateNamedQuery', 'DeleteNamedQuery'],
      namedBy: [
        ...(isFirst ? [named('workGroup', [workGroupName], LONGEST.workGroup)] : []),
        named('namedQueryId', ids, LONGEST.namedQuery),
      ],
      subject: { words: `the audit queries, in the workgroup ${workGroupName}` },
    };
  });
}

function parameterWatch(parameterNames: readonly string[]): Watch {
  return {
    ...COMMON,
    id: 'Parameters',
    eventSource: 'ssm.amazonaws.com',
    events: ['PutParameter', 'DeleteParameter', 'DeleteParameters'],
    namedBy: [parameterNamed('name', parameterNames), { ...parameterNamed('names', parameterNames), isList: true }],
    subject: { words: 'the SSM parameters by which clients and auditors find the model artifact store' },
  };
}

/** A name that ends with a slash includes all parameters below it. */
function parameterNamed(field: string, parameterNames: readonly string[]): NamedBy {
  const comparisons = parameterNames
    .map((name) => comparison(name.endsWith('/') ? 'prefix' : 'equals', name, LONGEST.parameter));
  return { parent: 'requestParameters', field, comparisons };
}
