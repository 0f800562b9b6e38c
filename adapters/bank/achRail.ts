import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Money } from '../../gateway/money/money.ts'
import type { BankDays } from '../../gateway/ports/bankDays.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { ClosedDays, Statement } from '../../gateway/ports/statement.ts'
import type { AchWording, OwnUsAccount } from './ach/achFile.ts'
import { achNetwork } from './ach/achNetwork.ts'
import { SAME_DAY } from './ach/achOrder.ts'
import { estimateAch } from './ach/estimateAch.ts'
import { accountKey, ownUsAccount, refuseUsAccount } from './ach/usAccount.ts'
import { type FileRailOptions, openFileRail } from './fileRail.ts'
import { closedDays } from './files/closedDays.ts'
import type { Problem } from './files/store.ts'

/** What our bank asks of one way, and its hours. */
type Way = Readonly<{ days: BankDays; feeOf: (amount: Money) => Money }>

/** `sameDay`: the quicker way, where the bank takes files for it. */
type AchRailOptions = Omit<FileRailOptions, 'setting' | 'days' | 'feeOf'> &
  Readonly<{ account: OwnUsAccount; wording: AchWording; ordinary: Way; sameDay?: Way }>

/**
 * An account in dollars that pays by ACH. It takes no payments in: what comes is told, and of nobody. `sameDay` is the other way out of the same account, a
 * sender of its own name, so that the router chooses between the two.
 */
export type AchRail = Receiver &
  Sender &
  Statement &
  Readonly<{
    rail: 'bank:us'
    feesComeBy: 'stream'
    paysOutOnly: true
    sameDay: Sender | undefined
    /** Its statements, line by line. */
    closedDays: ClosedDays
    problems(): readonly Problem[]
    close(): Promise<void>
  }>

function checkAccount(account: OwnUsAccount): void {
  const refused = refuseUsAccount({ kind: 'us_account', ...account, holder: 'company' }, '')
  if (refused) {
    throw new GatewayError('rail_unavailable', `the US bank account is not usable: ${refused}`, {
      hint: 'Correct usBank.account in the configuration.',
    })
  }
}

/** Opens the account and begins to read the inbox. Throws `rail_unavailable` when the account, the folder or the data file is not usable. */
export async function openAchRail(options: AchRailOptions): Promise<AchRail> {
  const { account, wording, ordinary, sameDay, clock } = options
  checkAccount(account)
  const days = { ordinary: ordinary.days, sameDay: (sameDay ?? ordinary).days }
  const network = achNetwork({ own: account, wording, days, clock })
  const files = await openFileRail({ ...options, ...ordinary, setting: 'usBank.folder' }, network)
  const { store, check, settlements, balances, problems, close } = files
  const { asset, serves, refuse } = network
  const own = accountKey(account)

  function way({ days, feeOf }: Way, lane?: string) {
    return {
      asset,
      serves,
      feesComeBy: 'stream' as const,
      check: refuse,
      owns: (destination: Parameters<Sender['check']>[0]) => ownUsAccount(destination, own),
      estimate: async (query: Parameters<Sender['estimate']>[0]) =>
        estimateAch(query, { store, network, lane, feeOf, seconds: files.secondsOf(days), now: clock.now(), check }),
      ...files.sending({ days, feeOf, ...(lane === undefined ? {} : { lane }) }),
    }
  }
  return {
    rail: 'bank:us',
    ...way(ordinary),
    sameDay: sameDay && { rail: 'bank:us-same-day', ...way(sameDay, SAME_DAY) },
    paysOutOnly: true,
    async offer() {
      throw new GatewayError('rail_unavailable', 'The US bank account pays out by ACH and takes no payments in')
    },
    settlements,
    balances,
    closedDays: closedDays({ store, asset, days: ordinary.days }),
    problems,
    close,
  }
}
