import { createHash } from 'node:crypto';

const STYLE = [
  'body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }',
  'input { font: inherit; width: 100%; box-sizing: border-box; padding: 0.4rem; }',
  'button { font: inherit; margin-top: 1rem; padding: 0.4rem 1rem; }',
  'code { background: #8882; padding: 0.1rem 0.3rem; }',
  '.fault { color: #b00020; }',
].join('\n');

/** What a browser may do with these pages: show them, and send their form back. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** The form that asks for an access token. */
export function loginPage(fault?: string): string {
  return page(`
<p>Temporal keeps only encrypted payloads of Tenon. Sign this browser in, and its Temporal Web UI can show them.
Owners and admins may.</p>
${fault === undefined ? '' : `<p class="fault" role="alert">${escape(fault)}</p>`}
<form method="post" action="/codec/login">
<label for="token">Access token</label>
<input id="token" name="token" type="password" autocomplete="off" required autofocus>
<button>Sign in</button>
</form>`);
}

/** What is left to do, once: the Web UI sends no cookie to another origin unless it is told to. */
export function signedInPage(endpoint: string, webUi: string | undefined): string {
  const place =
    webUi === undefined
      ? '<p class="fault">Set <code>TENON_TEMPORAL_UI_URL</code> and restart the API; no Web UI is allowed yet.</p>'
      : `<p>Open <a href="${escape(webUi)}">${escape(webUi)}</a> under this very address. The first time:</p>`;
  return page(`
<p role="status">This browser is signed in until its access token ends.</p>
${place}
<ol>
<li>Click the glasses (“Codec Server”) at the top right.</li>
<li>Choose “Use my browser setting and ignore Cluster-level setting”.</li>
<li>Enter the endpoint <code>${escape(endpoint)}</code>.</li>
<li>Switch on “Include cross-origin credentials”, and apply.</li>
</ol>`);
}

function page(content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tenon: payloads in the Temporal Web UI</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Payloads in the Temporal Web UI</h1>${content}
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
