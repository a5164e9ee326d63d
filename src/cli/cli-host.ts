/** Where a command says what it has to say, and where its files are named from. */
export interface CliHost {
  out: (text: string) => void;
  err: (text: string) => void;
  /** The bytes of standard input; opened only where they are asked for. */
  stdin: () => AsyncIterable<Uint8Array>;
  /** Folder from which relative file names count. */
  cwd: string;
}
