import type { RecordToDrop, TrailSettings } from './recorder';

/** Requests to the recorder itself: below a path that no bucket's name can begin with. */
export const CONTROL_PATH = '/_recorder/';
export const TOKEN_HEADER = 'x-recorder-token';

/** What the recorder's process is told on its standard input. */
export interface RecorderSettings {
  readonly port: number;
  readonly target: string;
  readonly account: string;
  readonly region: string;
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly root: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Asked of whoever gives it commands. */
  readonly token: string;
}

export interface Commands {
  readonly health: undefined;
  readonly start: TrailSettings;
  readonly drop: RecordToDrop;
  readonly flush: undefined;
}
