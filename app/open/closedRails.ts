import { privateKeyToAddress } from 'viem/accounts'
import { accountKey, ownUsAccount, refuseUsAccount } from '../../adapters/bank/ach/usAccount.ts'
import type { AchRail } from '../../adapters/bank/achRail.ts'
import type { BankRail } from '../../adapters/bank/rail.ts'
import { compactIban, ownIban, refuseDestination } from '../../adapters/bank/sepa/destination.ts'
import { ownAccount } from '../../adapters/evm/ownAccounts.ts'
import type { EvmRail } from '../../adapters/evm/railFaces.ts'
import { checkDestination } from '../../adapters/evm/work/payouts.ts'
import { refuseDestination as refuseStripeDestination, STRIPE_RAIL } from '../../adapters/stripe/destination.ts'
import type { StripeRail } from '../../adapters/stripe/rail.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { BTC, EUR, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { HoldInvoices, HoldState } from '../../gateway/ports/holdInvoices.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { ClosedDays, Statement } from '../../gateway/ports/statement.ts'
import type { EvmChainConfig, GatewayConfig } from '../config/config.ts'
import type { StripeConfig } from '../config/stripeConfig.ts'
import { coinOf, tokenOf } from './assetTable.ts'
import type { Opening } from './lateRail.ts'
import type { LightningFace } from './openLightning.ts'
import { currencyOf } from './openStripe.ts'

/** Where the embedded node says that its coins are. */
const WALLET_PLACE = 'wallet'
/** What may be under way on a rail that is closed is asked for again after this. */
const CHECK_AFTER_MS = 5_000

/** A chain that is not open: nothing is offered or sent there, and what was sent before is unknown until it opens. */
export function closedChain(chain: EvmChainConfig, opening: Opening<EvmRail>): EvmRail {
  const { chainId, token, hub } = chain
  // The configuration matched them by their patterns.
  const addressOf = (key: string) => privateKeyToAddress(key as Hex).toLowerCase() as Hex
  const operator = addressOf(chain.operatorKey)
  const [address, hubAddress] = [token.address.toLowerCase() as Hex, hub.toLowerCase() as Hex]
  const free = () => money(coinOf(chain), 0n)
  const rail = evmRail(chainId)
  // The receivers of splits are in the rail's own file.
  const ours = { rail, operators: [operator, ...chain.laneKeys.map(addressOf)], hub: hubAddress, isReceiver: () => false }
  return {
    ...closedPorts(opening),
    rail,
    check: (destination) => checkDestination({ token: address, hub: hubAddress }, destination),
    owns: (destination) => ownAccount(ours, destination),
    asset: tokenOf(chain),
    operator,
    serves: ['evm_address'],
    feesComeBy: 'stream',
    place: { chainId, hub: hubAddress, token: address, tokenName: token.name, tokenVersion: token.version, closer: operator },
    cost: free,
    secondsToFunds: () => 0n,
    openCost: free,
    closeCost: free,
    claimCost: free,
    collectionCost: free,
    pots: () => refused(opening),
    channels: () => refused(opening),
    collect: unknown,
    // The same may have been sent before the gateway stopped.
    collectIfGood: unknown,
    askCode: () => refused(opening),
    lookupCollection: unknown,
    spending: async () => undefined,
    signers: ours.operators,
    tryAuthorization: () => refused(opening),
    sightOf: async () => undefined,
    useOf: async () => undefined,
    sweep: unknown,
    claim: unknown,
    shareHeld: () => refused(opening),
    splitCost: free,
    x402DepositCost: free,
    x402ClaimCost: free,
    x402RefundCost: free,
    x402Channels: () => refused(opening),
    x402Deposit: unknown,
    x402Claim: unknown,
    x402Refund: unknown,
    x402RefundNonce: () => refused(opening),
    openChannel: unknown,
    closeChannel: unknown,
    claimPacked: unknown,
    watchSplit: (splitId) => opening.onOpen((rail) => rail.watchSplit(splitId)),
    watchChannel: (channelId, splitId) => opening.onOpen((rail) => rail.watchChannel(channelId, splitId)),
    close: async () => undefined,
  }
}

/** A Lightning node that is not open. `embedded`: whether it is one of ours, which has a wallet and makes reusable offers. */
export function closedLightning({ embedded }: { embedded: boolean }, opening: Opening<LightningFace>): LightningFace {
  const own: Pick<LightningFace, 'reusableOffer' | 'wallet' | 'serves'> = {
    serves: ['lightning_invoice', 'lightning_offer', 'lightning_node'],
    reusableOffer: () => refused(opening),
    wallet: {
      place: WALLET_PLACE,
      planWithdrawal: () => refused(opening),
      withdraw: async () => ({ outcome: await unknown(), transaction: undefined, confirmations: 0 }),
    },
  }
  return {
    ...closedPorts(opening),
    rail: 'lightning',
    asset: BTC,
    nodeId: () => undefined,
    serves: ['lightning_invoice', 'lightning_node'],
    ...(embedded ? own : {}),
    feesComeBy: 'outcome',
    report: () => refused(opening),
    holds: closedHolds(opening),
    close: async () => undefined,
  }
}

