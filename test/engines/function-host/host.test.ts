import { errorCode } from '../../local/rig/store-api';
import { onEveryEngine } from '../support/engine-bench';

onEveryEngine('The replacement of API Gateway', (bench) => {
  const { store } = bench;
  const grace = store.people.pipeline;
  const call = async (path: string, method = 'GET', credentials = grace, body?: string) => {
    const headers: { [name: string]: string } = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = { method, url: `${new URL(store.url).origin}${path}`, body, headers };
    const answer = await bench.http.sendSigned(request, credentials, 'execute-api', store.localAws.region);
    return { status: answer.status, code: errorCode(answer) };
  };

  test('accepts only the paths of the API, without extra slashes', async () => {
    expect(await call('/v1/models')).toEqual({ status: 200, code: undefined });
    for (const path of [
      '/models',
      '/v1',
      '/v1/',
      '/v1//models',
      '//v1/models',
      '/v1/models/',
      '/v1/models//versions',
      '/v2/models',
      '/v1/nothing',
    ]) {
      expect({ path, ...(await call(path)) }).toEqual({ path, status: 401, code: 'unauthenticated' });
    }
    expect(await call('/v1/models', 'DELETE')).toEqual({ status: 401, code: 'unauthenticated' });
  });

  test('checks the signature, then the permission, then the body, before it calls the function', async () => {
    const forged = { ...grace, secretAccessKey: 'not-the-secret' };
    const [uploads, bad] = ['/v1/models/order/uploads', '{"files":[]}'];

    expect(await call(uploads, 'POST', forged, bad)).toEqual({ status: 401, code: 'unauthenticated' });
    expect(await call(uploads, 'POST', grace, bad)).toEqual({ status: 403, code: 'forbidden' });
    expect(await call(uploads, 'POST', store.people.dataScientist, bad)).toEqual({
      status: 400,
      code: 'invalid_request',
    });
    expect(
      await call(
        '/v1/models/UPPER/uploads',
        'POST',
        store.people.dataScientist,
        `{"files":[{"digest":"${'a'.repeat(64)}","size":1}]}`,
      ),
    ).toEqual({ status: 400, code: 'invalid_name' });
  });

  test('rejects a body that is too large, an unsigned request and a session without its token', async () => {
    expect(
      await call('/v1/models/large/uploads', 'POST', store.people.dataScientist, ' '.repeat(10 * 2 ** 20 + 1)),
    ).toEqual({ status: 413, code: 'payload_too_large' });
    const unsigned = await bench.http.send({ method: 'GET', url: `${store.url}/models` });
    expect([unsigned.status, errorCode(unsigned)]).toEqual([401, 'unauthenticated']);
    expect(await call('/v1/models', 'GET', { ...grace, sessionToken: undefined })).toEqual({
      status: 401,
      code: 'unauthenticated',
    });
  });
});
