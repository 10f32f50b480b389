import { App } from 'aws-cdk-lib';
import type { Picture } from './draw';
import { QuickstartStack } from '../../examples/quickstart/quickstart-stack';

/** Every picture that is generated; a test tells when one of them is out of date. */
export const PICTURES: Picture[] = [
  example('quickstart', 'A model store with every default', (app) => {
    new QuickstartStack(app, 'ModelStore');
  }),
];

function example(name: string, title: string, build: (app: App) => void): Picture {
  return {
    file: `examples/${name}/${name}.svg`,
    title,
    app: () => {
      const app = new App({ analyticsReporting: false });
      build(app);
      return app;
    },
  };
}
