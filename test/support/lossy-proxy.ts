import { createServer, connect, type AddressInfo, type Socket } from "node:net";

/** Stands between a client and a server, to lose what the server answers: what was asked for happens, and nobody learns of it. */
export interface LossyProxy {
  readonly port: number;
  /** From now on requests still arrive and answers do not. */
  loseAnswers(): void;
  /** Cuts all connections; those made from now on go to `port`, in both directions. */
  reconnectTo(port: number): void;
  close(): Promise<void>;
}

export async function openLossyProxy(target: number): Promise<LossyProxy> {
  let port = target;
  let losesAnswers = false;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    keep(client);
    keep(upstream);
    client.on("data", (data) => upstream.write(data));
    upstream.on("data", (data) => losesAnswers || client.write(data));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => losesAnswers || client.destroy());
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    loseAnswers: () => (losesAnswers = true),
    reconnectTo: (other) => {
      port = other;
      losesAnswers = false;
      cut();
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
