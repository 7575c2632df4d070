import type { Page } from "./answers.ts";

/** What is remembered of an object. */
export interface Stored {
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
  readonly modified: Date;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A request about a bucket; `key` is /BUCKET. */
interface BucketRequest {
  readonly method: string;
  readonly key: string;
  readonly search: URLSearchParams;
}

/** Every bucket exists; GET lists it (in one page, however long) or tells its location. */
export function bucketPage(objects: ReadonlyMap<string, Stored>, { method, key, search }: BucketRequest): Page {
  if (method !== "GET") return { status: method === "DELETE" ? 204 : 200, headers: {}, body: "" };
  if (search.has("location")) return xml(200, "<LocationConstraint></LocationConstraint>");
  const prefix = search.get("prefix") ?? "";
  const delimiter = search.get("delimiter") ?? "";
  const bucket = `${key.replace(/\/$/, "")}/`;
  const contents: string[] = [];
  const folders = new Set<string>();
  for (const [path, stored] of objects) {
    const name = path.slice(bucket.length);
    if (!path.startsWith(bucket) || !name.startsWith(prefix)) continue;
    const end = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
    if (end === -1) contents.push(`<Contents><Key>${escaped(name)}</Key>${listed(stored)}</Contents>`);
    else folders.add(name.slice(0, end + delimiter.length));
  }
  const common = [...folders].map((each) => `<CommonPrefixes><Prefix>${escaped(each)}</Prefix></CommonPrefixes>`);
  const head = `<Name>${escaped(bucket.slice(1, -1))}</Name><Prefix>${escaped(prefix)}</Prefix><IsTruncated>false</IsTruncated>`;
  return xml(200, `<ListBucketResult>${head}${contents.join("")}${common.join("")}</ListBucketResult>`);
}

/** The answer to a copy within the storage. */
export function copied(stored: Stored): Page {
  return xml(200, `<CopyObjectResult>${listed(stored)}</CopyObjectResult>`);
}

export const noSuchKey = xml(404, "<Error><Code>NoSuchKey</Code></Error>");

export const notImplemented = xml(501, "<Error><Code>NotImplemented</Code></Error>");

function listed({ bytes, md5, modified }: Stored): string {
  const time = `<LastModified>${modified.toISOString()}</LastModified>`;
  return `${time}<ETag>&quot;${md5}&quot;</ETag><Size>${bytes}</Size>`;
}

function xml(status: number, body: string): Page {
  return {
    status,
    headers: { "Content-Type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