/** A bank whose folder or file is not there. */
export function closedBank({ account }: NonNullable<GatewayConfig['bank']>, opening: Opening<BankRail>): BankRail {
  const iban = compactIban(account.iban)
  return {
    ...closedPorts(opening),
    check: (destination) => refuseDestination(destination, iban),
    owns: (destination) => ownIban(destination, iban),
    rail: 'bank',
    asset: EUR,
    serves: ['iban'],
    feesComeBy: 'stream',
    secondsToFunds: () => 0n,
    closedDays: closedStatements(),
    recallable: () => {
      throw closed(opening)
    },
    recall: () => refused(opening),
    problems: () => [],
    close: async () => undefined,
  }
}

/** A US bank whose folder or file is not there. */
export function closedUsBank({ account, sameDay }: NonNullable<GatewayConfig['usBank']>, opening: Opening<AchRail>): AchRail {
  const own = accountKey(account)
  const sender: Omit<Sender, 'rail'> = {
    ...closedPorts(opening),
    check: (destination) => refuseUsAccount(destination, own),
    owns: (destination) => ownUsAccount(destination, own),
    asset: USD,
    serves: ['us_account'],
    feesComeBy: 'stream',
  }
  return {
    ...closedPorts(opening),
    ...sender,
    rail: 'bank:us',
    feesComeBy: 'stream',
    paysOutOnly: true,
    sameDay: sameDay && { ...sender, rail: 'bank:us-same-day' },
    closedDays: closedStatements(),
    problems: () => [],
    close: async () => undefined,
  }
}

/** An account at Stripe that does not answer, or whose key it refuses. */
export function closedStripe(config: StripeConfig, opening: Opening<StripeRail>): StripeRail {
  return {
    ...closedPorts(opening),
    rail: STRIPE_RAIL,
    asset: currencyOf(config),
    serves: ['custom'],
    feesComeBy: 'outcome',
    check: refuseStripeDestination,
    cost: () => money(currencyOf(config), 0n),
    secondsToFunds: () => 0n,
    problems: () => [],
    close: async () => undefined,
  }
}

/** A bank that is not there has closed no days. */
function closedStatements(): ClosedDays {
  return {
    statements: async () => [],
    async *movements() {},
    knownAs: () => undefined,
    dueDay: () => '',
  }
}

/** What every closed rail has. A sender's optional members are named too: what a face does not name is never asked of the rail that opens late. */
type Ports = Pick<Receiver, 'offer' | 'settlements'> &
  Omit<Required<Sender>, 'rail' | 'asset' | 'serves' | 'feesComeBy'> &
  Required<Statement>

function closedPorts(opening: Opening<Receiver>): Ports {
  return {
    offer: () => refused(opening),
    async *settlements(after, { signal }) {
      const rail = await opening.opened(signal)
      if (rail) yield* rail.settlements(after, { signal })
    },
    check: () => undefined,
    railKey: () => undefined,
    owns: () => undefined,
    payeeHost: () => undefined,
    gasNow: () => undefined,
    estimate: async () => ({ kind: 'impossible', reason: 'never_sent', detail: `${opening.rail} is closed` }),
    send: unknown,
    lookup: unknown,
    balances: () => refused(opening),
    strangers: () => refused(opening),
  }
}

function closedHolds(opening: Opening<LightningFace>): HoldInvoices {
  const state = async (): Promise<HoldState> => ({ kind: 'unknown', checkAfterMs: CHECK_AFTER_MS, detail: `${opening.rail} is closed` })
  return {
    rail: 'lightning',
    asset: BTC,
    hold: () => refused(opening),
    async *held({ signal }) {
      const rail = await opening.opened(signal)
      if (rail) yield* rail.holds.held({ signal })
    },
    settle: state,
    cancel: state,
    lookup: state,
  }
}

/** Nothing is said about money by a rail that is not there. */
async function unknown(): Promise<Outcome> {
  return { kind: 'unknown', checkAfterMs: CHECK_AFTER_MS }
}

function closed({ rail }: Pick<Opening<unknown>, 'rail'>): GatewayError {
  return new GatewayError('rail_unavailable', `${rail} is closed: it could not be opened yet`, { meta: { rail } })
}

async function refused<T>(opening: Pick<Opening<unknown>, 'rail'>): Promise<T> {
  throw closed(opening)
}
