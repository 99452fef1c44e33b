import proxyAddr from "@fastify/proxy-addr";
import type { IncomingMessage } from "node:http";

/** Whose word is taken for where a request comes from: addresses and networks of proxies, or how many proxies there are; null = nobody's. */
export type TrustedProxies = string | number | null;

/** Whether a proxy is believed, by its address and how many stand between it and us; false = none is. */
export function trustOf(proxies: TrustedProxies): ((address: string, hop: number) => boolean) | false {
  if (proxies === null) return false;
  // Anybody can write the headers that proxies write.
  return typeof proxies === "number" ? (_address, hop) => hop < proxies : proxyAddr.compile(proxies.split(",").map((network) => network.trim()));
}

/** Where a request comes from, as far as that is to be believed. */
export function clientAddressBy(proxies: TrustedProxies): (request: Pick<IncomingMessage, "headers" | "socket">) => string {
  const trust = trustOf(proxies);
  // What is cast reads no more of a request than this.
  return trust ? (request) => proxyAddr(request as IncomingMessage, trust) : ({ socket }) => socket.remoteAddress ?? "";
}
