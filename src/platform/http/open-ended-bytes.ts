import { constants, crc32, brotliCompress, deflateRaw } from "node:zlib";
import { promisify } from "node:util";

/** In which an answer can be sent; the best first. */
export const CODINGS = ["br", "gzip"] as const;
export type Coding = (typeof CODINGS)[number];

/**
 * Bytes whose last few are written anew each time, also where they are compressed: the beginning is compressed once, up to a boundary of
 * bytes, and an end of any text is put behind it as it is. Both formats have blocks for that.
 */
export interface OpenEnded {
  readonly beginning: Buffer;
  /** What comes behind it. @param end at most 1,000 bytes of ASCII. */
  end(end: string): Buffer;
}

/** The bytes as they are. */
export function plain(beginning: Buffer): OpenEnded {
  return { beginning, end: (end) => Buffer.from(end, "latin1") };
}

const deflate = promisify<Buffer, object, Buffer>(deflateRaw);
const brotli = promisify<Buffer, object, Buffer>(brotliCompress);

/** Good for what is sent many times; more takes much longer and saves little. */
const LEVEL = { br: 7, gzip: 8 } as const;

export const compress: Readonly<Record<Coding, (beginning: Buffer) => Promise<OpenEnded>>> = {
  br: async (beginning) => {
    const compressed = await brotli(beginning, {
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
      params: { [constants.BROTLI_PARAM_QUALITY]: LEVEL.br, [constants.BROTLI_PARAM_SIZE_HINT]: beginning.length },
    });
    return { beginning: compressed, end: (end) => brotliEnd(Buffer.from(end, "latin1")) };
  },
  gzip: async (beginning) => {
    const compressed = Buffer.concat([GZIP_HEADER, await deflate(beginning, { finishFlush: constants.Z_SYNC_FLUSH, level: LEVEL.gzip })]);
    const checksum = crc32(beginning);
    return { beginning: compressed, end: (end) => gzipEnd(Buffer.from(end, "latin1"), checksum, beginning.length) };
  },
};

/** RFC 1952: no name, no time, an unknown system. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

/** RFC 1951, 3.2.4: a last block that is stored; then RFC 1952, 2.3.1: checksum and length of the whole. */
function gzipEnd(end: Buffer, checksum: number, length: number): Buffer {
  const bytes = Buffer.alloc(5 + end.length + 8);
  bytes.writeUInt8(1, 0);
  bytes.writeUInt16LE(end.length, 1);
  bytes.writeUInt16LE(~end.length & 0xffff, 3);
  end.copy(bytes, 5);
  bytes.writeUInt32LE(crc32(end, checksum), 5 + end.length);
  bytes.writeUInt32LE((length + end.length) >>> 0, 9 + end.length);
  return bytes;
}

/**
 * RFC 7932, 9.2: a meta-block that is not compressed (not the last; four nibbles that hold its length less one; uncompressed), then an
 * empty one that is the last.
 */
function brotliEnd(end: Buffer): Buffer {
  const bytes = Buffer.alloc(3 + end.length + 1);
  bytes.writeUIntLE(((end.length - 1) << 3) | (1 << 19), 0, 3);
  end.copy(bytes, 3);
  bytes.writeUInt8(3, 3 + end.length);
  return bytes;
}
