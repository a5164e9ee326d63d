import { relative } from 'node:path';
import type { DemoRun } from './demo/demo';
import { SAMPLE_ORDER } from './demo/sample-order';
import type { StartOptions } from './options';
import type { ProgressStream } from './progress';

/** What a start has to show for itself. */
export interface StartReport extends DemoRun {
  apiUrl: string;
  /** Address of Temporal's server, `host:port`. */
  temporalAddress: string;
  /** Life of the access token. */
  tokenSeconds: number;
}

export interface ReportStyle {
  stream: ProgressStream;
  options: StartOptions;
  checkout: string;
  env: NodeJS.ProcessEnv;
}

/** The object that `--json` prints, on one line. */
export function jsonOf(report: StartReport): string {
  const {
    apiUrl,
    temporalUiUrl,
    temporalAddress,
    webhookUrl,
    accessToken,
    executionId,
    status,
    steps,
    error,
  } = report;
  return JSON.stringify({
    apiUrl,
    temporalUiUrl,
    temporalAddress,
    webhookUrl,
    accessToken,
    executionId,
    status,
    error,
    steps,
  });
}

/** The same for people: plain aligned text, coloured on a terminal only. */
export function describeRun(report: StartReport, style: ReportStyle): string {
  const isColoured = style.stream.isTTY === true && !style.env['NO_COLOR'];
  const paint = (code: number) => (text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text);
  const [bold, dim, good, bad] = [paint(1), paint(2), paint(32), paint(31)];
  const isGood = report.status === 'SUCCESS';
  const folder = relative(style.checkout, style.options.dataDir) || style.options.dataDir;
  const shown = folder.startsWith('..') ? style.options.dataDir : folder;
  const seconds = `${(report.durationMs / 1000).toFixed(2)} s`;
  const lines = [
    '',
    `${bold(style.options.isOnce ? 'Tenon ran its sample.' : 'Tenon is up.')} ${report.flowName}, for ${report.customerName}:`,
    '',
    ...stepLines(report, style.stream.columns || 100).map(([name, output]) => `  ${name}  ${dim(output)}`),
    '',
    `  ${(isGood ? good : bad)(report.status)} in ${seconds}${report.error === null ? '' : `: ${report.error}`}`,
    '',
    ...aligned([
      ['API', report.apiUrl],
      ['This run in Temporal', report.temporalUiUrl ?? 'set TENON_TEMPORAL_UI_URL to get a link'],
      ['To read it there', `${report.apiUrl}/codec/login`],
      ['Temporal server', report.temporalAddress],
      ['Logs', `${shown}/logs`],
    ]).map(([label, value]) => `  ${bold(label)}  ${value}`),
    '',
    bold('Send an order'),
    `  curl -sS ${report.webhookUrl} \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${JSON.stringify(SAMPLE_ORDER)}'`,
    '',
    `${bold('Drive it with prism')} ${dim(`(the token is valid for ${inWords(report.tokenSeconds)})`)}`,
    `  export PRISMATIC_URL=${report.apiUrl}`,
    `  export PRISM_ACCESS_TOKEN=${report.accessToken}`,
    '  npx prism instances:list',
    '',
    style.options.isOnce ? '' : dim(`Ctrl-C stops everything; the data stay in ${shown}.`),
    '',
  ];
  return `${lines.join('\n').replace(/\n{3,}$/, '\n')}`;
}

function stepLines({ steps, loopSteps }: StartReport, columns: number): [string, string][] {
  const rows = aligned(
    Object.entries(steps).flatMap(([name, output]): [string, string][] =>
      Array.isArray(output) && loopSteps.includes(name)
        ? output.map((each, index) => [`${name} ${index + 1}`, shortText(each)])
        : [[name, shortText(output)]],
    ),
  );
  const width = Math.max(30, columns - (rows[0]?.[0].length ?? 0) - 5);
  return rows.map(([name, text]) => [name, text.length > width ? `${text.slice(0, width - 1)}…` : text]);
}

function inWords(seconds: number): string {
  const [unit, length] =
    seconds % 3600 === 0 ? ['hour', 3600] : seconds % 60 === 0 ? ['minute', 60] : ['second', 1];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function shortText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  // Of a webhook's payload its body tells the most.
  const { body } = value as { body?: { data?: unknown } };
  if (body?.data !== undefined) return shortText(body.data);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function aligned(rows: [string, string][]): [string, string][] {
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => [label.padEnd(width), value]);
}
