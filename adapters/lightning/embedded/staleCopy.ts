import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

/** Beside the node's file while that is, or may be, older than what the node did. */
const MARK = 'stale.json'
const NODE_FILE = 'node.db'
/** Channels that a refusal names. */
const NAMED_MAX = 10

/**
 * Marks the node's folder as an older copy. To sign, or to broadcast, an older state of a channel is what its peer may punish by taking all of it, so a
 * node that is marked is not opened. Nothing is written where there is no node.
 */
export function markStale(dataDir: string, why: string): void {
  if (existsSync(join(dataDir, NODE_FILE))) writeFileSync(join(dataDir, MARK), `${JSON.stringify({ why })}\n`, { mode: 0o600 })
}

/** Throws `rail_unavailable`, with `stale` in its meta, for a folder that is marked; it names the channels and whom to ask. */
export function refuseStale(dataDir: string, peer: Readonly<{ nodeId: string; host: string; port: number }>): void {
  const mark = join(dataDir, MARK)
  if (!existsSync(mark)) return
  const { why } = JSON.parse(readFileSync(mark, 'utf8')) as { why: string } // As `markStale` writes it.
  const channels = channelsIn(join(dataDir, NODE_FILE))
  const named = channels.length === 0 ? 'It has no channel' : `Its channels: ${channels.slice(0, NAMED_MAX).join(', ')}`
  throw new GatewayError('rail_unavailable', `The Lightning node is not opened: its folder is an older copy (${why})`, {
    meta: { stale: true, channels: channels.length },
    hint:
      `${named}, all with ${peer.nodeId} at ${peer.host}:${peer.port}: it must close them from its side, because an older state of ours would be punished. ` +
      `Nobody else can say that the copy is the newest after all: then remove ${mark}.`,
  })
}

/** Ids of the channels that the file watches. */
function channelsIn(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return db
      .prepare('SELECT channel FROM monitors WHERE archived = 0 ORDER BY channel')
      .all()
      .map(({ channel }) => String(channel))
  } finally {
    db.close()
  }
}
