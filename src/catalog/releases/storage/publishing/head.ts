import type { ClientBase } from "pg";
import { RELEASE_CHANNEL, type Head, type NewRelease } from "../../publishing.js";
import type { Release } from "../../release.js";

/** Reads the head and holds it until the transaction ends, so that releases come one after another. The first thing that a publisher does. */
export async function lockHead(client: ClientBase): Promise<Head> {
  const { rows } = await client.query<{ release: bigint }>("select release from catalog_head for update");
  const number = Number(rows[0]?.release ?? 0n);
  // A statement of its own: the one above may have waited for another publisher, and would not see its release.
  const published = await client.query<{ published_at: Date }>("select published_at from release where number = $1", [number]);
  return { number, publishedAt: published.rows[0]?.published_at ?? null };
}

/** The release after `head`. No two are published in one instant, even if a clock goes back. */
export async function appendRelease(client: ClientBase, head: Head, { author, note, at }: NewRelease): Promise<Release> {
  const earliest = head.publishedAt === null ? at.getTime() : head.publishedAt.getTime() + 1;
  const release: Release = { number: head.number + 1, publishedAt: new Date(Math.max(at.getTime(), earliest)), author, note };
  await client.query("insert into release (number, published_at, author, note) values ($1, $2, $3, $4)", [release.number, release.publishedAt, author, note]);
  await client.query("update catalog_head set release = $1", [release.number]);
  await client.query("select pg_notify($1, $2)", [RELEASE_CHANNEL, String(release.number)]);
  return release;
}
