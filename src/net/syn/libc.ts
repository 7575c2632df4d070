import { createRequire } from "node:module";

/** Calls into the C library, in its own terms (man 2 socket and the pages it names); each gives -1 for an error. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Buffer, length: number): number;
  bind(fd: number, address: Buffer, length: number): number;
  connect(fd: number, address: Buffer, length: number): number;
  getsockname(fd: number, address: Buffer, length: Buffer): number;
  send(fd: number, buffer: Buffer, length: number, flags: number): number;
  sendto(fd: number, buffer: Buffer, length: number, flags: number, address: Buffer, addressLength: number): number;
  recv(fd: number, buffer: Buffer, length: number, flags: number): number;
  close(fd: number): number;
  /** Number of the last error. */
  errno(): number;
}

let loaded: Libc | string | undefined;

/** The C library of this machine, or why there is none to be had. Loaded once; only Linux has what a raw scan needs. */
export function loadLibc(): Libc | string {
  loaded ??= load();
  return loaded;
}

function load(): Libc | string {
  if (process.platform !== "linux") return "raw packets are sent on Linux only";
  try {
    // An optional package: a machine without it scans by connecting.
    const koffi: typeof import("koffi") = createRequire(import.meta.url)("koffi");
    const library = koffi.load(null);
    return {
      socket: library.func("int socket(int domain, int type, int protocol)"),
      setsockopt: library.func("int setsockopt(int fd, int level, int name, void *value, unsigned int length)"),
      bind: library.func("int bind(int fd, void *address, unsigned int length)"),
      connect: library.func("int connect(int fd, void *address, unsigned int length)"),
      getsockname: library.func("int getsockname(int fd, _Inout_ void *address, _Inout_ void *length)"),
      send: library.func("long send(int fd, void *buffer, size_t length, int flags)"),
      sendto: library.func(
        "long sendto(int fd, void *buffer, size_t length, int flags, void *address, unsigned int addressLength)",
      ),
      recv: library.func("long recv(int fd, void *buffer, size_t length, int flags)"),
      close: library.func("int close(int fd)"),
      errno: () => koffi.errno(),
    };
  } catch (error) {
    return `the package koffi does not load (${error instanceof Error ? error.message : String(error)})`;
  }
}
