// Evaluates the requests of the JSON document in standard input, and prints the results as JSON: see ../iam-simulate.ts.
import { text } from 'node:stream/consumers';
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate';

// The package keeps the name behind the slash of a key, such as aws:RequestTag/team, but loses one behind a colon.
const named = (input) => input.replace(/"kms:EncryptionContext:([\w:]+)"/g, (_, name) => `"aws:PrincipalTag/EncryptionContext.${name.replaceAll(':', '.')}"`);
const { documents, requests } = JSON.parse(named(await text(process.stdin)));

// An organization has a service control policy that allows everything, unless its owner removed it.
const EVERYTHING = { name: 'default', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } };
const ofOrganization = (index, ...more) => (index === undefined ? [] : [
  { orgIdentifier: 'o-store', policies: [...more, { name: 'store', policy: documents[index] }] },
]);

async function evaluate({
  principal, action, resource, account, context, identity, session, resourcePolicy, serviceControl, resourceControl, blockPublicAccess,
}) {
  const run = await runSimulation({
    request: { principal: principal ?? anonymousPrincipal, action, resource: { resource, accountId: account }, contextVariables: context },
    identityPolicies: identity.map((index) => ({ name: String(index), policy: documents[index] })),
    sessionPolicy: session === undefined ? undefined : documents[session],
    resourcePolicy: resourcePolicy === undefined ? undefined : documents[resourcePolicy],
    serviceControlPolicies: ofOrganization(serviceControl, EVERYTHING),
    resourceControlPolicies: ofOrganization(resourceControl),
    additionalSettings: blockPublicAccess ? { s3: { blockPublicAccess } } : undefined,
  }, { simulationMode: 'Strict' });
  return run.resultType === 'error' ? { error: JSON.stringify(run.errors) } : { result: run.overallResult, ignored: run.result?.ignoredContextKeys };
}

const results = [];
for (const request of requests) {
  results.push(await evaluate(request));
}
process.stdout.write(JSON.stringify(results));
