import { bytes, count, duration } from './figures';
import { type Html, html } from './html';
import type { Report } from './report';
import { plainTable } from './tables';
import { AUDIT_SETTINGS, type AuditSetting, PERIMETER_SETTING } from '../../../../src/contract/audit-settings';
import { cidrOf } from '../database/networks';
import type { Cell } from '../database/query-result';

/** What the queries know in addition to the logs. */
export function settingsSection({ settings }: Report): Html {
  const networks = settings.networks.map(({ first_key, last_key }) => cidrOf(String(first_key), String(last_key)));
  const rows = [
    ...AUDIT_SETTINGS.map((setting) => (
      { name: setting.name, value: inWords(setting, settings.row[setting.name] ?? null), meaning: setting.description }
    )),
    { name: PERIMETER_SETTING, value: listed(networks), meaning: 'Networks of the perimeter' },
  ];
  return html`<section id="settings"><h2>Settings</h2>
<p class="soft">What the queries know in addition to the logs: from the store, from <code>--settings</code>, or by
default.</p>
${plainTable('Settings', [{ text: 'name' }, { text: 'value' }, { text: 'meaning' }], rows.map(
  ({ name, value, meaning }) => [{ text: html`<code>${name}</code>` }, { text: value }, { text: meaning }],
))}</section>`;
}

const WEEK = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** A setting as people write it: 10 GiB instead of 10737418240. */
export function inWords({ form, name, unit }: AuditSetting, value: Cell): Html {
  if (value === null) {
    return html`<span class="none">not set</span>`;
  }
  if (form === 'list') {
    return listed(String(value).split(','));
  }
  const number = Number(value);
  switch (unit) {
    case 'bytes': return html`${bytes(number).replace(/\.0+ /, ' ')}`;
    case 'seconds': return html`${duration(number)}`;
    case 'o\'clock': return html`${String(number).padStart(2, '0')}:00`;
    case 'minutes': return html`${name === 'utc_offset_minutes' ? offset(number) : count(number, 'minute')}`;
    case undefined: return html`${form === 'days of the week' ? days(String(value)) : String(value)}`;
    default: return html`${value.toLocaleString('en-US')} ${unit}`;
  }
}

function listed(items: readonly string[]): Html {
  return items.length === 0 ? html`<span class="none">not set</span>`
    : html`<ul class="values">${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function days(digits: string): string {
  const names = [...new Set(digits)].sort().map((digit) => WEEK[Number(digit)]);
  return names.length === 0 ? 'none' : names.join(', ');
}

function offset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
