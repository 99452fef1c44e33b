/** A file to import. It is opened once; price lists are read piece by piece while they are imported. */
export interface CatalogFile {
  /** As the user named it: problems say it. */
  readonly name: string;
  /** Why it cannot be read, if that is known before it is opened. */
  readonly unreadable?: string;
  open(): AsyncIterable<Uint8Array>;
}

export type CatalogFileKind = "YAML" | "JSON" | "CSV";

const KINDS: Readonly<Record<string, CatalogFileKind>> = { yaml: "YAML", yml: "YAML", json: "JSON", csv: "CSV" };

/** What kind of catalog file the name says it is, or null. */
export function kindOfFile(name: string): CatalogFileKind | null {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(KINDS, extension) ? (KINDS[extension] ?? null) : null;
}

/** A file whose content is at hand. */
export function fileFromText(name: string, content: string | Uint8Array): CatalogFile {
  return {
    name,
    async *open() {
      yield typeof content === "string" ? Buffer.from(content, "utf8") : content;
    },
  };
}

/** Thrown while a file is read that cannot be: the message says why, for the one who named it. */
export class UnreadableFile extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnreadableFile";
  }
}
