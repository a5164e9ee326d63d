/** Where progress goes: standard error in practice. */
export interface ProgressStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** One piece of long work on the screen. */
export interface Task {
  /** Says how far it is. */
  update(detail: string): void;
  done(detail?: string): void;
}

/** Tells the person at the terminal what is going on. */
export interface Progress {
  note(text: string): void;
  task(title: string): Task;
}

const OFF_TERMINAL_INTERVAL_MS = 10_000;
const REDRAW_INTERVAL_MS = 1_000;

/**
 * Prints progress. A terminal gets one line that is redrawn each second; a file or pipe gets a line at the
 * start, one every ten seconds and one at the end, so that a log stays short.
 */
export function createProgress(stream: ProgressStream): Progress {
  const isTerminal = stream.isTTY === true;
  let redraw: (() => void) | undefined;

  const line = (text: string): void => {
    stream.write(isTerminal ? `\r\x1b[2K${text}\n` : `${text}\n`);
    redraw?.();
  };

  const task = (title: string): Task => {
    const started = Date.now();
    let detail = '';
    const text = () => {
      const seconds = Math.round((Date.now() - started) / 1000);
      const parts = [detail, seconds >= 2 ? `${seconds} s` : ''].filter((part) => part !== '');
      return parts.length === 0 ? `  ${title} …` : `  ${title} … ${parts.join(', ')}`;
    };
    const draw = () => stream.write(`\r\x1b[2K${text().slice(0, (stream.columns ?? 80) - 1)}`);
    if (isTerminal) {
      redraw = draw;
      draw();
    }
    const timer = setInterval(
      () => (isTerminal ? draw() : stream.write(`${text()}\n`)),
      isTerminal ? REDRAW_INTERVAL_MS : OFF_TERMINAL_INTERVAL_MS,
    );
    timer.unref();
    return {
      update(next) {
        detail = next;
      },
      done(last = '') {
        clearInterval(timer);
        if (redraw === draw) redraw = undefined;
        detail = last;
        line(text().replace(' … ', ': ').replace(/ …$/, ': done'));
      },
    };
  };
  return { note: (text) => line(`  ${text}`), task };
}
