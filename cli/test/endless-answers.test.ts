import type { ServerResponse } from 'node:http';
import { AnsweringServer } from './loopback-server';
import { Person } from './person';
import { Failure } from '../src/runtime/failure';
import { HttpClient, readBody } from '../src/runtime/http-client';
import { everyPage } from '../src/store/every-page';

let person: Person;
const CONTENT = 'x'.repeat(200_000);
beforeEach(async () => {
  person = await new Person().arrive();
  await person.publish({ 'a.bin': CONTENT });
});
afterEach(async () => person.leave());

const pull = async () => person.run('pull', 'fraud@1', person.path('there'));

/** S3 answers each request for the file in this way. */
function s3Answers(answer: (response: ServerResponse, offset: number, count: number) => void): void {
  let count = 0;
  person.store.intercept = ({ route, method, request, response }) => {
    if (route !== undefined || method !== 'GET') {
      return undefined;
    }
    count++;
    answer(response, Number(/^bytes=([0-9]+)-/.exec(request.headers.range ?? '')?.[1] ?? 0), count);
    return 'handled';
  };
}

describe('an S3 that never ends a download', () => {
  test.each<[string, (response: ServerResponse, offset: number, count: number) => void, number]>([
    ['with another part than requested', (response) => {
      response.writeHead(206, { 'content-range': 'bytes 77-99/200000' });
      response.end('x');
    }, 1],
    ['without the range in a partial answer', (response) => {
      response.writeHead(206);
      response.end('x');
    }, 1],
    ['with progress and another part in turns', (response, offset, count) => {
      if (count % 2 === 1) {
        response.writeHead(offset === 0 ? 200 : 206, { 'content-range': `bytes ${offset}-199999/200000` });
        response.write(CONTENT.slice(0, 100_000), () => response.destroy());
      } else {
        response.writeHead(206, { 'content-range': 'bytes 1-99/200000' });
        response.end('x');
      }
    }, 1],
    ['with progress and "range not satisfiable" in turns', (response, offset) => {
      if (offset === 0) {
        response.writeHead(200);
        response.write(CONTENT.slice(0, 100_000), () => response.destroy());
      } else {
        response.writeHead(416);
        response.end();
      }
    }, 1],
    ['with one byte for each request', (response, offset) => {
      response.writeHead(offset === 0 ? 200 : 206, { 'content-range': `bytes ${offset}-199999/200000` });
      response.write('x', () => response.destroy());
    }, 7],
    ['with nothing for each request', (response, offset) => {
      response.writeHead(offset === 0 ? 200 : 206, { 'content-range': `bytes ${offset}-199999/200000` });
      response.end();
    }, 7],
    ['with a rejected URL for each request', (response) => {
      response.writeHead(403);
      response.end('<Error><Code>AccessDenied</Code></Error>');
    }, 6],
  ])('%s ends with a clear error after a few requests', async (_, answer, code) => {
    s3Answers(answer);
    const { exitCode, stderr } = await pull();
    expect({ exitCode, bug: stderr.includes('bug') }).toEqual({ exitCode: code, bug: false });
    expect(person.store.transfers('GET').length).toBeLessThan(20);
    expect(person.store.calls('downloadLinks').length).toBeLessThan(10);
  });

  test('but sends a byte now and then is given up', async () => {
    s3Answers((response, offset) => {
      response.writeHead(offset === 0 ? 200 : 206, { 'content-range': `bytes ${offset}-199999/200000` });
      const timer = setInterval(() => {
        person.clockShift += 45_000;
        response.write('x');
      }, 5);
      response.on('close', () => clearInterval(timer));
    });
    const { exitCode, stderr } = await pull();
    expect({ exitCode, stderr }).toEqual({ exitCode: 7, stderr: expect.stringContaining('sends too slowly') });
    expect(person.store.transfers('GET')).toHaveLength(6);
  });

  test('over a poor connection that makes progress is continued to its end', async () => {
    s3Answers((response, offset) => {
      response.writeHead(offset === 0 ? 200 : 206, { 'content-range': `bytes ${offset}-199999/200000` });
      response.write(CONTENT.slice(offset, offset + 70_000), () => setTimeout(() => response.destroy(), 50));
    });
    expect(await pull()).toMatchObject({ exitCode: 0 });
  });
});

