/**
 * Replaces the default credential provider chain of the SDK (environment, files, single sign-on, instance metadata, …)
 * in the bundles of the functions. Every client is created with explicit credentials; one created without must fail.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw new Error('an AWS client was created without credentials; functions must use session credentials');
  };
}
