import * as fs from 'node:fs';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { DEFAULT_RUNBOOK_URL, RunbookEntry } from '../../src/monitoring/runbook';
import { StoreMonitoring } from '../../src/monitoring/store-monitoring';
import { StoreStack } from '../api/fixtures';

const RUNBOOK = path.join(__dirname, '..', '..', 'docs', 'runbook.md');

interface Entry {
  readonly heading: string;
  readonly text: string;
}

/** Entries by their anchor, which GitHub makes from the heading: lower case, no punctuation, hyphens for spaces. */
function entries(): Map<string, Entry> {
  const [, ...parts] = fs.readFileSync(RUNBOOK, 'utf8').split(/^## /m);
  return new Map(parts.map((part) => {
    const [heading] = part.split('\n', 1);
    return [heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-'), { heading, text: part }];
  }));
}

const stack = new StoreStack();
const functions = stack.addFunctions();
const api = stack.addApi({ functions });
const [upload, download, registry] = functions.logGroups;
new StoreMonitoring(stack, 'Monitoring', {
  artifactBucket: stack.artifactBucket,
  functions,
  functionLogGroups: { upload, download, registry },
  api,
  auditLogGroup: new logs.LogGroup(stack, 'TrailLogs'),
});
const alarms = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))
  .map(([id, { Properties }]) => [id.replace(/^Monitoring/, '').slice(0, -8), Properties.AlarmDescription as string]);

test.each(alarms)('%s says what happened in one sentence and links to its runbook entry', (name, description) => {
  const parts = /^([A-Z][^.]+\.) Runbook: (\S+)#(\S+)$/.exec(description);
  expect(parts).not.toBeNull();
  const [, , url, anchor] = parts!;
  expect(url).toBe(DEFAULT_RUNBOOK_URL);
  expect([...entries().keys()]).toContain(anchor);
  expect(entries().get(anchor)!.text).toContain(`\`${name}\``);
});

test.each([...entries()])('the entry %s has a description, an investigation and a resolution, in this order', (_anchor, { text }) => {
  const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(['Description', 'Investigation', 'Resolution']);
  for (const section of text.split(/^### .+$/m).slice(1)) {
    expect(section.trim().length).toBeGreaterThan(80);
  }
});

test('every entry belongs to an alarm, and every alarm that is named in the runbook exists', () => {
  expect([...entries().keys()].sort()).toEqual(Object.values<string>(RunbookEntry).sort());
  const named = [...entries().values()].flatMap(({ text }) => {
    const [line] = /^Alarms?: .+$/m.exec(text)!;
    return [...line.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  });
  expect(named.sort()).toEqual(alarms.map(([name]) => name).sort());
});

test('links within the runbook lead somewhere', () => {
  const links = [...fs.readFileSync(RUNBOOK, 'utf8').matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
  expect(links.filter((anchor) => !entries().has(anchor))).toEqual([]);
});
