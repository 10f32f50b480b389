import { bytesByModel, bytesByNetwork, type BytesOverTime, bytesOverTime, type NamedBars } from './chart-data';
import { type Bar, namedBars, stackedBars } from './charts';
import { bytes, count } from './figures';
import { type Html, html } from './html';
import type { Ink } from './ink';
import type { Report } from './report';
import { requireQuery } from '../queries/queries';

/** The charts of the queries that were run. */
export function chartsSection(report: Report): Html | string {
  const charts = [overTime(report), byModel(report), byNetwork(report)].filter((chart) => chart !== undefined);
  return charts.length === 0 ? '' : html`<section id="charts"><h2>Where the bytes went</h2>${charts}</section>`;
}

interface LegendEntry {
  readonly name: string;
  readonly ink: Ink;
}

function figure(title: string, caption: Html | string, legend: readonly LegendEntry[], chart: Html): Html {
  const entries = legend.map(({ name, ink }) => html`<li><i class="ink-${ink}"></i>${name}</li>`);
  return html`<figure><h3>${title}</h3><figcaption>${caption}</figcaption>
${entries.length === 0 ? '' : html`<ul class="legend">${entries}</ul>`}
${chart}</figure>\n`;
}

function overTime({ answers, days, settings }: Report): Html | undefined {
  const byDay = answers.get('egress-by-day');
  if (!byDay || byDay.rows.length === 0) {
    return undefined;
  }
  const time = bytesOverTime(byDay, days, settings);
  const totals = time.steps.map((_, index) => time.series.reduce((all, { values }) => all + values[index], 0));
  const top = totals.indexOf(Math.max(...totals));
  const peak = `Peak: ${bytes(totals[top])} ${time.step === 'day' ? 'on' : 'in'} ${stepName(time, top)}.`;
  const label = `Bar chart of egress by principal and ${time.step}, ${days.from} to ${days.to}. ${peak}`;
  return figure(
    `Bytes by principal and ${time.step}`,
    html`${peak} The numbers are in the table <a href="#over-time">By principal and ${time.step}</a>.`,
    time.series, stackedBars(label, time.steps.map(shortName), time.series),
  );
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
  const caption = html`All versions of a model combined. Versions are in the table ${
    linkTo('egress-by-model')}.${withoutBar(others, 'model')}`;
  return figure('Bytes by model', caption, [], namedBars(
    `Bar chart of egress by model. Largest: ${spoken(bars)}.`, bars,
  ));
}

function linkTo(query: string): Html {
  return html`<a href="#${query}">${requireQuery(query).title}</a> (<code>${query}</code>)`;
}

function withoutBar({ count: others, value }: NamedBars['others'], what: string): string {
  return others === 0 ? '' : ` Not shown: ${count(others, `other ${what}`)}, ${bytes(value)}.`;
}

const PLACES: readonly { readonly ink: Ink; readonly name: string }[] = [
  { ink: 'outside', name: 'outside the perimeter' }, { ink: 'inside', name: 'inside the perimeter' },
];

function byNetwork({ answers, settings }: Report): Html | undefined {
  const answer = answers.get('egress-by-network');
  if (!answer || answer.rows.length === 0) {
    return undefined;
  }
  const { bars, others } = bytesByNetwork(answer);
  const known = settings.networks.length > 0 || Boolean(settings.row.perimeter_vpc_endpoints);
  const perimeter = known ? '' : ' The settings define no perimeter.';
  const caption = html`VPC endpoints, and addresses grouped into /24 (IPv4) and /48 (IPv6) networks.${perimeter}
Addresses are in the table ${linkTo('egress-by-network')}.${withoutBar(others, 'network')}`;
  return figure('Bytes by network', caption, known ? PLACES : [], namedBars(
    `Bar chart of egress by network. Largest: ${spoken(bars)}.`, bars,
  ));
}
