import { renderPlay } from '@quorate/report';
import { writeText } from '../files.ts';
import type { Flags } from '../flags.ts';
import { EXIT, type Io } from '../io.ts';
import { pageWith } from '../page.ts';
import { ProgressLine } from '../progress.ts';
import { findProtocols } from '../protocols.ts';

/** `quorate play`: the page in which protocols run, alone. */
export async function runPlay(flags: Flags, io: Io): Promise<number> {
  const protocols = await findProtocols(flags.list('protocols') ?? [], io.cwd);
  const line = new ProgressLine(io);
  line.show(null, 'putting the protocols into a page');
  const html = renderPlay(await pageWith(protocols));
  line.clear();
  io.out(`page: ${writeText('--out', flags.text('out') ?? 'play.html', io.cwd, html)}\n`);
  return EXIT.ok;
}
