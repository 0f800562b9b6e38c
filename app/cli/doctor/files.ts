import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewayConfig } from '../../config/config.ts'
import { bad, type Finding, good } from './finding.ts'

/** Files with secrets in them that others on this machine could read. */
export function modeFindings(files: readonly string[], config: GatewayConfig | undefined): Finding[] {
  const all = [...files, ...(config ? [join(config.dataDir, 'receipt-key.pem'), ...macaroons(config)] : [])].filter((file) =>
    existsSync(file),
  )
  const open = all.filter((file) => (statSync(file).mode & 0o077) !== 0)
  if (open.length > 0) return open.map((file) => bad('files', `others can read ${file}`, `chmod 600 ${file}`))
  return all.length === 0 ? [] : [good('files', `${all.join(', ')}: yours alone`)]
}

function macaroons({ lightning }: GatewayConfig): string[] {
  if (!lightning || !('lnd' in lightning)) return []
  const { macaroon } = lightning.lnd
  return typeof macaroon === 'string' ? [macaroon] : [macaroon.receive, macaroon.pay]
}
