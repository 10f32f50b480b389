import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EXAMPLES, type Example } from './examples';

const apps = new Map<string, App>();

/** The app of an example, created once. */
export function appOf(folder: string): App {
  const made = apps.get(folder);
  if (made) {
    return made;
  }
  const app = new App({ analyticsReporting: false });
  exampleOf(folder).build(app);
  apps.set(folder, app);
  return app;
}

export function templateOf(folder: string, stackName: string): Template {
  return Template.fromJSON(appOf(folder).synth().getStackByName(stackName).template);
}

function exampleOf(folder: string): Example {
  return EXAMPLES.find((example) => example.folder === folder)!;
}
