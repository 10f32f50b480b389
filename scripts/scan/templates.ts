import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { SecureModelArtifactStore } from '../../src';
import { EXAMPLES } from '../../test/examples/support/examples';
import { withEverything } from '../../test/store/variants';

/** A resource of a template, with the construct that it comes from. */
export interface ScannedResource {
  readonly type: string;
  readonly properties: { readonly [name: string]: any };
  readonly construct: CfnResource;
}

export interface ScannedTemplate {
  /** The app, and the stack in it. */
  readonly name: string;
  readonly file: string;
  /** By logical ID. */
  readonly resources: ReadonlyMap<string, ScannedResource>;
}

/**
 * Every stack of every example, the default store (examples/quickstart) among them, and a store with every optional
 * part.
 */
export function writeTemplates(folder: string): ScannedTemplate[] {
  const apps = EXAMPLES.map(({ folder: name, build, context }) => {
    const app = new App({ context });
    build(app);
    return { name, app };
  });
  const app = new App();
  const stack = new Stack(app, 'Models');
  new SecureModelArtifactStore(stack, 'Models', withEverything(stack));
  return [...apps, { name: 'every-option', app }].flatMap((made) => writeStacks(folder, made.name, made.app));
}

/** The stacks of one app. */
export function writeStacks(folder: string, appName: string, app: App): ScannedTemplate[] {
  const assembly = app.synth();
  const stacks = app.node.findAll().filter((construct) => Stack.isStack(construct));
  const nested = stacks.filter(({ nestedStackParent }) => nestedStackParent !== undefined);
  if (nested.length > 0) {
    throw new Error(`${appName} has a nested stack (${nested[0].node.path}), which is not scanned; add its template`);
  }
  return stacks.map((stack) => {
    const { stackName, template } = assembly.getStackArtifact(stack.artifactId);
    const name = `${appName}/${stackName}`;
    const file = path.join(folder, `${appName}-${stackName}.json`);
    fs.writeFileSync(file, JSON.stringify(template, undefined, 1));
    const resources = new Map(stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct))
      .map((construct) => {
        const id = stack.resolve(construct.logicalId) as string;
        const { Type: type, Properties: properties = {} } = template.Resources[id];
        return [id, { type, properties, construct }] as const;
      }));
    return { name, file, resources };
  });
}