describe('a store that never ends its list', () => {
  const answerList = (body: object) => {
    person.store.intercept = ({ route }) => (route === 'listModels' ? { status: 200, body } : undefined);
  };

  test('with the same page again is given up', async () => {
    answerList({ models: ['fraud'], nextPageToken: 'same' });
    expect(await person.run('list')).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('the same page follows itself') });
    expect(person.store.calls('listModels')).toHaveLength(2);
  });

  test('is given up after a limit of pages, of items and of bytes', async () => {
    let token = 0;
    const ask = async () => ({ models: ['a', 'b'], nextPageToken: `${token++}` });
    const limits = { pages: 100, items: 1_000, characters: 10_000 };
    for (const [limit, pages] of [[limits, 100], [{ ...limits, items: 20 }, 11], [{ ...limits, characters: 200 }, 6]] as const) {
      token = 0;
      await expect(everyPage(ask, ({ models }) => models, limit)).rejects.toMatchObject({ code: 'bad_answer' });
      expect(token).toBeLessThanOrEqual(pages);
    }
  });
});

describe('a store whose answers have another form', () => {
  const COMMANDS = [
    ['list'], ['list', 'fraud'], ['show', 'fraud@1'], ['history', 'fraud', 'production'], ['pull', 'fraud@1', 'THERE'], ['push', 'MODEL', 'fraud@2'],
    ['promote', 'fraud@1', 'production'], ['rollback', 'fraud', 'production'], ['unalias', 'fraud@production'], ['verify', 'MODEL', '--model', 'fraud@1'], ['import', 'MODELS'],
  ];

  test.each([['null'], ['[]'], ['7'], ['"text"'], ['{}'], ['[null]'], ['{"models":null,"versions":{},"links":[null],"files":[7],"history":7}'], ['{"manifest":null}']])(
    '%s is an invalid response, never a bug', async (body) => {
      person.write('models', { 'churn/1/a.bin': 'a' });
      person.store.intercept = ({ route }) => (route === undefined ? undefined : { status: 200, body });
      for (const command of COMMANDS) {
        const { exitCode, stdout, stderr } = await person.run(...command.map((word) => (
          { THERE: person.path('there'), MODEL: person.path('model'), MODELS: person.path('models') }[word] ?? word)));
        expect({ command, stdout: command[0] === 'import' ? '' : stdout, bug: stderr.includes('bug') }).toEqual({ command, stdout: '', bug: false });
        expect([1, 5]).toContain(exitCode);
        expect(stderr).toMatch(/invalid response from the store|is damaged/);
      }
    });

  test.each([
    ['a name that no version has', { kind: 'version', version: '../x' }], ['a reserved name', { kind: 'version', version: 'uploads' }],
    ['a name with control characters', { kind: 'version', version: 'a\u001b[31m' }], ['another kind', { kind: 'file', version: '1' }],
  ])('%s in the answer to a reference is not used', async (_, body) => {
    person.store.intercept = ({ route }) => (route === 'resolveReference' ? { status: 200, body } : undefined);
    for (const command of [['pull', 'fraud@1', person.path('there')], ['show', 'fraud@1'], ['promote', 'fraud@1', 'production']]) {
      person.store.forget();
      expect(await person.run(...command)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('(bad_answer)') });
      expect(person.store.seen.map(({ route }) => route)).toEqual(['resolveReference']);
    }
  });

  test.each([
    ['a file URL', { url: 'file:///etc/passwd' }], ['a data URL', { url: 'data:,x' }], ['no URL', { url: 'x' }], ['an FTP URL', { url: 'ftp://127.0.0.1/' }],
    ['line breaks in a header name', { headers: { 'a\r\nb': 'c' } }], ['line breaks in a header value', { headers: { a: 'b\r\nc' } }],
    ['an empty header name', { headers: { '': 'b' } }], ['a number as header', { headers: { a: 7 } }], ['another method', { method: 'DELETE' }],
    ['a method with a line break', { method: 'GET /\r\n' }], ['no headers', { headers: null }], ['no expiry', { expiresAt: 7 }],
  ])('%s in a presigned URL is an invalid response, never a bug', async (_, change) => {
    person.write('other', { b: 'b' });
    for (const [route, command] of [['downloadLinks', ['pull', 'fraud@1', person.path('there')]], ['uploadLinks', ['push', person.path('other'), 'fraud@2']]] as const) {
      person.store.intercept = (call) => (call.route !== route ? undefined : {
        status: 200,
        body: {
          links: [{
            path: 'a.bin', method: route === 'uploadLinks' ? 'PUT' : 'GET', url: `${person.store.origin}/bucket/x`, headers: {},
            expiresAt: '2099-01-01T00:00:00Z', ...change,
          }],
        },
      });
      person.store.forget();
      const { exitCode, stderr } = await person.run(...command);
      expect({ exitCode, stderr }).toEqual('headers' in change && change.headers !== null && Object.values(change.headers).every((each) => typeof each === 'string')
        ? { exitCode: 8, stderr: expect.stringContaining('(foreign_link)') } : { exitCode: 1, stderr: expect.stringContaining('(bad_answer)') });
      expect(stderr).not.toContain('bug');
      expect(person.store.transfers('GET').concat(person.store.transfers('PUT'))).toEqual([]);
    }
  });

  test('presigned URLs that are always expired are used anyway, so that a slow store cannot keep a pull busy', async () => {
    person.store.intercept = ({ route }) => {
      if (route === 'downloadLinks') {
        // Each answer takes longer than a presigned URL counts as fresh.
        person.clockShift += 5_000;
        return { status: 200, body: { links: [{ path: 'a.bin', method: 'GET', url: `${person.store.origin}/bucket/x`, headers: {}, expiresAt: '2000-01-01T00:00:00Z' }] } };
      }
      return undefined;
    };
    expect(await pull()).toMatchObject({ exitCode: 6 });
    expect(person.store.calls('downloadLinks').length).toBeLessThan(10);
  });

  test('a response that is larger than any of a store is not read to its end', async () => {
    let written = 0;
    person.store.intercept = ({ route, response }) => {
      if (route !== 'listModels') {
        return undefined;
      }
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, ' '))) {
          written++;
        }
      };
      response.on('drain', more);
      more();
      return 'handled';
    };
    expect(await person.run('list')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('larger than 16.0 MiB') });
    expect(written).toBeLessThan(64);
  });
});

