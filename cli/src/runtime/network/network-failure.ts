import { AUTHORITY_SETTINGS } from './authorities';
import { type ProxyFault, ProxyRefusal } from './connections';
import { EXIT, Failure, TransientFailure } from '../failure';

const HINT_BY_CODE: { readonly [code: string]: string } = {
  ENOTFOUND:
    'Check the address of the store (--url, MODEL_STORE_URL, or the parameter that --store names). '
    + 'Where the Internet is reached through a proxy, name it in HTTPS_PROXY.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host name; check the address of the store.',
  CERT_HAS_EXPIRED:
    "The certificate of the server, or of the authority that signed it, has expired. Check this machine's clock, "
    + `and the certificates that ${AUTHORITY_SETTINGS} names.`,
  CERT_NOT_YET_VALID: "Check this machine's clock.",
};
const UNTRUSTED_HINT =
  'This machine does not trust the authority that signed the certificate. If it is a private authority, or that of a '
  + `proxy which inspects TLS, name its certificate (PEM) in ${AUTHORITY_SETTINGS}.`;

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function isCertificateFault(code: string): boolean {
  return /CERT|CRL_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER|GET_CRL)|^HOSTNAME_MISMATCH$|^INVALID_(CA|PURPOSE)$/.test(code);
}

function refusedByProxy({ message, variable, status }: ProxyRefusal, host: string): Failure {
  const options = { code: 'proxy' };
  // Some answer 401 to a password that is wrong.
  if (status === 407 || status === 401) {
    return new Failure(`${message}: it wants a user name and a password that it knows`, {
      ...options,
      exitCode: EXIT.USAGE,
      hint: `Write them into ${variable}: http://USER:PASSWORD@HOST:PORT, with special characters percent-encoded.`,
    });
  }
  const what = `${message} when it was asked for ${host}`;
  return status >= 500
    ? new TransientFailure(what, options)
    : new Failure(what, {
      ...options,
      exitCode: EXIT.FORBIDDEN,
      hint: `Ask those who run the proxy to let ${host} through, or name it in NO_PROXY if it is reached directly.`,
    });
}

/** Never names more of the address than its host: the rest of a presigned URL is a secret. */
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
      hint: proxy === undefined ? HINT_BY_CODE[code] : 'Check the address of the proxy in HTTPS_PROXY.',
    });
  }
  return new TransientFailure(`the connection to ${there} failed: ${message || code}`, {
    code: 'network',
    cause: error,
  });
}

/** Whether a fault is one of the network, the proxy or the certificate, and no answer of a service. */
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
