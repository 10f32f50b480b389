import { OTHER_INKS, SERIES_INKS } from './ink';

/** Contrast is at least 4.5 for text and 3 for bars, in light and dark mode. */
const LIGHT = `
  color-scheme: light;
  --paper: #ffffff; --panel: #f5f6f8; --line: #d9dce1; --text: #1c2026; --soft: #565d67; --link: #0b5394;
  --high: #a3250c; --high-paper: #fcebe7; --medium: #7a4a00; --medium-paper: #fdf1dc; --notice: #0b4f84;
  --notice-paper: #e6f0f9;
  --unknown: #5b3a8c; --unknown-paper: #f0ebf8; --nothing: #22643d;
  --series1: #0067a8; --series2: #c77700; --series3: #00845f; --series4: #b4558e; --series5: #4a9bd1;
  --series6: #b8470a;
  --others: #858b95; --plain: #4a7ba6; --outside: #c4460d; --inside: #2e86ab;`;

const DARK = `
  color-scheme: dark;
  --paper: #14171b; --panel: #1e2228; --line: #3a4048; --text: #e8eaed; --soft: #a9b0ba; --link: #8ab8e6;
  --high: #ffb4a3; --high-paper: #4a1f15; --medium: #f5cd86; --medium-paper: #45320f; --notice: #a5cdf2;
  --notice-paper: #17344f;
  --unknown: #cdb8f2; --unknown-paper: #35264f; --nothing: #8fd0a8;
  --series1: #4aa3df; --series2: #e69f00; --series3: #26b58c; --series4: #d98bb9; --series5: #9bd0f0;
  --series6: #ef7d45;
  --others: #8d949e; --plain: #7fb0d8; --outside: #f0824a; --inside: #5fb4d4;`;

const INKS = [...SERIES_INKS, ...OTHER_INKS];

const inkRules = INKS.map((ink) => `.fill-${ink}{fill:var(--${ink})}.ink-${ink}{background:var(--${ink})}`).join('\n');

