import type { Page, Request } from "./answers.ts";
import { bucketPage, copied, noSuchKey, notImplemented, type Stored } from "./s3.ts";

/** The oldest are forgotten first. */
const maximumObjects = 10_000;

/**
 * An upload sink that takes everything and keeps size, digests and x-amz-meta-* headers, never content. PUT and POST
 * store, HEAD gives the headers the object itself would have, GET a description in JSON, DELETE forgets. Any path will do;
 * /BUCKET/KEY also as S3 has it: buckets are listed, objects copied; parts of one object are refused, signatures not looked at.
 */
export function createStorage(): (request: Request) => Page {
  const objects = new Map<string, Stored>();
  return (request) => {
    const [path = "", query = ""] = request.path.split("?", 2);
    const key = decoded(path);
    const search = new URLSearchParams(query);
    if (search.has("uploads") || search.has("uploadId") || search.has("delete")) return notImplemented;
    const isBucket = /^\/[^/]*\/?$/.test(key) && request.body.bytes === 0 && !objects.has(key);
    if (isBucket) return bucketPage(objects, { method: request.method, key, search });
    const page = objectPage(objects, request, key);
    const [oldest] = objects.keys();
    if (objects.size > maximumObjects && oldest !== undefined) objects.delete(oldest);
    return page;
  };
}

function objectPage(objects: Map<string, Stored>, request: Request, key: string): Page {
  const source = request.headers["x-amz-copy-source"];
  switch (request.method) {
    case "PUT":
    case "POST": {
      const original = typeof source === "string" ? objects.get(decoded(`/${source.replace(/^\//, "")}`)) : undefined;
      if (source !== undefined && original === undefined) return noSuchKey;
      const { bytes, md5, sha256 } = original ?? request.body;
      const stored = { bytes, md5, sha256, modified: new Date(), metadata: metadataOf(request) };
      objects.set(key, stored);
      return original === undefined ? { status: 200, headers: headersOf(stored), body: "" } : copied(stored);
    }
    case "DELETE":
      objects.delete(key);
      return { status: 204, headers: {}, body: "" };
    default: {
      const stored = objects.get(key);
      return stored === undefined ? noSuchKey : description(stored, request.method);
    }
  }
}

function description(stored: Stored, method: string): Page {
  const headers = { ...stored.metadata, ...headersOf(stored), "Last-Modified": stored.modified.toUTCString() };
  if (method === "HEAD") return { status: 200, headers: { ...headers, "Content-Length": `${stored.bytes}` }, body: "" };
  const body = JSON.stringify({ bytes: stored.bytes, sha256: stored.sha256 });
  return { status: 200, headers: { ...headers, "Content-Type": "application/json" }, body };
}

function headersOf(stored: Stored): Record<string, string> {
  return { ETag: `"${stored.md5}"`, "X-Lab-Sha256": stored.sha256 };
}

function metadataOf(request: Request): Record<string, string> {
  const entries = Object.entries(request.headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** A path as it was meant; one that is no UTF-8 behind its percent signs stays as it came. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
