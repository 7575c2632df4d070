// Surveys a TLS server on loopback: node test/bench/tls-survey.ts PORT. Prints what it accepts, the connections made and the time taken.
import { dialTcp } from "#net/dial.ts";
import { surveyTls } from "#net/tls/survey.ts";
import { pairsOf } from "../lab/peers/tls-tools.ts";

let connections = 0;
const startedAt = performance.now();
const found = await surveyTls(
  { address: "127.0.0.1", port: Number(process.argv[2]) },
  {
    dial: (endpoint, _purpose, limits) => {
      connections += 1;
      return dialTcp(endpoint, limits);
    },
    serverName: "",
    atOnce: 16,
    most: 500,
    budgetMs: 60_000,
    timeoutMs: 6000,
    signal: new AbortController().signal,
  },
);
const ms = performance.now() - startedAt;
process.stdout.write(`${JSON.stringify({ pairs: pairsOf(found), connections, ms })}\n`);
