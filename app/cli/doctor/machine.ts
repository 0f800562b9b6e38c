import { createPublicKey, type KeyObject } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { boundedText } from '../../../gateway/client/offers/boundedText.ts'
import { isGatewayError } from '../../../gateway/errors/gatewayError.ts'
import { checkFree } from '../listen.ts'
import { bad, type Finding, good, warn } from './finding.ts'

const NODE_WANTED = 24
const MB = 1_048_576
/** Below the first the journal may soon not be written; below the second there is little room for snapshots. */
const DISK_MB = { bad: 256, warn: 2_048 }
const CLOCK_S = { warn: 2, bad: 30 }
const DEADLINE_MS = 10_000

/** The Node that runs this, which is the one that would run a gateway. */
export function nodeFinding(): Finding {
  const { node } = process.versions
  if (Number.parseInt(node, 10) >= NODE_WANTED) return good('node', `${node} on ${process.platform} ${process.arch}`)
  return bad('node', `${node} is too old`, `Install Node ${NODE_WANTED} or newer.`)
}

/** Room and rights where the books are, or will be. */
export function diskFinding(folder: string): Finding {
  const there = nearest(resolve(folder))
  try {
    accessSync(there, constants.W_OK)
  } catch {
    return bad('disk', `${there} can not be written to`, 'Give the gateway’s user the folder, or name another dataDir.')
  }
  const { bavail, bsize } = statfsSync(there, { bigint: true })
  const free = (bavail * bsize) / BigInt(MB)
  const detail = `${free} MB free for ${folder}`
  if (free < DISK_MB.bad) return bad('disk', detail, 'Make room: without it the journal can not be written, and the gateway ends.')
  return free < DISK_MB.warn ? warn('disk', detail, 'Make room before it is needed.') : good('disk', detail)
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder))
}

/** Whether the place can be listened on. The gateway of `dataDir` that runs there already is what was wanted; any other keeps it from starting. */
export async function portFinding(place: Readonly<{ host: string; port: number }>, dataDir?: string): Promise<Finding> {
  const where = `${place.host}:${place.port}`
  try {
    await checkFree(place)
    return good('port', `${where} is free`)
  } catch (error) {
    if (!isGatewayError(error, 'address_unavailable')) throw error
    const theirs = await receiptKeyAt(place)
    if (!theirs) return bad('port', error.shortMessage, error.hint)
    const named = `a gateway runs at ${where}`
    if (dataDir === undefined) return warn('port', named, 'Whether it is yours is told with --config.')
    const ours = ownReceiptKey(dataDir)
    if (ours === 'unreadable') return warn('port', named, `Whether it is this one is told to who may read ${dataDir}.`)
    if (ours?.equals(theirs)) return good('port', `this gateway runs at ${where}`)
    return bad('port', `${where} is in use by another program: a gateway with other receipts`, error.hint)
  }
}

/** What a gateway there signs receipts with: no two have the same. */
async function receiptKeyAt({ host, port }: Readonly<{ host: string; port: number }>): Promise<KeyObject | undefined> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/.well-known/switchyard/receipt-key.pem`
  const response = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) }).catch(() => undefined)
  return publicKey((response?.ok && (await boundedText(response).catch(() => ''))) || '')
}

function ownReceiptKey(dataDir: string): KeyObject | 'unreadable' | undefined {
  try {
    return publicKey(readFileSync(join(dataDir, 'receipt-key.pem'), 'utf8'))
  } catch (error) {
    // Without the file no gateway has run on this folder.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : 'unreadable'
  }
}

/** The public half of a key in PEM; undefined for any other text. */
function publicKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

/** Our clock against that of a server, which says its time to the second (RFC 9110, Date). Signatures and invoices live for minutes. */
export async function clockFinding(url: string | undefined): Promise<Finding> {
  const not = (why: string) => warn('clock', `not compared: ${why}`, 'See that the machine’s clock is kept by NTP.')
  if (url === undefined) return not('the configuration names no server')
  const asked = Date.now()
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(DEADLINE_MS) }).catch(() => undefined)
  const theirs = Date.parse(response?.headers.get('date') ?? '')
  const { host } = new URL(url)
  if (Number.isNaN(theirs)) return not(`${host} does not say the time`)
  // Half of the way there and back, and half a second because theirs is cut off.
  const offMs = theirs + 500 - (asked + Date.now()) / 2
  const seconds = Math.round(Math.abs(offMs) / 1000) // not money: seconds
  if (seconds <= CLOCK_S.warn) return good('clock', `within ${CLOCK_S.warn} s of ${host}`)
  const detail = `${seconds} s ${offMs > 0 ? 'behind' : 'before'} ${host}`
  const mend = 'Let NTP keep the clock (timedatectl set-ntp true).'
  return seconds > CLOCK_S.bad ? bad('clock', detail, mend) : warn('clock', detail, mend)
}
