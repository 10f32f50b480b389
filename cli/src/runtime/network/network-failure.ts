import { AUTHORITY_SETTINGS } from './authorities';
import { type ProxyFault, ProxyRefusal } from './connections';
import { EXIT, Failure, TransientFailure } from '../failure';

const HINT_BY_CODE: { readonly [code: string]: string } = {
  ENOTFOUND:
    'Check the URL of the store (--url, MODEL_STORE_URL, or the SSM parameter of --store). '
    + 'If this network needs a proxy, set HTTPS_PROXY.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host name. Check the URL of the store.',
  CERT_HAS_EXPIRED:
    'The certificate of the server, or of the authority that signed it, has expired. Check the clock of this machine '
    + `and the certificates in ${AUTHORITY_SETTINGS}.`,
  CERT_NOT_YET_VALID: 'Check the clock of this machine.',
};
const UNTRUSTED_HINT =
  'This machine does not trust the authority that signed the certificate. If it is a private authority or a proxy that '
  + `inspects TLS, set its certificate (PEM) in ${AUTHORITY_SETTINGS}.`;

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function isCertificateFault(code: string): boolean {
  return /CERT|CRL_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER|GET_CRL)|^HOSTNAME_MISMATCH$|^INVALID_(CA|PURPOSE)$/
    .test(code);
}

function refusedByProxy({ message, variable, status }: ProxyRefusal, host: string): Failure {
  const options = { code: 'proxy' };
  // Some proxies respond with 401 to a wrong password.
  if (status === 407 || status === 401) {
    return new Failure(`${message}: it requires a valid user name and password`, {
      ...options,
      exitCode: EXIT.USAGE,
      hint: `Set ${variable} to http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded.`,
    });
  }
  const what = `${message} to a request for ${host}`;
  return status >= 500
    ? new TransientFailure(what, options)
    : new Failure(what, {
      ...options,
      exitCode: EXIT.FORBIDDEN,
      hint: `Ask the operators of the proxy to allow ${host}, or add it to NO_PROXY if it can be reached directly.`,
    });
}

/** Turns a network error into a failure. Names only the host: the rest of a presigned URL is a secret. */
export function networkFailure(error: unknown, { host }: Pick<URL, 'host'>, signal?: AbortSignal): unknown {
  if (signal?.aborted) {
    return signal.reason;
  }
  if (error instanceof Failure) {
    return error;
  }
  if (error instanceof ProxyRefusal) {
    return refusedByProxy(error, host);
  }
  const { code = '', message, proxy } = error as NodeJS.ErrnoException & ProxyFault;
  const there = proxy === undefined ? host : `${host} through the proxy ${proxy}`;
  if (isCertificateFault(code)) {
    return new Failure(`the certificate of ${there} is not trusted: ${message}`, {
      code: 'certificate',
      exitCode: EXIT.UNTRUSTED,
      hint: HINT_BY_CODE[code] ?? UNTRUSTED_HINT,
      cause: error,
    });
  }
  if (code === 'ENOTFOUND') {
    return new Failure(`cannot reach ${there}: ${message}`, {
      code: 'network',
      exitCode: EXIT.UNAVAILABLE,
      cause: error,
      hint: proxy === undefined ? HINT_BY_CODE[code] : 'Check the URL of the proxy in HTTPS_PROXY.',
    });
  }
  return new TransientFailure(`the connection to ${there} failed: ${message || code}`, {
    code: 'network',
    cause: error,
  });
}

/** Whether an error is from the network, a proxy or a certificate rather than from a service. */
export function isNetworkFault(error: unknown): boolean {
  if (error instanceof ProxyRefusal) {
    return true;
  }
  const { code, name } = error as NodeJS.ErrnoException;
  return (
    name === 'TimeoutError'
    || (typeof code === 'string'
      && (isCertificateFault(code)
        || /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_TLS|ERR_SSL)/.test(code)))
  );
}
