import { join } from 'node:path'
import type { Logger } from 'pino'
import { openEvmRail } from '../../adapters/evm/rail.ts'
import { STRIPE_RAIL } from '../../adapters/stripe/destination.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { refOf } from '../../gateway/payins/intent/refOf.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { RailName } from '../../gateway/ports/railName.ts'
import type { RailState } from '../../gateway/ports/railState.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { Statement } from '../../gateway/ports/statement.ts'
import type { EvmChainConfig, GatewayConfig } from '../config/config.ts'
import { coinOf, tokenOf } from './assetTable.ts'
import { checkedRail } from './checkedRail.ts'
import { closedBank, closedChain, closedLightning, closedStripe, closedUsBank } from './closedRails.ts'
import { checkCustomRails, receiving } from './customRails.ts'
import { openFeeSchedules, scheduleProblems } from './feeSchedules.ts'
import { openLate } from './lateRail.ts'
import { openBank, openUsBank } from './openBanks.ts'
import { type LightningFace, openLightning } from './openLightning.ts'
import { openStripe } from './openStripe.ts'

/** The rails that are open, each under the ports that it serves. */
export type Rails = Awaited<ReturnType<typeof openRails>>

type Parts = Readonly<{ clock: Clock; logger: Logger }>
/** `custom`: rails that the program brings, which are open already. */
type Given = Parts & Readonly<{ custom?: readonly CustomRail[] }>

/** Opens every rail that is configured, all at once. One that cannot be opened is closed until a later try succeeds; the others do not wait for it. */
export async function openRails(config: GatewayConfig, o: Given) {
  const { clock, logger } = o
  const log = (line: string) => logger.warn(line)
  checkCustomRails(o.custom ?? [], config)
  const checked = (o.custom ?? []).map((rail) => checkedRail(rail, { log: (line) => logger.error({ rail: rail.rail }, line) }))
  const custom = checked.map(({ face }) => face)
  const file = (name: string) => join(config.dataDir, name)
  const { lightning: l } = config
  const { now } = clock
  const schedules = openFeeSchedules(config, now())
  const late = { now, log: (state: RailState) => logRail(logger, state) }
  const accounts = openingAccounts(config, { ...late, clock, schedules, file })
  const opening = [
    Promise.all(
      config.evm.map((chain) =>
        openLate({
          ...late,
          rail: `evm:${chain.chainId}`,
          open: () => openChain(chain, { ...o, dataFile: file(`evm-${chain.chainId}.db`) }),
          closed: (waiting) => closedChain(chain, waiting),
        }),
      ),
    ),
    l &&
      openLate<LightningFace>({
        ...late,
        rail: 'lightning',
        open: () => openLightning({ ...config, lightning: l }, { clock, log }),
        closed: (waiting) => closedLightning({ embedded: !('lnd' in l) }, waiting),
      }),
    ...accounts,
  ] as const
  const [chains, lightning, bank, usBank, stripe] = await Promise.all(opening)
  const all = [...chains, lightning, bank, usBank, stripe].filter((rail) => rail !== undefined)
  const faces = all.map(({ face }) => face)
  const since = now()
  return {
    chains: chains.map(({ face }) => face),
    lightning: lightning?.face,
    bank: bank?.face,
    /** What rails charge by their price lists. */
    schedules,
    /** Coins that the operator can have sent; an LND keeps its own. */
    chainWallet: lightning?.face.wallet && { ...lightning.face.wallet, rail: lightning.face.rail },
    names: [...all.map(({ face, state }) => railName(face, state())), ...custom.map(({ rail }) => rail)],
    receivers: [...(faces as Receiver[]), ...receiving(custom)],
    senders: [...faces, ...(usBank?.face.sameDay ? [usBank.face.sameDay] : []), ...custom] as Sender[],
    statements: [...faces, ...custom].map((rail) => ({ rail: rail.rail as RailName, statement: rail as Statement })),
    /** Rails that close their days, with their statements line by line. */
    closing: [bank, usBank].flatMap((one) => (one ? [{ rail: one.face.rail as RailName, days: one.face.closedDays }] : [])),
    /** Which rails are open, and why one is not. */
    states: () => [...all.map(({ state }) => state()), ...custom.map(({ rail }): RailState => ({ rail, open: true, since }))],
    /** The bank reference that tops up a party's balance, where there is a bank. */
    topUpReference: bank && ((party: string) => topUpReference(bank.face, party)),
    /** What a person should see, such as a refused bank file. */
    problems: () => [
      ...all.flatMap(({ state }) => closedProblem(state())),
      ...scheduleProblems(config, schedules, now()),
      ...(bank?.face.problems() ?? []).map(({ what, detail }) => ({ rail: 'bank', what, detail })),
      ...(usBank?.face.problems() ?? []).map(({ what, detail }) => ({ rail: 'bank:us', what, detail })),
      ...(stripe?.face.problems() ?? []).map(({ what, detail }) => ({ rail: STRIPE_RAIL, what, detail })),
      ...checked.flatMap((rail) => rail.problems()),
    ],
    close: () => Promise.allSettled([...faces, ...custom].map((rail) => rail.close())),
  }
}

