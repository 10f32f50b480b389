/**
 * Takes the place of the SDK's search for credentials (environment, files, single sign-on, instance metadata …) in the
 * functions' bundles. Every client here is given its credentials; one that is not must fail instead of finding some.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw new Error('a client was made without credentials; the functions act through sessions only');
  };
}
