/** A tree head as C2SP tlog-checkpoint writes it: origin, size, root; further lines are nobody's business here. */
type TreeHead = Readonly<{ origin: string; size: number; root: Uint8Array }>

export function checkpointText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
}

/** Reads the text of a checkpoint; undefined when it is none. */
export function readCheckpoint(text: string): TreeHead | undefined {
  const [origin, size, hash] = text.split('\n')
  if (!origin || !size || !/^(0|[1-9][0-9]{0,15})$/.test(size) || !hash) return undefined
  const root = decodeHash(hash)
  return root && { origin, size: Number.parseInt(size, 10), root }
}

/** 32 bytes in base64, written the one right way. */
export function decodeHash(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.byteLength === 32 && bytes.toString('base64') === text ? bytes : undefined
}
