export const LIST_PRICE_DOLLARS_PER_TERABYTE = 5;

const MEGABYTE = 1024 ** 2;
const TERABYTE = 1024 ** 4;
const LEAST_MEGABYTES = 10;

/** Athena rounds up to a megabyte and bills at least 10 MB per query: https://aws.amazon.com/athena/pricing/ */
export function billedBytes(scannedBytes: number): number {
  return Math.max(LEAST_MEGABYTES, Math.ceil(scannedBytes / MEGABYTE)) * MEGABYTE;
}

export function costDollars(scannedBytes: number, dollarsPerTerabyte: number): number {
  return billedBytes(scannedBytes) / TERABYTE * dollarsPerTerabyte;
}

/** Formats an amount. Small amounts keep two significant digits. */
export function formatDollars(dollars: number): string {
  const digits = dollars >= 0.1 || dollars === 0 ? 2 : Math.min(10, 1 - Math.floor(Math.log10(dollars)));
  return `$${dollars.toFixed(digits)}`;
}
