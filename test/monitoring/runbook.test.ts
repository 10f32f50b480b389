import * as fs from 'node:fs';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { alarmsOf, MonitoredStack } from './fixtures';
import { DEFAULT_RUNBOOK_URL, RunbookEntry } from '../../src/monitoring/runbook';
import type { StoreMonitoringProps } from '../../src/monitoring/store-monitoring-props';
import { TamperRunbookEntry } from '../../src/monitoring/tamper/tamper-entries';
import type { StoreStack } from '../api/fixtures';

const RUNBOOK = path.join(__dirname, '..', '..', 'docs', 'runbook.md');

interface Entry {
  readonly heading: string;
  readonly text: string;
}

/** Entries by the anchor that GitHub generates from the heading: lowercase, no punctuation, hyphens for spaces. */
function entries(): Map<string, Entry> {
  const [, ...parts] = fs.readFileSync(RUNBOOK, 'utf8').split(/^## /m);
  return new Map(parts.map((part) => {
    const [heading] = part.split('\n', 1);
    return [heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-'), { heading, text: part }];
  }));
}

/** Together, these stores have every alarm. */
const STORES: ReadonlyArray<(stack: StoreStack) => Partial<StoreMonitoringProps>> = [
  () => ({ perimeter: { cidrs: ['203.0.113.0/24'] } }),
  (stack) => ({ reservedConcurrentExecutions: 10, deadLetterQueues: [new sqs.Queue(stack, 'DeadLetters')] }),
  (stack) => ({
    protectedResources: {
      trailArnOrName: 'models', trailLogGroup: new logs.LogGroup(stack, 'Logs'), artifactBuckets: [stack.artifactBucket.bucket],
      logBuckets: [stack.logArchive.trailBucket], keys: [stack.signingKey], roles: [stack.sessionRoles.upload.sessionRole],
      functions: [lambda.Function.fromFunctionName(stack, 'Function', 'function')],
      canaryModels: ['payments-fraud-v2'],
      functionsOfApis: [lambda.Function.fromFunctionName(stack, 'FunctionOfApi', 'function')],
    },
    tampering: { accountChecks: true },
  }),
];
const alarms = [...new Map(STORES.flatMap((props) => Object.entries(alarmsOf(Template.fromStack(new MonitoredStack(props)))))
  .map(([name, { AlarmDescription }]) => [name, AlarmDescription as string])).entries()];

// [C-13] in docs/compliance.md
test.each(alarms)('%s says what happened in one sentence and links to its runbook entry', (name, description) => {
  const parts = /^([A-Z][^.]+\.) Runbook: (\S+)#(\S+)$/.exec(description);
  expect(parts).not.toBeNull();
  const [, , url, anchor] = parts!;
  expect(url).toBe(DEFAULT_RUNBOOK_URL);
  expect([...entries().keys()]).toContain(anchor);
  expect(entries().get(anchor)!.text).toContain(`\`${name}\``);
});

const rules = STORES.flatMap((props) => Object.values<any>(Template.fromStack(new MonitoredStack(props)).findResources('AWS::Events::Rule')))
  .map(({ Properties }) => [Properties.Name.replace(/^.*-/, ''), Properties.Description as string]);

test.each(rules)('the rule %s says what happened in one sentence and links to its runbook entry', (name, description) => {
  const [, url, anchor] = /^[A-Z][^.]+\. Runbook: (\S+)#(\S+)$/.exec(description)!;
  expect(url).toBe(DEFAULT_RUNBOOK_URL);
  const [line] = /^Rules?: .+$|(?<=\. )Rules?: .+$/m.exec(entries().get(anchor)!.text)!;
  expect(line).toContain(`\`${name}\``);
});

test.each([...entries()])('the entry %s has a description, an investigation and a resolution, in this order', (_anchor, { text }) => {
  const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(['Description', 'Investigation', 'Resolution']);
  for (const section of text.split(/^### .+$/m).slice(1)) {
    expect(section.trim().length).toBeGreaterThan(80);
  }
});

test('every entry belongs to an alarm, and every alarm named in the runbook exists', () => {
  expect([...entries().keys()].sort()).toEqual([...Object.values<string>(RunbookEntry), ...Object.values<string>(TamperRunbookEntry)].sort());
  const named = [...entries().values()].flatMap(({ text }) => {
    const [line] = /^Alarms?: [^.]+/m.exec(text)!;
    return [...line.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  });
  expect(named.sort()).toEqual(alarms.map(([name]) => name).sort());
});

test('links within the runbook point to headings that exist', () => {
  const links = [...fs.readFileSync(RUNBOOK, 'utf8').matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.filter((anchor) => !entries().has(anchor))).toEqual([]);
});

test('commands in the runbook use queries that exist', () => {
  const folder = path.join(__dirname, '..', '..', 'src', 'audit', 'queries');
  const known = [...fs.readdirSync(folder).map((file) => `query ${path.basename(file, '.sql')}`), 'verify-trail'];
  const asked = [...fs.readFileSync(RUNBOOK, 'utf8').matchAll(/model-store audit ((?:query )?[a-z-]+)/g)]
    .map(([, command]) => command);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((command) => !known.includes(command))).toEqual([]);
});
