/** Shows long work on standard error: one redrawn line on a terminal, else a line every ten seconds. */
export function showProgress(title, detail = () => '') {
  const isTerminal = process.stderr.isTTY === true;
  const started = Date.now();
  const text = () => {
    const seconds = `${Math.round((Date.now() - started) / 1000)} s`;
    return `  ${title} … ${[detail(), seconds].filter(Boolean).join(', ')}`;
  };
  const draw = () => process.stderr.write(isTerminal ? `\r\x1b[2K${text()}` : `${text()}\n`);
  if (isTerminal) draw();
  else process.stderr.write(`  ${title} …\n`);
  const timer = setInterval(draw, isTerminal ? 500 : 10_000);
  timer.unref();
  return () => {
    clearInterval(timer);
    process.stderr.write(`${isTerminal ? '\r\x1b[2K' : ''}${text().replace(' … ', ': ')}\n`);
  };
}
