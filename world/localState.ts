import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '../gateway/errors/gatewayError.ts'

/** What `npm start` leaves for other terminals while it runs: where the gateway is, the operator's key, and how to reach the world. */
export type LocalState = Readonly<{
  url: string
  key: string
  route: string
  split: string
  /** The gateway's own data. */
  dataDir: string
  world: Readonly<{
    chains: readonly { rpcUrl: string; chainId: number; hub: string; token: string; tokenName: string; tokenVersion: string }[]
    lightningUrl: string
    /** The Lightning Address of the customer. */
    lightningAddress: string
    bankUrl: string
    customers: readonly { address: string; privateKey: string }[]
    bankCustomers: readonly { id: string; iban: string }[]
    /** Accounts elsewhere whose payouts are refused, come back, or never end. */
    bankFates: Readonly<{ closed: string; returned: string; silent: string }>
  }>
}>

const folder = () => join(process.cwd(), '.switchyard')
const file = () => join(folder(), 'local.json')

/** Readable by its owner only; the keys in it are this local network's. */
export function writeLocalState(state: LocalState): void {
  mkdirSync(folder(), { recursive: true, mode: 0o700 })
  writeFileSync(file(), JSON.stringify(state, null, 2), { mode: 0o600 })
}

/** Removes what this gateway left; a file of another start stays. */
export function removeLocalState(key: string): void {
  if (existsSync(file()) && localState().key === key) rmSync(file(), { force: true })
}

/** The state of the running local network. */
export function localState(): LocalState {
  try {
    return JSON.parse(readFileSync(file(), 'utf8')) as LocalState
  } catch {
    throw new GatewayError('not_found', 'No local network runs from this folder', {
      hint: 'Start one with npm start, or say which gateway is meant: --url and --key, or --data.',
    })
  }
}
