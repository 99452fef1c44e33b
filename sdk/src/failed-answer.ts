import { CatalogError, type CatalogErrorCode, type CatalogProblem } from "./catalog-error.js";

/** What a status means when nothing in the body says it: proxies and load balancers answer in formats of their own. */
const STATUS_CODES: Readonly<Record<number, CatalogErrorCode>> = {
  401: "UNAUTHENTICATED",
  403: "FORBIDDEN",
  429: "RATE_LIMITED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "UNAVAILABLE",
};

/** The error of an answer that came, but is not the data that was asked for. `errors` is what its body has under that name. */
export function failedAnswer(response: Response, errors: unknown): CatalogError {
  const entries = Array.isArray(errors) ? errors.filter(isRecord) : [];
  const requestId = entries.map((entry) => extension(entry, "requestId")).find((id) => id !== null) ?? response.headers.get("x-request-id");
  const codeOfStatus = STATUS_CODES[response.status] ?? "INVALID_RESPONSE";
  const problems = entries.map((entry) => toProblem(entry, codeOfStatus));
  const { code, message, path } = problems[0] ?? {
    code: codeOfStatus,
    message: `The catalog gave no GraphQL answer, but HTTP status ${response.status}.`,
    path: null,
  };
  return new CatalogError({ code, message, path, requestId, status: response.status, problems });
}

function toProblem(entry: Record<string, unknown>, codeOfStatus: CatalogErrorCode): CatalogProblem {
  const { message, path } = entry;
  return {
    code: extension(entry, "code") ?? codeOfStatus,
    message: typeof message === "string" ? message : "The catalog did not say what went wrong.",
    path: Array.isArray(path) ? path.filter((step) => typeof step === "string" || typeof step === "number") : null,
  };
}

function extension(entry: Record<string, unknown>, name: string): string | null {
  const extensions = entry["extensions"];
  const value = isRecord(extensions) ? extensions[name] : null;
  return typeof value === "string" ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
