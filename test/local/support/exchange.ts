import type { Exchange } from '../rig/recorder/exchange';

/** A pull through a presigned URL, as the recorder would see it, with overrides. */
export function exchange(different: Partial<Exchange> = {}): Exchange {
  return {
    startedAt: new Date('2026-11-21T19:06:40.123Z'),
    turnAroundMs: 5,
    totalMs: 286,
    method: 'GET',
    url: '/models-bucket/models/fraud/blobs/sha256/ab12?X-Amz-Algorithm=AWS4-HMAC-SHA256'
      + '&X-Amz-Credential=ASIAEXAMPLE%2F20261121%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261121T190640Z&X-Amz-Expires=900'
      + '&X-Amz-Security-Token=a-token&X-Amz-Signature=a-signature&X-Amz-SignedHeaders=host&x-id=GetObject',
    httpVersion: '1.1',
    requestHeaders: { host: '127.0.0.1:4566', 'user-agent': 'model-store/1.2.3' },
    remoteAddress: '192.0.2.3',
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_256_GCM_SHA384',
    status: 200,
    responseHeaders: {
      'x-amz-request-id': 'MB8NVKR3FVMSSRM9', 'x-amz-id-2': '0nSxx7oCCBTl=', 'content-length': '7759', 'x-amz-version-id': 'v1',
      'x-amz-server-side-encryption': 'aws:kms',
    },
    bytesIn: 0,
    bytesOut: 7759,
    requestText: '',
    responseText: '',
    ...different,
  };
}
