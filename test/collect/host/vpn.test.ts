import { expect, test } from "vitest";
import type { Vpn } from "#evidence/host.ts";
import { attempt, captured, output, read, value } from "./capture.ts";

interface Host {
  readonly links: string;
  readonly addresses: string;
  readonly routes?: string;
  readonly routes6?: string;
  readonly processes: string;
}

function vpn({ links, addresses, routes = "", routes6 = "", processes }: Host): Vpn {
  const frames = output([
    ["processes", `1 0 0 0 systemd\n${processes}`],
    ["addresses", addresses],
    ["links", links],
    ["routes", routes],
    ["routes", routes6],
  ]);
  return value(read(frames), "vpn") as Vpn;
}

const up = "<POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1420 qdisc noqueue state UNKNOWN mode DEFAULT group default";
const eth =
  "2: eth0    inet 192.168.1.5/24 brd 192.168.1.255 scope global eth0\\       valid_lft forever preferred_lft forever";

test("WireGuard with a branch office behind a peer", () => {
  const found = vpn({
    links: `4: wg0: ${up} qlen 1000\\    link/none  promiscuity 0 minmtu 0 maxmtu 2147483552 \\    wireguard addrgenmode none numtxqueues 1`,
    addresses: `${eth}\n4: wg0    inet 10.99.0.1/24 scope global wg0\\       valid_lft forever preferred_lft forever`,
    routes:
      "default via 192.168.1.1 dev eth0\n10.99.0.0/24 dev wg0 proto kernel scope link src 10.99.0.1\n10.20.0.0/16 dev wg0 scope link\nlocal 10.99.0.1 dev wg0 table local proto kernel scope host src 10.99.0.1",
    processes: "",
  });
  expect(found).toEqual({ kinds: ["wireguard"], networks: ["10.99.0.1/24", "10.20.0.0/16", "10.99.0.0/24"] });
});

test("Tailscale, whose own address is alone in its network", () => {
  const found = vpn({
    links: `5: tailscale0: ${up} qlen 500\\    link/none  promiscuity 0 minmtu 68 maxmtu 65535 \\    tun type tun pi off vnet_hdr on persist off`,
    addresses: `${eth}\n5: tailscale0    inet 100.101.102.103/32 scope global tailscale0\\       valid_lft forever preferred_lft forever`,
    routes:
      "default via 192.168.1.1 dev eth0\n100.64.0.7 dev tailscale0 table 52\n100.100.100.100 dev tailscale0 table 52\nlocal 100.101.102.103 dev tailscale0 table local proto kernel scope host src 100.101.102.103",
    routes6:
      "fd7a:115c:a1e0::/48 dev tailscale0 table 52 metric 1024 pref medium\nmulticast ff00::/8 dev tailscale0 table local proto kernel metric 256 pref medium",
    processes: "700 0 0 0 tailscaled",
  });
  expect(found.kinds).toEqual(["tailscale"]);
  expect(found.networks).toEqual(["100.101.102.103/32", "100.64.0.7", "100.100.100.100", "fd7a:115c:a1e0::/48"]);
});

test.each([
  "tun type tun pi off vnet_hdr off persist off addrgenmode random",
  "ovpn-dco addrgenmode none",
  "ovpn mode mp addrgenmode none",
])("OpenVPN between two, over a link of kind %s", (kind) => {
  const found = vpn({
    links: `7: tun0: ${up} qlen 500\\    link/none  promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535 \\    ${kind} numtxqueues 1`,
    addresses: `${eth}\n7: tun0    inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0\\       valid_lft forever preferred_lft forever\n7: tun0    inet6 fe80::74f1:2587:13c7:cab9/64 scope link stable-privacy \\       valid_lft forever preferred_lft forever`,
    routes: "10.8.0.2 dev tun0 proto kernel scope link src 10.8.0.1\n10.20.0.0/16 via 10.8.0.2 dev tun0",
    routes6: "fe80::/64 dev tun0 proto kernel metric 256 pref medium",
    processes: "800 0 0 0 openvpn",
  });
  expect(found).toEqual({ kinds: ["openvpn"], networks: ["10.8.0.2/32", "10.8.0.2", "10.20.0.0/16"] });
});

test("a tunnel that takes all traffic is no network of its own", () => {
  const found = vpn({
    links: `6: tun0: ${up} qlen 500\\    link/none  promiscuity 0 minmtu 68 maxmtu 65535 \\    tun type tun pi off vnet_hdr off persist off`,
    addresses: `${eth}\n6: tun0    inet 10.8.0.6/24 scope global tun0\\       valid_lft forever preferred_lft forever`,
    routes:
      "0.0.0.0/1 via 10.8.0.1 dev tun0\n128.0.0.0/1 via 10.8.0.1 dev tun0\n10.8.0.0/24 dev tun0 proto kernel scope link src 10.8.0.6",
    processes: "800 0 0 0 openvpn",
  });
  expect(found).toEqual({ kinds: ["openvpn"], networks: ["10.8.0.6/24"] });
});

test("a tunnel that no daemon holds is no VPN", () => {
  expect(value(read(captured("iptables-1.8.9/empty")), "vpn")).toMatchObject({ kinds: [] });
});

test("where processes cannot be seen it is not known", () => {
  const frames = output([
    ["addresses", eth],
    ["links", `2: eth0: ${up}`],
    ["routes", ""],
    ["routes", ""],
  ]);
  expect(attempt(read(frames), "vpn").status).toBe("failed");
});
