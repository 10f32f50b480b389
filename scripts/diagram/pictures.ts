import { App } from 'aws-cdk-lib';
import type { Picture } from './draw';
import { EXAMPLES, type Example } from './examples';

/** Every picture that is generated; a test tells when one of them is out of date. */
export const PICTURES: Picture[] = EXAMPLES.flatMap(picturesOf);

function picturesOf({ folder, title, build, pictures = [{ name: folder, title }] }: Example): Picture[] {
  return pictures.map((picture) => ({
    ...picture,
    file: `examples/${folder}/${picture.name}.svg`,
    app: () => {
      const app = new App({ analyticsReporting: false });
      build(app);
      return app;
    },
  }));
}
