import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { bech32 } from '@scure/base'
import { NO_PROGRESS_MS } from '../../../gateway/ports/patience.ts'
import { until } from '../../../world/lightning/until.ts'
import { coinbaseSpend } from './coinbaseSpend.ts'
import { type Program, startProgram } from './program.ts'

const USER = 'dev'
/** Pays to P2WSH of OP_TRUE: whoever likes may spend it, so the chain needs no wallet. */
export const MINING_ADDRESS = 'bcrt1qft5p2uhsdcdc3l2ua4ap5qqfg4pjaqlp250x7us7a8qqhrxrxfsqseac85'
/** Coinbases can be spent a hundred blocks later. */
const MATURITY = 100
const RPC_DEADLINE_MS = 20_000

/** A coinbase that paid to OP_TRUE: its transaction, and the height that says how much. */
export type Coin = Readonly<{ txid: string; height: number }>

/** A chain of our own, mined by command. */
export type Btcd = Readonly<{
  rpcPort: number
  user: string
  certFile: string
  rpc: <T>(method: string, ...params: unknown[]) => Promise<T>
  height: () => Promise<number>
  mine: (blocks: number) => Promise<void>
  /** A coinbase that nobody has spent, which anybody may. */
  coin: () => Promise<Coin>
  /** Pays `sats` to each address out of a fresh coinbase, unconfirmed. */
  pay: (addresses: readonly string[], sats: bigint) => Promise<void>
  stop: () => Promise<void>
}>

/** Starts it in `folder`, and mines until the first coinbases can be spent. */
export async function startBtcd(program: string, folder: string, ports: readonly [rpc: number, peers: number]): Promise<Btcd> {
  mkdirSync(folder, { recursive: true })
  const at = (name: string) => join(folder, name)
  writeFileSync(at('empty.conf'), '')
  const [rpcPort, peerPort] = ports
  const daemon = startProgram(program, [
    ...['--regtest', `--configfile=${at('empty.conf')}`, `--datadir=${at('data')}`, `--logdir=${at('logs')}`],
    ...[`--rpcuser=${USER}`, `--rpcpass=${USER}`, `--rpclisten=127.0.0.1:${rpcPort}`, `--listen=127.0.0.1:${peerPort}`],
    ...[`--rpccert=${at('rpc.cert')}`, `--rpckey=${at('rpc.key')}`, '--txindex', '--nobanning', '--nostalldetect', '--nodnsseed'],
    ...['--trickleinterval=100ms', '--rpcmaxwebsockets=50', '--rpcmaxclients=50', `--miningaddr=${MINING_ADDRESS}`],
  ])
  const rpc = rpcClient(at('rpc.cert'), rpcPort)
  await until(NO_PROGRESS_MS, 'btcd answers', () => answers(daemon, at('rpc.cert'), () => rpc('getblockcount')))
  const btcd = chainOf(rpc)
  await btcd.mine(MATURITY + 1)
  return { ...btcd, rpc, rpcPort, user: USER, certFile: at('rpc.cert'), stop: () => daemon.stop() }
}

function chainOf(rpc: Btcd['rpc']): Pick<Btcd, 'height' | 'mine' | 'coin' | 'pay'> {
  let spentHeight = 0
  const coin = async (): Promise<Coin> => {
    spentHeight += 1
    const height = spentHeight
    const { tx } = await rpc<{ tx: string[] }>('getblock', await rpc<string>('getblockhash', height), 1)
    return { txid: tx[0]!, height }
  }
  return {
    height: () => rpc<number>('getblockcount'),
    mine: async (blocks) => void (await rpc('generate', blocks)),
    coin,
    pay: async (addresses, sats) => {
      const outputs = addresses.map((address) => ({ script: scriptOf(address), sats }))
      await rpc('sendrawtransaction', coinbaseSpend({ ...(await coin()), outputs, change: scriptOf(MINING_ADDRESS) }))
    },
  }
}

async function answers(daemon: Program, certFile: string, ask: () => Promise<unknown>): Promise<boolean> {
  if (!daemon.running()) throw new Error(`btcd ended:\n${daemon.output()}`)
  if (!existsSync(certFile)) return false
  return ask().then(
    () => true,
    () => false,
  )
}

/** JSON-RPC over TLS; the certificate is made at btcd's first start. */
function rpcClient(certFile: string, port: number): Btcd['rpc'] {
  let id = 0
  return <T>(method: string, ...params: unknown[]) =>
    new Promise<T>((resolve, reject) => {
      const body = JSON.stringify({ jsonrpc: '1.0', id: ++id, method, params })
      const call = request(
        { host: 'localhost', port, method: 'POST', auth: `${USER}:${USER}`, ca: readFileSync(certFile), timeout: RPC_DEADLINE_MS },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => {
            try {
              // btcd answers every call with one of the two.
              const answer = JSON.parse(Buffer.concat(chunks).toString()) as { result: T; error?: { message: string } | null }
              if (answer.error) reject(new Error(`${method}: ${answer.error.message}`))
              else resolve(answer.result)
            } catch (error) {
              reject(error)
            }
          })
        },
      )
      call.once('error', reject)
      call.once('timeout', () => call.destroy(new Error(`btcd did not answer ${method}`)))
      call.end(body)
    })
}

/** The script of a segwit address of version 0 (BIP 173). */
export function scriptOf(address: string): Uint8Array {
  const { words } = bech32.decode(address as `${string}1${string}`) // Decoding fails where it is not of this form.
  const program = bech32.fromWords(words.slice(1))
  return Uint8Array.from([0, program.length, ...program])
}
