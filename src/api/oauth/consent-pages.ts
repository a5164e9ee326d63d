import { createHash } from 'node:crypto';
import type { ConsentRequest } from '../../services/connections/consent/begin-consent';

const STYLE = [
  'body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem; }',
  'a { font: inherit; }',
  'dt { font-weight: 600; }',
  '.fault { color: #b00020; }',
].join('\n');

/** What a browser may do with these pages: show them and follow their link, in an origin of their own. */
export const PAGE_POLICY = [
  'sandbox allow-top-navigation-by-user-activation',
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Asks whether to go to the provider; `next` is a path of ours that leads there. */
export function startPage(request: ConsentRequest, next: string): string {
  const { about, provider, scopes, faults } = request;
  const rows = [
    ...about,
    ['Provider', provider],
    ['Permissions', scopes.join(', ') || 'as the provider decides'],
  ];
  const list = rows.map(([name = '', text = '']) => `<dt>${name}</dt><dd>${escape(text)}</dd>`).join('\n');
  const action =
    faults.length === 0
      ? `<p><a href="${escape(next)}">Continue to ${escape(provider)}</a></p>`
      : `<p class="fault" role="alert">This cannot be done yet. ${escape(faults.join(' '))}</p>`;
  return page(
    'Grant access',
    `<p>You are about to let what is named here use your account at the provider. It will keep the access until you
withdraw it there.</p>
<dl>
${list}
</dl>
${action}`,
  );
}

/** Says how a consent ended. */
export function endPage({ isGranted, reason }: { isGranted: boolean; reason: string }): string {
  return isGranted
    ? page('Access granted', '<p role="status">The connection is active. You can close this window.</p>')
    : page('Access not granted', `<p class="fault" role="alert">${escape(reason)}</p>`);
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
${content}
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
