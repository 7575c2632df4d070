import { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";

/**
 * A channel as a stream that behaves as a socket does. A channel of ssh2 itself is never destroyed, and a write to one that has closed is
 * never called back.
 */
export function channelStream(channel: ClientChannel): Duplex {
  let closed = false;
  let written: ((error?: Error) => void) | undefined;
  const broken = () => Object.assign(new Error("the channel is closed"), { code: "EPIPE" });
  const stream = new Duplex({
    allowHalfOpen: false,
    read: () => {
      channel.resume();
    },
    write: (chunk: Buffer, _encoding, callback) => {
      if (closed) return callback(broken());
      written = callback;
      channel.write(chunk, () => {
        written = undefined;
        callback();
      });
    },
    final: (callback) => {
      if (!closed) channel.end();
      callback();
    },
    destroy: (error, callback) => {
      channel.close();
      // Whatever still comes is nobody's.
      channel.resume();
      callback(error);
    },
  });
  channel.on("data", (chunk: Buffer) => {
    if (!stream.destroyed && !stream.push(chunk)) channel.pause();
  });
  channel.stderr.resume();
  channel.on("end", () => stream.push(null));
  channel.on("close", () => {
    closed = true;
    stream.push(null);
    written?.(broken());
  });
  channel.on("error", () => stream.destroy());
  // A stream without a listener for errors would end the program; who uses it listens too.
  stream.on("error", () => undefined);
  return stream;
}
