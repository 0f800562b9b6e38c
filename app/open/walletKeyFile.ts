import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { invariant } from '../../gateway/errors/invariant.ts'

const BYTES = 32

/** The key behind withdrawal links and apps' connections: made at the first start, kept beside the journal, readable by its owner only. */
export function walletKeyFile(dataDir: string): Buffer {
  const path = join(dataDir, 'wallet.key')
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(BYTES).toString('hex')}\n`, { mode: 0o600 })
    chmodSync(path, 0o600)
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex')
  invariant(key.length === BYTES, `${path} holds ${BYTES} bytes in hex`)
  return key
}
