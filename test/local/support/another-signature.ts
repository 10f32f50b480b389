/** The same presigned URL with a signature that is certainly another one: its first digit is changed. */
export const withAnotherSignature = (url: string): string =>
  url.replace(/(?<=X-Amz-Signature=)[0-9a-f]/, (digit) => (digit === '0' ? '1' : '0'));
