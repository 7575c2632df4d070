import { readFileSync } from "node:fs";
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { isIPv6 } from "node:net";
import { parseArgs } from "node:util";

/** How UptimeRobot names itself. */
const uptimeRobot = "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)";

const usage = "usage: node visit.ts URL [--from ADDRESS] [--user-agent TEXT] [--ca FILE]";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: "string" },
    "user-agent": { type: "string", default: uptimeRobot },
    ca: { type: "string" },
  },
});
const [url] = positionals;
if (url === undefined || !/^https?:/.test(url)) {
  console.error(usage);
  process.exit(64);
}
const { from, ca } = values;
const settings = {
  headers: { "User-Agent": values["user-agent"] },
  timeout: 10_000,
  ...(from === undefined ? {} : { localAddress: from, family: isIPv6(from) ? 6 : 4 }),
  ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
};
// Without --ca the certificate is not checked: a monitor that only asks for life.
const request = url.startsWith("https:")
  ? getSecure(url, { ...settings, rejectUnauthorized: ca !== undefined })
  : getPlain(url, settings);
request.on("timeout", () => request.destroy(new Error("no answer within 10 s")));
request.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
request.on("response", (response) => {
  response.resume();
  console.log(response.statusCode);
});
