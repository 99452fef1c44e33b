import { hash } from "node:crypto";
import { CODINGS, compress, plain, type Coding, type OpenEnded } from "../../platform/http/open-ended-bytes.js";

/** What an answer stands for, and for how long. */
export interface Validity {
  readonly release: number;
  /** Milliseconds: the instant that it speaks of. Clocks are set back, too. */
  readonly from: number;
  /** Milliseconds: the first instant at which it may say something else; `Infinity` = as long as its release is the current one. */
  readonly until: number;
}

/** Not worth the work: such an answer goes in one packet anyway. */
const LEAST_COMPRESSED = 1_000;

/** The bytes of an answer, ready to be sent again. What tells the caller of its own limits is at their end and written each time. */
export class FinishedAnswer {
  private readonly compressed = new Map<Coding, OpenEnded>();
  private plainForm: OpenEnded | undefined;
  private tag: string | undefined;

  /**
   * @param headers name, value, name, value, … of what every caller of the same audience is told.
   * @param cost what it costs a caller to have its question looked at, at least: so much is taken each time.
   */
  constructor(
    readonly validity: Validity,
    readonly headers: readonly string[],
    private text: string | Buffer,
    readonly cost: number,
  ) {}

  get etag(): string {
    // Weak, because the end and the coding differ.
    return (this.tag ??= `W/"${hash("sha256", this.beginning, "base64url").slice(0, 27)}"`);
  }

  /** Many an answer is made that nobody asks for again: its bytes are made when they are needed. */
  private get beginning(): Buffer {
    if (typeof this.text === "string") this.text = Buffer.from(this.text, "utf8");
    return this.text;
  }

  isGood(release: number, now: number): boolean {
    return this.validity.release === release && this.validity.from <= now && now < this.validity.until;
  }

  /** Of all forms. */
  get byteLength(): number {
    return [...this.compressed.values()].reduce((sum, { beginning }) => sum + beginning.length, this.beginning.length);
  }

  /** The best of what a caller accepts, whether it is there or not. */
  bestCodingFor(acceptEncoding: string | undefined): Coding | "identity" {
    return this.choose(acceptEncoding, () => true);
  }

  /** The best of what a caller accepts and what is there by now. */
  codingFor(acceptEncoding: string | undefined): Coding | "identity" {
    return this.choose(acceptEncoding, (coding) => this.compressed.has(coding));
  }

  has(coding: Coding): boolean {
    return this.compressed.has(coding);
  }

  /** The whole, in parts: those that are the same each time are not copied. */
  parts(coding: Coding | "identity", end: string): readonly Buffer[] {
    const form = (coding === "identity" ? undefined : this.compressed.get(coding)) ?? (this.plainForm ??= plain(this.beginning));
    return [form.beginning, form.end(end)];
  }

  /** Until it resolves the answer is sent in other forms. */
  async compress(coding: Coding): Promise<void> {
    this.compressed.set(coding, await compress[coding](this.beginning));
  }

  private choose(acceptEncoding: string | undefined, isThere: (coding: Coding) => boolean): Coding | "identity" {
    if (acceptEncoding === undefined || this.beginning.length < LEAST_COMPRESSED) return "identity";
    return CODINGS.find((coding) => isThere(coding) && accepts(acceptEncoding, coding)) ?? "identity";
  }
}

/** Whether a coding is named and not refused. Who says "*" gets the answer as it is. */
function accepts(acceptEncoding: string, coding: Coding): boolean {
  return acceptEncoding.split(",").some((part) => {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
