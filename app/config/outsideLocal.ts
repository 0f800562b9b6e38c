import type { Refusal } from './refusal.ts'
import { type Setting, settingsOf } from './settings.ts'
import { isKnownKey, weaknessOf } from './weakSecret.ts'

type Fault = Readonly<{ message: string; hint: string }>
/** What is refused where. It reads values as they stand in the file, so that it can say all at once with what is wrong with their shape. */
type Rule = Readonly<{ at: RegExp; fault: (value: unknown, setting: string, all: ReadonlyMap<string, unknown>) => Fault | undefined }>

/** The chain ids of the local world, which no network uses. */
const LOCAL_CHAINS: readonly unknown[] = [31337, 31338]
const LOOPBACK: readonly unknown[] = ['127.0.0.1', '::1', 'localhost']

const always = (message: string, hint: string) => (): Fault => ({ message, hint })

/** A URL that can be read and has not this scheme. Nodes on this machine are asked without leaving it. */
function withoutTls(value: unknown, scheme: 'https:' | 'wss:', o: { loopback: boolean }): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (!url || url.protocol === scheme) return false
  return !(o.loopback && LOOPBACK.includes(url.hostname.replace(/^\[|\]$/g, '')))
}

function secretFault(value: unknown, setting: string): Fault | undefined {
  const weakness = typeof value === 'string' ? weaknessOf(value) : undefined
  const make = setting === 'operatorKey' ? 'echo "sk_$(openssl rand -hex 24)"' : 'openssl rand -base64 32'
  return weakness === undefined ? undefined : { message: `The secret ${setting} ${weakness}`, hint: `Make a random one: ${make}.` }
}

function keyFault(value: unknown, setting: string): Fault | undefined {
  if (typeof value !== 'string') return undefined
  const hint = 'Make a random one: echo "0x$(openssl rand -hex 32)". Move what the old account holds.'
  if (weaknessOf(value) !== undefined) return { message: `The key ${setting} has too little entropy`, hint }
  return isKnownKey(value) ? { message: `The key ${setting} is known to everybody: development tools hand it out`, hint } : undefined
}