/** Dark on screens that prefer it. Print is always light. */
export const STYLE = `
:root {${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif; }
main, header, footer { max-width: 1144px; margin: 0 auto; padding: 0 32px; }
header { padding-top: 40px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 21px; line-height: 1.3; margin: 48px 0 12px; padding-bottom: 6px;
  border-bottom: 1px solid var(--line); font-weight: 650; }
h3 { font-size: 16px; line-height: 1.35; margin: 28px 0 6px; font-weight: 650; }
p { margin: 6px 0; max-width: 76ch; }
a { color: var(--link); text-underline-offset: 2px; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  overflow-wrap: anywhere; }
.lead { color: var(--soft); font-size: 17px; margin: 0 0 20px; overflow-wrap: anywhere; }
.soft, .more, figcaption, .caveat { color: var(--soft); }
.skip { position: absolute; left: -999em; }
.skip:focus { left: 8px; top: 8px; padding: 6px 12px; background: var(--paper); z-index: 1; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 8px 0 0; padding: 0; }
nav li a { display: inline-block; padding: 2px 0; }
.unfinished { margin: 0 0 12px; }
.about { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.about b { color: var(--text); font-weight: 600; }
.verdict { font-size: 17px; margin: 14px 0 8px; max-width: none; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 3px 20px; margin: 12px 0 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
ol.glance { list-style: none; margin: 14px 0 0; padding: 0; }
ol.glance li { display: grid; grid-template-columns: 72px 1fr; gap: 0 12px; padding: 3px 0; break-inside: avoid;
  overflow-wrap: anywhere; }
ol.glance a { color: inherit; text-decoration-color: var(--line); }
ol.glance .mark { font-size: 12px; }
.rest { margin: 8px 0 0; }
dl.marks { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 8px; font-size: 13.5px;
  color: var(--soft); }
dl.marks dd { margin: 0; }
ul.findings { list-style: none; margin: 0; padding: 0; }
ul.findings > li { display: grid; grid-template-columns: 84px 1fr; gap: 0 16px; padding: 14px 0;
  border-bottom: 1px solid var(--line); break-inside: avoid; }
ul.findings > li:last-child { border-bottom: 0; }
ul.findings h3 { margin: 0 0 6px; overflow-wrap: anywhere; }
ul.findings dl { display: grid; grid-template-columns: 112px 1fr; gap: 3px 16px; margin: 0; }
ul.findings dt { color: var(--soft); }
ul.findings dd { margin: 0; overflow-wrap: anywhere; max-width: 92ch; }
.person b { font-weight: 600; }
.person small { color: var(--soft); font-size: 0.85em; overflow-wrap: anywhere; }
.mark { display: inline-block; justify-self: start; align-self: start; margin-top: 1px; padding: 1px 9px;
  border-radius: 99px; font-size: 12.5px;
  font-weight: 650; border: 1px solid currentColor; white-space: nowrap; }
.mark.high { color: var(--high); background: var(--high-paper); }
.mark.medium { color: var(--medium); background: var(--medium-paper); }
.mark.notice { color: var(--notice); background: var(--notice-paper); }
.mark.not-checked { color: var(--unknown); background: var(--unknown-paper); border-style: dashed; padding: 1px 6px; }
.mark.nothing-found { color: var(--nothing); }
ul.clear { list-style: none; margin: 4px 0 0; padding: 0; columns: 2; column-gap: 32px; }
ul.clear li { break-inside: avoid; padding: 3px 0 3px 24px; position: relative; }
ul.clear li::before { content: "✓"; position: absolute; left: 2px; color: var(--nothing); font-weight: 700; }
ul.clear .caveat { display: block; font-size: 13.5px; }
.totals { display: flex; flex-wrap: wrap; gap: 12px; margin: 14px 0 0; padding: 0; }
.totals div { flex: 1 1 128px; background: var(--panel); border-radius: 8px; padding: 12px 16px; break-inside: avoid; }
.totals dt { color: var(--soft); font-size: 13.5px; }
.totals dd { margin: 0; font-size: 23px; font-weight: 620; font-variant-numeric: tabular-nums; line-height: 1.25; }
.totals dd small { display: block; font-size: 12.5px; font-weight: 400; color: var(--soft); }
figure { margin: 24px 0 36px; break-inside: avoid; }
figure h3 { margin: 0; }
figcaption { margin-bottom: 10px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 8px 0;
  font-size: 13.5px; }
.legend li { display: flex; align-items: center; gap: 7px; min-width: 0; overflow-wrap: anywhere; }
.legend i { flex: none; width: 12px; height: 12px; border-radius: 2px; }
.chart svg { display: block; width: 100%; height: auto; }
.chart svg text { font-family: inherit; font-variant-numeric: tabular-nums; }
.chart .narrow { display: none; }
.fill-text { fill: var(--text); } .stroke-line { stroke: var(--line); }
${inkRules}
.table { overflow-x: auto; margin: 10px 0 4px; }
table { border-collapse: collapse; font-size: 13.5px; line-height: 1.4; font-variant-numeric: tabular-nums;
  min-width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: 4px; }
th { text-align: left; font-weight: 600; color: var(--soft); vertical-align: bottom;
  border-bottom: 1.5px solid var(--soft); }
td { vertical-align: top; border-bottom: 1px solid var(--line); unicode-bidi: isolate; }
th, td { padding: 5px 12px 5px 0; }
th:last-child, td:last-child { padding-right: 0; }
td.number, th.number { text-align: right; }
td.number b { white-space: nowrap; }
td.number small { display: block; }
td.long { min-width: 170px; font-size: 12.5px; overflow-wrap: anywhere; }
td b { font-weight: 600; }
td small { color: var(--soft); font-size: 0.88em; }
td time span { white-space: nowrap; }
.person .role { color: var(--soft); }
td .person { display: block; min-width: 116px; overflow-wrap: anywhere; }
td .person small { display: block; }
ul.values { list-style: none; margin: 0; padding: 0; }
dl.columns { columns: 2; column-gap: 32px; margin: 4px 0 0; font-size: 12.5px; line-height: 1.4; color: var(--soft); }
dl.columns div { break-inside: avoid; padding: 1px 0; }
dl.columns dt { display: inline; font-weight: 600; }
dl.columns dt::after { content: ": "; }
dl.columns dd { display: inline; margin: 0; }
.signers { display: grid; grid-template-columns: 1fr 1fr; gap: 0 48px; break-inside: avoid; }
.signers dl { display: grid; grid-template-columns: max-content 1fr; gap: 22px 14px; margin: 18px 0 0; }
.signers dt { color: var(--soft); }
.signers dd { margin: 0; min-height: 1.6em; border-bottom: 1px solid var(--soft); }
.none { color: var(--soft); }
footer { margin: 56px auto 40px; color: var(--soft); font-size: 13.5px; }
@media screen and (max-width: 720px) {
  main, header, footer { padding-left: 20px; padding-right: 20px; }
  h1 { font-size: 25px; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: 8px; }
  ul.findings > li, ol.glance li { grid-template-columns: 1fr; gap: 5px; }
  ul.findings dl { grid-template-columns: 1fr; gap: 0; }
  ul.findings dd { margin-bottom: 6px; }
  ul.clear, dl.columns { columns: 1; }
  .signers { grid-template-columns: 1fr; gap: 24px; }
  .chart .wide { display: none; }
  .chart .narrow { display: block; }
}
@page { size: landscape; margin: 13mm 14mm 15mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, sans-serif; color: #565d67; } }
@media print {
  body { font-size: 10.5pt; }
  main, header, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  a { color: inherit; text-decoration: none; }
  h2, h3, figcaption { break-after: avoid; }
  h2 { margin-top: 28px; }
  table { font-size: 7.5pt; }
  .table { overflow: visible; }
  table.wide { font-size: 6pt; }
  th { overflow-wrap: anywhere; min-width: 66px; }
  th, td { padding-right: 6px; }
  td { overflow-wrap: anywhere; min-width: 40px; }
  td.number, td time { overflow-wrap: normal; }
  td.long { min-width: 100px; }
  .wide td.long { min-width: 60px; }
  td .person { min-width: 70px; }
  .wide th { min-width: 53px; }
  .wide td { min-width: 30px; }
  .wide td.long { min-width: 80px; }
  .wide th, .wide td { padding-right: 4px; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  .totals div { border: 1px solid var(--line); }
  nav, .skip { display: none; }
  section > h2 { break-after: avoid; }
  ul.findings { font-size: 9.5pt; }
  dl.columns { font-size: 7.5pt; }
  #signatures { break-inside: avoid; }
  .fill-series1, .fill-series2, .fill-series3, .fill-series4, .fill-series5, .fill-series6, .fill-others,
  .fill-plain, .fill-outside, .fill-inside,
  .legend i, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
