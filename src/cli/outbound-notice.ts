import { type OutboundPlan, silentServers } from "#model/outbound.ts";
import type { Locale } from "#model/text.ts";

/** What the server will be made to contact, in a line or two. */
export function outboundNotice(plan: OutboundPlan, locale: Locale): string {
  const hosts = [...plan.needed, ...plan.canaries, ...plan.ai].map(({ host, port }) =>
    host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
  );
  const list = hosts.join(", ");
  const resolvers = [...plan.resolvers, ...silentServers].join(", ");
  return {
    en: `As policy.outbound asks, the server itself, and OpenClaw's container, try one connection each to ${list}, and ask the DNS servers ${resolvers} (nobody is at the last two). Nothing else is sent.`,
    ja: `policy.outboundの指定により、サーバー自身とOpenClawのコンテナから各1回の接続を試します: ${list}。DNSサーバーへの問い合わせ: ${resolvers}(末尾の2つは実在しません)。ほかには何も送りません。`,
  }[locale];
}
