declare module "net-ping" {
  export interface Session {
    pingHost(target: string, callback: (error: Error | null, target: string) => void): void;
    on(event: "error", listener: (error: Error) => void): void;
    close(): void;
  }
  export const NetworkProtocol: { readonly IPv4: 1; readonly IPv6: 2 };
  export function createSession(options: {
    networkProtocol: 1 | 2;
    retries: number;
    timeout: number;
    sessionId: number;
    packetSize: number;
  }): Session;
}
