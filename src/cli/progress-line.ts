const QUIET_MS = 5_000;
const REDRAW_MS = 100;

export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/** Shows how far a long command is: on a terminal one line that is rewritten, anywhere else a line every five seconds. */
export function progressLine(stream: NodeJS.WriteStream, now: () => number = () => performance.now()): ProgressLine {
  let last = stream.isTTY ? -Infinity : now();
  let drawn = false;
  return {
    show: (text) => {
      if (now() - last < (stream.isTTY ? REDRAW_MS : QUIET_MS)) return;
      last = now();
      drawn = true;
      stream.write(stream.isTTY ? `\r\u001B[2K${text.slice(0, stream.columns - 1)}` : `${text}\n`);
    },
    clear: () => {
      if (stream.isTTY && drawn) stream.write("\r\u001B[2K");
    },
  };
}
