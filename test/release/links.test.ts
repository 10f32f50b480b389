import * as fs from 'node:fs';
import * as path from 'node:path';
import { repositoryOf, withAbsoluteLinks, withRelativeLinks } from '../../scripts/release-files';

const ROOT = path.resolve(__dirname, '../..');
const REPOSITORY = repositoryOf(JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')));
const absolute = (text: string, folder = '.') =>
  withAbsoluteLinks(text, folder, 'https://github.com/o/r', '1.2.3', (file) => !path.extname(file));

describe('in a package', () => {
  test.each([
    ['[audit](docs/audit.md)', '.', '[audit](https://github.com/o/r/blob/v1.2.3/docs/audit.md)'],
    ['[keys](docs/audit.md#keys)', '.', '[keys](https://github.com/o/r/blob/v1.2.3/docs/audit.md#keys)'],
    ['[examples](examples)', '.', '[examples](https://github.com/o/r/tree/v1.2.3/examples)'],
    ['[up](../docs/audit.md)', 'cli', '[up](https://github.com/o/r/blob/v1.2.3/docs/audit.md)'],
    ['![a report](docs/images/report.png)', '.', '![a report](https://raw.githubusercontent.com/o/r/v1.2.3/docs/images/report.png)'],
    ['![a report](docs/report.png "title")', '.', '![a report](https://raw.githubusercontent.com/o/r/v1.2.3/docs/report.png "title")'],
  ])('%s of %s points to that release on GitHub: %s', (link, folder, expected) => {
    expect(absolute(link, folder)).toBe(expected);
    expect(withRelativeLinks(expected, folder, 'https://github.com/o/r')).toBe(link);
  });

  test.each([
    '[a](https://example.com/x.md)', '[a](#heading)', '[a](mailto:a@example.com)', 'f(x)[0](y',
  ])('%s is unchanged', (text) => {
    expect(absolute(text)).toBe(text);
  });

  test.each(['.', 'cli'])('no relative link is left in %s/README.md, and all are restored afterwards', (folder) => {
    const readme = withRelativeLinks(fs.readFileSync(path.join(ROOT, folder, 'README.md'), 'utf8'), folder, REPOSITORY);

    const released = withAbsoluteLinks(readme, folder, REPOSITORY, '1.2.3', (file) => fs.statSync(path.join(ROOT, file)).isDirectory());

    expect(released).not.toBe(readme);
    expect(released.match(/(\]\(|^\[[^\]]+\]: |(src|href)=")(?!https:\/\/|#|mailto:)[^\s)"]+/gm) ?? []).toEqual([]);
    expect(withRelativeLinks(released, folder, REPOSITORY)).toBe(readme);
  });
});
