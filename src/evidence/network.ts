import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;
const Family = Type.Enum(["ipv4", "ipv6"]);

/** Name resolution of each of the target's names, over IPv4 and IPv6. */
export const Resolution = listOf(
  Type.Object(
    {
      name: Type.String(),
      ipv4: maybe(Type.Array(Type.String(), { description: "A records" })),
      ipv6: maybe(Type.Array(Type.String(), { description: "AAAA records" })),
    },
    strict,
  ),
);
export type Resolution = Static<typeof Resolution>;

/** ICMP echo to each address (RFC 792, RFC 4443). */
export const Icmp = listOf(
  Type.Object({ address: Type.String(), family: Family, answered: maybe(Type.Boolean()) }, strict),
);
export type Icmp = Static<typeof Icmp>;

/** What a TCP scan of one address saw. */
export const TcpScan = Type.Object(
  {
    address: Type.String(),
    family: Family,
    probedPorts: Type.Integer({ description: "Ports asked" }),
    closedPorts: Type.Integer({ description: "Ports that answered with RST" }),
    rejectedPorts: Type.Integer({ description: "Ports answered by an ICMP error" }),
    filteredPorts: Type.Integer({ description: "Ports that did not answer" }),
    open: listOf(Type.Object({ port: Type.Integer() }, strict)),
    control: Type.Object(
      {
        established: Type.Boolean({
          description:
            "Silence of a port comes from the target: the address is the scanner's own, or its 22/tcp is open, or it showed that it is up (an open port, an echo answer; a reset is none) and named controls, one of them on port 22, answered before and after",
        }),
        how: Type.String({ description: "What showed it, or all that is missing" }),
      },
      strict,
    ),
  },
  { ...strict, title: "TcpScan" },
);
export type TcpScan = Static<typeof TcpScan>;

/** TCP scans, one for each address. */
export const Tcp = listOf(TcpScan);
export type Tcp = Static<typeof Tcp>;

/** What UDP ports of one address showed. */
const UdpScan = Type.Object(
  {
    address: Type.String(),
    family: Family,
    ports: listOf(
      Type.Object(
        {
          port: Type.Integer(),
          protocol: Type.Literal("udp"),
          service: Type.String({ description: "Protocol that was spoken to it" }),
          state: maybe(
            Type.Enum(["open", "closed", "rejected", "open|filtered"], {
              description:
                "open: a datagram came back. closed: ICMP port unreachable. rejected: another ICMP error. open|filtered: nothing, however often and slowly it was asked",
            }),
          ),
          answered: maybe(
            Type.Boolean({
              description: "A datagram came back; neither silence nor an ICMP error shows that nothing listens",
            }),
          ),
          speaks: Type.Boolean({ description: "What came back is that protocol's own answer" }),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: "UdpScan" },
);

/** UDP services that were asked for, one scan for each address. */
export const Udp = listOf(UdpScan);
export type Udp = Static<typeof Udp>;
