/** Where a command says what it has to say, and where its files are named from. */
export interface CliHost {
  out: (text: string) => void;
  err: (text: string) => void;
  /** Folder from which relative file names count. */
  cwd: string;
}
