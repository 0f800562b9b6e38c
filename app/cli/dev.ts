import { type LocalState, removeLocalState, writeLocalState } from '../../world/localState.ts'
import { type OpenYard, openYard, YardEnded } from '../yard/openYard.ts'
import { devNext } from './devNext.ts'
import { checkFree } from './listen.ts'
import { WrongWords } from './wrongWords.ts'

type Say = (line: string) => void
type Options = Readonly<{ port: string; data?: string | undefined; json?: boolean | undefined }>

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
const PORT_MAX = 65_535

/** The world and a gateway in it, one line per step, then what to type next, where the command is called `name`. */
export async function dev(o: Options, name: string): Promise<number> {
  const port = portOf(o.port)
  if (port !== 0) await checkFree({ host: '127.0.0.1', port })
  const say = sayer(o.json ?? false)
  const endAtOnce = () => process.exit(1)
  for (const signal of SIGNALS) process.once(signal, endAtOnce)
  const yard = await openYard({ port, data: o.data, onStep: say }).catch((error: unknown) => {
    if (error instanceof YardEnded) return error.exitCode
    throw error
  })
  if (typeof yard === 'number') return yard
  const close = async () => {
    removeLocalState(yard.key)
    await yard.close()
  }
  for (const signal of SIGNALS) {
    process.off(signal, endAtOnce)
    process.once(signal, () => void close())
  }
  const state = stateOf(yard)
  writeLocalState(state)
  say('ready')
  const { url, key, secondKey } = yard
  console.log(o.json ? JSON.stringify({ ready: { url, route: state.route, key, secondKey } }) : devNext(state, secondKey, name))
  const code = await yard.ended
  await close()
  return code
}

function sayer(json: boolean): Say {
  const started = performance.now()
  return (line) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1) // not money: seconds
    console.log(json ? JSON.stringify({ step: line, seconds }) : `${seconds.padStart(5)} s  ${line}`)
  }
}

function stateOf({ url, key, demo, dataDir, world }: OpenYard): LocalState {
  const chains = world.chains.map(({ rpcUrl, chainId, hub, token, tokenName, tokenVersion }) => ({
    rpcUrl,
    chainId,
    hub,
    token,
    tokenName,
    tokenVersion,
  }))
  const { rules } = world.bank
  return {
    url,
    key,
    route: `${url}${demo?.path ?? ''}`,
    split: demo?.split ?? '',
    dataDir,
    world: {
      chains,
      lightningUrl: world.lightning.controlUrl,
      lightningAddress: world.lightning.customer.address,
      bankUrl: world.bank.controlUrl,
      customers: world.chains[0].customers,
      bankCustomers: world.bank.customers,
      bankFates: { closed: rules.closedIban, returned: rules.returnedIban, silent: rules.silentIban },
    },
  }
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number.parseInt(text, 10) : PORT_MAX + 1
  if (port > PORT_MAX) throw new WrongWords(`--port is a whole number from 0 to ${PORT_MAX}, not ${text}`)
  return port
}
