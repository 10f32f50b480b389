/** The Systems Manager response for the parameter of a store. */
export function storeParameter(url: string): string {
  const description = {
    schemaVersion: 1, storeName: 'models', region: 'eu-central-1', url, authentication: 'iam', bucketName: 'b',
  };
  return JSON.stringify({ Parameter: { Value: JSON.stringify(description) } });
}