const OUTSIDE_LOCAL: readonly Rule[] = [
  {
    at: /^network$/,
    fault: (value, _, all) =>
      value === 'mainnet' && !all.has('rates')
        ? {
            message: 'Mainnet needs live rates: prices that stand still would sell money below its worth',
            hint: 'Give rates in place of prices; {} asks all exchanges (docs/rates.md).',
          }
        : undefined,
  },
  {
    at: /^host$/,
    fault: (value, _, all) =>
      LOOPBACK.includes(value) || all.has('publicUrl')
        ? undefined
        : {
            message: `The gateway would listen on ${value === '' ? 'all addresses' : String(value)} without TLS`,
            hint: 'Listen on 127.0.0.1, or put a proxy with TLS before it and name its https address in publicUrl.',
          },
  },
  {
    at: /^publicUrl$/,
    fault: (value) =>
      withoutTls(value, 'https:', { loopback: false })
        ? { message: 'Payers would reach publicUrl without TLS', hint: 'Name an https address.' }
        : undefined,
  },
  { at: /^(challengeSecret|previousChallengeSecret|operatorKey)$/, fault: secretFault },
  { at: /^evm\.\d+\.(operatorKey|laneKeys\.\d+)$/, fault: keyFault },
  {
    at: /^evm\.\d+\.rpcUrls\.\d+$/,
    fault: (value, setting) =>
      withoutTls(value, 'https:', { loopback: true })
        ? { message: `The node ${setting} would be asked without TLS`, hint: 'Name an https address, or a node on 127.0.0.1.' }
        : undefined,
  },
  {
    at: /^evm\.\d+\.chainId$/,
    fault: (value) =>
      LOCAL_CHAINS.includes(value)
        ? { message: `Chain ${value} is a local test chain`, hint: 'Name the chain, RPC, token and hub of this network.' }
        : undefined,
  },
  {
    at: /^evm\.\d+\.finality\.depth$/,
    fault: (value, setting) =>
      value === 0
        ? { message: `With ${setting} 0 a block counts that the next one may replace`, hint: 'Give a depth, or the tag safe or finalized.' }
        : undefined,
  },
  {
    at: /^lightning$/,
    fault: (value) =>
      typeof value === 'object' && value !== null && 'lnd' in value
        ? undefined
        : { message: 'The embedded Lightning node runs on regtest only', hint: 'Name an LND node of this network: lightning.lnd.' },
  },
  {
    at: /^rates\.(?:urls\.[a-z]+|ecb\.url)$/,
    fault: (value, setting) =>
      withoutTls(value, 'https:', { loopback: false })
        ? { message: `The source of prices ${setting} would be asked without TLS`, hint: 'Name an https address, or leave it out.' }
        : undefined,
  },
  {
    at: /^stripe\.secretKey$/,
    fault: (value, _, all) => {
      const live = typeof value === 'string' && /^[sr]k_live_/.test(value)
      if (live === (all.get('network') === 'mainnet')) return undefined
      return live
        ? {
            message: 'The key stripe.secretKey moves real money, and this is a test network',
            hint: 'Name the key of test mode: sk_test_...',
          }
        : {
            message: 'The key stripe.secretKey is of test mode, and this is mainnet',
            hint: 'Name the live key: sk_live_..., or rk_live_...',
          }
    },
  },
  { at: /^stripe\.url$/, fault: always('The simulated Stripe is for the local network', 'Leave stripe.url out.') },
  {
    at: /^lnurl\.localHosts\.0$/,
    fault: always('Hosts of a private network are for the local network', 'Leave lnurl.localHosts out.'),
  },
  {
    at: /^nwc\.relays\.\d+$/,
    fault: (value) =>
      withoutTls(value, 'wss:', { loopback: false })
        ? { message: 'A relay is reached without TLS', hint: 'Name relays as wss://... in nwc.relays.' }
        : undefined,
  },
  {
    at: /^suspense\.aloneUsdMax$/,
    fault: (value, _, all) =>
      all.has('operators.0')
        ? undefined
        : {
            message: `Nobody could agree to what one operator asks for above ${typeof value === 'string' ? value.slice(0, 20) : 'this'} dollars`,
            hint: 'Name a second person in operators, or leave suspense.aloneUsdMax out.',
          },
  },
  {
    at: /^approvals\.(?:payoutsUsdMax|operatorKeys)$/,
    fault: (value, _, all) =>
      value === false || all.has('operators.0')
        ? undefined
        : { message: 'Nobody could agree to what one operator asks for', hint: 'Name a second person in operators, or leave this out.' },
  },
  { at: /^world$/, fault: always('The world is that of the local network', 'Leave world out.') },
  { at: /^demo$/, fault: always('The demo route is for the local network', 'Leave demo out.') },
]

const RAILS = ['evm.0', 'lightning', 'bank', 'usBank', 'stripe']
const NO_RAIL: Refusal = {
  setting: 'evm',
  message: 'The configuration names no rail, so no money could come or go',
  hint: 'Name a chain in evm, a node in lightning or an account in bank, usBank or stripe.',
}

const ON_LOCAL: readonly Rule[] = [
  {
    at: /^host$/,
    fault: (value) =>
      LOOPBACK.includes(value) ? undefined : { message: 'The local network has well-known keys', hint: 'Listen on 127.0.0.1.' },
  },
  {
    at: /^stripe\.secretKey$/,
    fault: (value) =>
      typeof value === 'string' && /^[sr]k_live_/.test(value)
        ? {
            message: 'The key stripe.secretKey moves real money, and this is the local network',
            hint: 'Name the key of test mode: sk_test_...',
          }
        : undefined,
  },
]

/** What the network of a configuration does not allow. */
export function networkRefusals(given: unknown): Refusal[] {
  const settings = settingsOf(given)
  const all = new Map<string, unknown>(settings)
  const local = all.get('network') === 'local'
  const rules = local ? ON_LOCAL : OUTSIDE_LOCAL
  const refusalsOf = ([setting, value]: Setting) =>
    rules.flatMap(({ at, fault }) => {
      const found = at.test(setting) ? fault(value, setting, all) : undefined
      return found ? [{ setting, message: found.message, hint: found.hint }] : []
    })
  return [...settings.flatMap(refusalsOf), ...(local || settings.length === 0 || RAILS.some((rail) => all.has(rail)) ? [] : [NO_RAIL])]
}
