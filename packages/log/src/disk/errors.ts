/** A journal file is damaged in a place which had been durable. Nothing was changed; somebody has to look at the disk. */
export class JournalCorruptError extends Error {
  override readonly name = 'JournalCorruptError';
  readonly file: string;
  /** In bytes from the file's beginning. */
  readonly offset: number;

  constructor(file: string, offset: number, reason: string) {
    super(`${file} is corrupt at byte ${offset}: ${reason}`);
    this.file = file;
    this.offset = offset;
  }
}

/** The newest snapshot is damaged. An older state would be wrong, so none is used. */
export class SnapshotCorruptError extends Error {
  override readonly name = 'SnapshotCorruptError';
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file} is corrupt: ${reason}`);
    this.file = file;
  }
}

/** Another living process, or this one, has the data folder open. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError';
  readonly directory: string;
  /** The process that has it. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(`the data folder ${directory} is in use by process ${pid}`);
    this.directory = directory;
    this.pid = pid;
  }
}
