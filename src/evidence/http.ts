import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;
const Family = Type.Enum(["ipv4", "ipv6"]);
const at = {
  address: Type.String({ description: "Address that was contacted" }),
  family: Family,
  port: Type.Integer(),
};

/** What one HTTP server answers, without any credential, to requests for / and for the path of the declared admin URL. */
export const HttpServer = Type.Object(
  {
    ...at,
    scheme: Type.Enum(["http", "https"]),
    host: Type.String({
      description: "Host header that was sent; the address where the server was asked without a name",
    }),
    status: maybe(
      Type.Integer({
        description: "Of /; of the admin URL's path on the server of that URL, and where only / is refused",
      }),
    ),
    location: maybe(Type.String({ description: "Location header; empty when there was none" })),
    redirectsToHttps: maybe(Type.Boolean({ description: "The answer is a redirect to an https URL" })),
    server: maybe(Type.String({ description: "Server header; empty when there was none" })),
    hstsMaxAgeSeconds: maybe(
      Type.Integer({ description: "max-age of Strict-Transport-Security; -1 without the header" }),
    ),
    contentSecurityPolicy: listOf(
      Type.String({
        description: "Content-Security-Policy headers of the pages that were read; none where there was none",
      }),
    ),
    frameOptions: listOf(Type.String({ description: "X-Frame-Options headers of them" })),
    contentTypeOptions: listOf(Type.String({ description: "X-Content-Type-Options headers of them" })),
    cookies: listOf(
      Type.Object(
        {
          name: Type.String({ description: "Of a cookie that they set; its value is never kept" }),
          secure: Type.Boolean(),
          httpOnly: Type.Boolean(),
          sameSite: Type.Enum(["", "strict", "lax", "none"], { description: "Empty where it is not said" }),
        },
        strict,
      ),
    ),
    servesLogin: maybe(
      Type.Boolean({
        description:
          "The page at / or at the admin URL's path has a password field, asks for Basic auth, or is OpenClaw's UI",
      }),
    ),
    openclaw: maybe(
      Type.Boolean({
        description:
          "OpenClaw answers here, at / or at the admin URL's path, by its page or its probes; unknown where no admin URL was declared and / serves something else",
      }),
    ),
    openclawAuthentication: maybe(
      Type.Enum(["required", "off", "attribution-missing"], {
        description:
          "required: both oracles answer 401. off: one answers as to an operator. attribution-missing: 403 to all",
      }),
    ),
    openclawTreatsAsLocal: maybe(
      Type.Boolean({ description: "Probes answer with what only a client on the host should see" }),
    ),
    openclawVersion: maybe(Type.String()),
    openclawBuild: maybe(Type.String()),
  },
  { ...strict, title: "HttpServer" },
);
export type HttpServer = Static<typeof HttpServer>;

/** HTTP servers found, one element for each address, port, scheme and Host header. */
export const Http = listOf(HttpServer);
export type Http = Static<typeof Http>;