type Banking = Readonly<{
  clock: Clock
  schedules: ReturnType<typeof openFeeSchedules>
  file: (name: string) => string
  now: () => number
  log: (state: RailState) => void
}>

/** The accounts at banks in euros and in dollars, and the one at Stripe, where they are configured. */
function openingAccounts({ bank: b, usBank: u, stripe: s }: GatewayConfig, { clock, schedules, file, ...late }: Banking) {
  return [
    b &&
      openLate({
        ...late,
        rail: 'bank',
        open: () => openBank(b, { clock, schedules, dataFile: file('bank.db') }),
        closed: (waiting) => closedBank(b, waiting),
      }),
    u &&
      openLate({
        ...late,
        rail: 'bank:us',
        open: () => openUsBank(u, { clock, schedules, dataFile: file('bank-us.db') }),
        closed: (waiting) => closedUsBank(u, waiting),
      }),
    s &&
      openLate({
        ...late,
        rail: STRIPE_RAIL,
        open: () => openStripe(s, { clock, schedules, dataFile: file('stripe.db') }),
        closed: (waiting) => closedStripe(s, waiting),
      }),
  ] as const
}

/** "lightning (LND alice 0.21.2-beta)", "evm:8453 (closed: ...)", for the start's own lines. */
function railName({ rail, ...face }: Readonly<{ rail: string }>, { open, detail }: RailState): string {
  if (!open) return `${rail} (closed: ${detail})`
  return 'name' in face && typeof face.name === 'string' ? `${rail} (LND ${face.name})` : rail
}

function logRail(logger: Logger, { rail, open, reason, detail }: RailState): void {
  if (open) logger.warn({ rail }, `${rail} is open now`)
  else logger.error({ rail, reason }, `${rail} is closed and tried again: ${detail}`)
}

function closedProblem({ rail, open, detail = '' }: RailState) {
  return open ? [] : [{ rail, what: 'the rail is closed', detail }]
}

function openChain(chain: EvmChainConfig, { clock, logger, dataFile }: Parts & { dataFile: string }) {
  const { chainId, rpcUrls, token, hub, operatorKey, laneKeys, finality, firstBlock, pollMs, l1DataFee, batchSettlement } = chain
  return openEvmRail({
    rpcUrls,
    chainId,
    gasAsset: coinOf(chain),
    dataFile,
    finality,
    firstBlock: BigInt(firstBlock),
    pollMs,
    clock,
    // The configuration matched them by their patterns.
    hub: hub as Hex,
    operatorKey: operatorKey as Hex,
    laneKeys: laneKeys as Hex[],
    token: { address: token.address as Hex, name: token.name, version: token.version, asset: tokenOf(chain), signed: token.signed },
    ...(batchSettlement ? { x402Channels: batchSettlement } : {}),
    l1DataFee: l1DataFee === 'none' ? l1DataFee : { oracle: l1DataFee.oracle as Hex },
    log: (line) => logger.warn({ rail: `evm:${chainId}` }, line),
  })
}

/** A party tops up whenever it likes, so its reference is for no time that money on its way could miss. */
async function topUpReference(bank: Receiver, party: string): Promise<string> {
  const terms = { amount: money(EUR, 10_000n), ref: refOf(party), expiresAt: Number.MAX_SAFE_INTEGER, description: 'top up' } // not money: a time
  return (await bank.offer(terms)).reference
}
