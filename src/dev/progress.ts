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
  note: (text: string) => void;
  task: (title: string) => Task;
}

/** Shows `work` as a task. One that throws, for instance because it was interrupted, is not shown as done. */
export async function withTask<T>(
  progress: Progress,
  title: string,
  work: (task: Task) => Promise<T>,
): Promise<T> {
  const task = progress.task(title);
  try {
    const result = await work(task);
    task.done();
    return result;
  } catch (error) {
    task.done('not finished');
    throw error;
  }
}

const ON_TERMINAL_MS = 500;
const OFF_TERMINAL_MS = 5_000;

/**
 * Prints progress. A terminal gets one line that is drawn again and again; a file or pipe gets a line every five
 * seconds and one at the end, so that a log stays short. Of tasks within tasks the innermost is shown.
 */
export function createProgress(stream: ProgressStream): Progress {
  const isTerminal = stream.isTTY === true;
  const open: (() => string)[] = [];

  const draw = () => {
    const text = open.at(-1)?.();
    if (text !== undefined) stream.write(`\r\x1b[2K${text.slice(0, (stream.columns || 80) - 1)}`);
  };
  const line = (text: string) => {
    stream.write(isTerminal ? `\r\x1b[2K${text}\n` : `${text}\n`);
    if (isTerminal) draw();
  };

  const task = (title: string): Task => {
    const started = Date.now();
    let detail = '';
    const text = (link: string) => {
      const seconds = Math.round((Date.now() - started) / 1000);
      const parts = [detail, seconds >= 2 ? `${seconds} s` : ''].filter((part) => part !== '');
      return `  ${title}${link}${parts.join(', ')}`.trimEnd();
    };
    const running = () => text(' … ');
    open.push(running);
    if (isTerminal) draw();
    const timer = setInterval(
      () => {
        if (isTerminal) draw();
        else if (open.at(-1) === running) line(running());
      },
      isTerminal ? ON_TERMINAL_MS : OFF_TERMINAL_MS,
    );
    timer.unref();
    return {
      update(next) {
        detail = next;
      },
      done(last = detail) {
        clearInterval(timer);
        open.splice(open.indexOf(running), 1);
        detail = last;
        line(text(': ').replace(/:$/, ': done'));
      },
    };
  };
  return { note: (text) => line(`  ${text}`), task };
}
