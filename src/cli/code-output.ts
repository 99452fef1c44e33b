import { open } from "node:fs/promises";
import type { CodeSink } from "../catalog/codes/unique-code-batches.service.js";
import { EXIT_CODE, explainFileError, OperatorError } from "../platform/operator-error.js";

/** Codes, one a line, to a stream that others own; a reader that is slow makes us slow. */
export function codesToStream(stream: NodeJS.WritableStream): CodeSink {
  return {
    write: (codes) =>
      new Promise((resolve, reject) => {
        // The callback comes when the stream has let go of the text, so no more than this waits in memory.
        stream.write(`${codes.join("\n")}\n`, (error) => (error ? reject(error) : resolve()));
      }),
    flush: async () => undefined,
    close: async () => undefined,
  };
}

/** Codes, one a line, to a new file that only its owner reads. A file that is there may hold codes that nobody can make again. */
export async function codesToFile(path: string): Promise<CodeSink> {
  const file = await open(path, "wx", 0o600).catch((error: unknown) => {
    throw explained(error, path);
  });
  return {
    write: async (codes) => {
      await file.appendFile(`${codes.join("\n")}\n`).catch((error: unknown) => {
        throw explained(error, path);
      });
    },
    // A batch must not be good while its codes are only in the memory of a machine that may lose its power.
    flush: () => file.sync(),
    close: () => file.close(),
  };
}

function explained(error: unknown, path: string): unknown {
  const doing = `Cannot write ${path}`;
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EEXIST") return new OperatorError(`${doing}: it is there already. Choose another name.`, EXIT_CODE.FILE_NOT_USABLE, { cause: error });
  if (code === "ENOENT")
    return new OperatorError(`${doing}: its folder is not there. Make it, or choose another.`, EXIT_CODE.FILE_NOT_USABLE, { cause: error });
  return explainFileError(error, doing);
}