describe('a server that sends byte by byte', () => {
  async function answering(answer: (response: ServerResponse) => void, use: (client: HttpClient, url: URL) => Promise<void>): Promise<void> {
    const server = await new AnsweringServer((_, response) => answer(response)).start();
    const client = new HttpClient({ idleTimeoutMilliseconds: 200 });
    try {
      await use(client, new URL(server.origin));
    } finally {
      client.close();
      await server.stop();
    }
  }

  test('does not keep a response in memory open for ever', async () => {
    await answering((response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    }, async (client, url) => {
      const response = await client.send({ method: 'GET', url, headers: {} });
      await expect(readBody(response, url, 1_000_000, undefined, 300)).rejects.toMatchObject({ code: 'network', exitCode: 7 });
    });
  });

  test('does not keep a request without a response open for ever', async () => {
    await answering((response) => {
      const timer = setInterval(() => response.socket?.write('HTTP/1.1 102 Processing\r\n\r\n'), 20);
      response.on('close', () => clearInterval(timer));
    }, async (client, url) => {
      const sent = client.send({ method: 'GET', url, headers: {} });
      await expect(sent).rejects.toBeInstanceOf(Failure);
      await expect(sent).rejects.toMatchObject({ exitCode: 7, message: expect.stringContaining('no response after 0.4 s') });
    });
  });
});
