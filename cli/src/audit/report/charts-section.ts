import { bytesByModel, bytesByNetwork, type BytesOverTime, bytesOverTime, type NamedBars } from './chart-data';
import { type Bar, namedBars, stackedBars } from './charts';
import { bytes, count } from './figures';
import { type Html, html } from './html';
import type { Ink } from './plain-svg';
import type { Report } from './report';

/** Whatever can be drawn of what was asked. */
export function chartsSection(report: Report): Html | string {
  const charts = [overTime(report), byModel(report), byNetwork(report)].filter((chart) => chart !== undefined);
  return charts.length === 0 ? '' : html`<section id="charts"><h2>Where the bytes went</h2>${charts}</section>`;
}

function figure(title: string, caption: Html | string, legend: readonly { readonly name: string; readonly ink: Ink }[], chart: Html): Html {
  return html`<figure><h3>${title}</h3><figcaption>${caption}</figcaption>
${legend.length === 0 ? '' : html`<ul class="legend">${legend.map(({ name, ink }) => html`<li><i class="ink-${ink}"></i>${name}</li>`)}</ul>`}
${chart}</figure>\n`;
}

function overTime({ answers, days }: Report): Html | undefined {
  const byDay = answers.get('egress-by-day');
  if (!byDay || byDay.rows.length === 0) {
    return undefined;
  }
  const time = bytesOverTime(byDay, days);
  const totals = time.steps.map((_, index) => time.series.reduce((all, { values }) => all + values[index], 0));
  const top = totals.indexOf(Math.max(...totals));
  const said = `Most on ${stepName(time, top)}: ${bytes(totals[top])}.`;
  return figure(`Bytes by principal and ${time.step}`, html`${said} The numbers are in the table <a href="#over-time">By principal and ${time.step}</a>.`,
    time.series, stackedBars(`Bars of the bytes that each principal took, by ${time.step}, ${days.from} to ${days.to}. ${said}`, time.steps.map(shortName), time.series));
}

export function stepName({ step, steps }: Pick<BytesOverTime, 'step' | 'steps'>, place: number): string {
  return step === 'day' ? steps[place] : step === 'week' ? `the week of ${steps[place]}` : steps[place];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function shortName(day: string): string {
  const [year, month, date] = day.split('-');
  return date === undefined ? `${MONTHS[Number(month) - 1]} ${year}` : `${Number(date)} ${MONTHS[Number(month) - 1]}`;
}

function spoken(bars: readonly Bar[]): string {
  return bars.slice(0, 3).map(({ name, value }) => `${name} ${bytes(value)}`).join(', ');
}

function byModel({ answers }: Report): Html | undefined {
  const answer = answers.get('egress-by-model');
  if (!answer || answer.rows.length === 0) {
    return undefined;
  }
  const { bars, others } = bytesByModel(answer);
  return figure('Bytes by model', html`All versions together; each one is in the table <a href="#egress-by-model">egress-by-model</a>.${
    withoutBar(others, 'model')}`, [], namedBars(`Bars of the bytes of each model that left. The most: ${spoken(bars)}.`, bars));
}

function withoutBar({ count: others, value }: NamedBars['others'], what: string): string {
  return others === 0 ? '' : ` Without a bar: ${count(others, `other ${what}`)}, ${bytes(value)}.`;
}

const PLACES: readonly { readonly ink: Ink; readonly name: string }[] = [
  { ink: 'outside', name: 'outside of the perimeter' }, { ink: 'inside', name: 'inside of the perimeter' },
];

function byNetwork({ answers, settings }: Report): Html | undefined {
  const answer = answers.get('egress-by-network');
  if (!answer || answer.rows.length === 0) {
    return undefined;
  }
  const { bars, others } = bytesByNetwork(answer);
  const known = settings.networks.length > 0 || Boolean(settings.row.perimeter_vpc_endpoints);
  return figure('Bytes by network', html`VPC endpoints, and networks of 256 IPv4 addresses or of a /48 of IPv6${
    known ? '' : '; the settings name no perimeter'}. Each address is in the table <a href="#egress-by-network">egress-by-network</a>.${
    withoutBar(others, 'network')}`,
  known ? PLACES : [], namedBars(`Bars of the bytes that were read from each network. The most: ${spoken(bars)}.`, bars));
}
