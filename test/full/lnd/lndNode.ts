import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type AuthenticatedLnd, authenticatedLndGrpc, getWalletInfo } from 'lightning'
import { lndCall, messageOf } from '../../../adapters/lightning/lnd/node/lndCall.ts'
import { NO_PROGRESS_MS } from '../../../gateway/ports/patience.ts'
import { until } from '../../../world/lightning/until.ts'
import type { Btcd } from './btcd.ts'
import { type Program, startProgram } from './program.ts'

const CALL_DEADLINE_MS = 5_000

/** One LND of the network, with everything an administrator has. */
export type LndNode = Readonly<{
  lnd: AuthenticatedLnd
  alias: string
  nodeId: string
  socket: string
  /** Base64, as an operator would configure it. */
  cert: string
  adminMacaroon: string
  /** Where its peers reach it. */
  peerPort: number
  /** Ends it at once, as a power cut does. */
  kill: () => Promise<void>
  /** Starts it again after `kill`; resolves when it answers. */
  start: () => Promise<void>
  output: () => string
  processId: () => number
}>

type Place = Readonly<{
  program: string
  folder: string
  alias: string
  rpcPort: number
  peerPort: number
  btcd: Btcd
  flags?: readonly string[]
}>

/** Starts an LND on this chain and waits until it answers. */
export async function startLnd(place: Place): Promise<LndNode> {
  mkdirSync(place.folder, { recursive: true })
  const { folder, alias, rpcPort, peerPort } = place
  const certFile = join(folder, 'tls.cert')
  const macaroonFile = join(folder, 'data', 'chain', 'bitcoin', 'regtest', 'admin.macaroon')
  const socket = `localhost:${rpcPort}`
  let daemon = startProgram(place.program, flagsOf(place))
  await untilStarted(daemon, `${alias} has its macaroon`, async () => {
    // LND makes each file first and writes it then: an empty macaroon would be refused for ever.
    return [certFile, macaroonFile].every(isWritten) ? undefined : 'a file is not written yet'
  })
  const [cert, adminMacaroon] = [certFile, macaroonFile].map((file) => readFileSync(file).toString('base64')) as [string, string] // Two files.
  const { lnd } = authenticatedLndGrpc({ cert, macaroon: adminMacaroon, socket })
  const answering = async () => {
    let nodeId = ''
    await untilStarted(daemon, `${alias} answers`, async () => {
      try {
        const info = await lndCall('who it is', CALL_DEADLINE_MS, () => getWalletInfo({ lnd }))
        nodeId = info.public_key
        return undefined
      } catch (error) {
        return messageOf(error)
      }
    })
    return nodeId
  }
  const nodeId = await answering()
  return {
    lnd,
    alias,
    nodeId,
    socket,
    cert,
    adminMacaroon,
    peerPort,
    kill: () => daemon.stop(),
    start: async () => {
      daemon = startProgram(place.program, flagsOf(place))
      await answering()
    },
    output: () => daemon.output(),
    processId: () => daemon.processId!, // It answered.
  }
}

/**
 * Waits until `lacks` says that nothing is lacking any more. A start that ends, or that nothing comes of in `deadlineMs`, throws with what was lacking last
 * and with the last that the daemon printed.
 */
export async function untilStarted(
  daemon: Pick<Program, 'running' | 'output'>,
  what: string,
  lacks: () => Promise<string | undefined>,
  deadlineMs = NO_PROGRESS_MS,
): Promise<void> {
  let lacking: string | undefined
  try {
    await until(deadlineMs, what, async () => {
      if (!daemon.running()) throw new Error(`${what}: it ended`)
      lacking = await lacks()
      return lacking === undefined
    })
  } catch (cause) {
    throw new Error(`${messageOf(cause)}; ${lacking ?? 'nothing was lacking'}; it printed last:\n${daemon.output()}`, { cause })
  }
}

function isWritten(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0
}

/** As LND's own tests start it: quick to connect, to gossip and to write; and a wallet without a password, which no real one should be. */
function flagsOf({ folder, alias, rpcPort, peerPort, btcd, flags = [] }: Place): string[] {
  return [
    ...['--noseedbackup', `--lnddir=${folder}`, '--bitcoin.regtest', '--bitcoin.node=btcd', `--btcd.rpchost=localhost:${btcd.rpcPort}`],
    ...[`--btcd.rpcuser=${btcd.user}`, `--btcd.rpcpass=${btcd.user}`, `--btcd.rpccert=${btcd.certFile}`],
    ...[`--listen=127.0.0.1:${peerPort}`, `--externalip=127.0.0.1:${peerPort}`, `--rpclisten=localhost:${rpcPort}`],
    ...(flags.some((flag) => flag.startsWith('--restlisten')) ? [] : ['--norest']),
    ...[`--alias=${alias}`, '--nobootstrap', '--debuglevel=info', '--logging.file.disable', '--bitcoin.defaultchanconfs=1'],
    ...['--bitcoin.defaultremotedelay=4', '--accept-keysend', '--trickledelay=50', '--gossip.sub-batch-delay=5ms'],
    ...['--historicalsyncinterval=1s', '--caches.rpc-graph-cache-duration=100ms', '--db.batch-commit-interval=10ms'],
    ...['--keep-failed-payment-attempts', '--minbackoff=250ms', '--maxbackoff=1s', '--maxpendingchannels=10'],
    ...flags,
  ]
}
