import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { invariant } from '../../gateway/errors/invariant.ts'
import type { Asset } from '../../gateway/money/asset.ts'
import type { Money } from '../../gateway/money/money.ts'
import type { BankDays } from '../../gateway/ports/bankDays.ts'
import type { Recaller } from '../../gateway/ports/recaller.ts'
import type { Receiver } from '../../gateway/ports/receiver.ts'
import type { Sender } from '../../gateway/ports/sender.ts'
import type { ClosedDays, Statement } from '../../gateway/ports/statement.ts'
import { type FileRailOptions, openFileRail } from './fileRail.ts'
import { closedDays } from './files/closedDays.ts'
import type { Problem } from './files/store.ts'
import { sepaRecaller } from './recalls.ts'
import { compactIban, ownIban, refuseDestination } from './sepa/destination.ts'
import { estimateTransfer } from './sepa/estimate.ts'
import { offerTransfer } from './sepa/offerTransfer.ts'
import { type OwnAccount, ownAddress } from './sepa/ownAddress.ts'
import type { Service } from './sepa/pain001.ts'
import { sepaNetwork } from './sepa/sepaNetwork.ts'

type BankRailOptions = Omit<FileRailOptions, 'setting'> &
  Readonly<{
    account: OwnAccount
    asset: Asset
    /** What its orders ask for; `ordinary` without it. */
    service?: Service
    /** Those in which the scheme counts until when a payment can be asked back, where `days` are none of banks. */
    bankingDays?: BankDays
  }>

/** The bank's charges come as `spent` settlements, never inside an outcome, so a settled outcome has the fee zero. */
export type BankRail = Receiver &
  Sender &
  Statement &
  Recaller &
  Readonly<{
    feesComeBy: 'stream'
    /** Its statements, line by line. */
    closedDays: ClosedDays
    /** What a person should look at, newest first: refused files, debits that are not ours, reports that contradict each other. */
    problems(): readonly Problem[]
    close(): Promise<void>
  }>

function checkOptions(options: BankRailOptions): OwnAccount {
  const { account, asset, clock, days } = options
  invariant(asset.code === 'EUR', 'SEPA credit transfers are in euros')
  const iban = compactIban(account.iban)
  const refused = refuseDestination({ kind: 'iban', iban, name: account.name }, '')
  const own = ownAddress(account, days.executionDay(clock.now()))
  const wrong = refused ?? ('refused' in own ? own.refused : undefined)
  if (wrong !== undefined) {
    throw new GatewayError('rail_unavailable', `the bank account is not usable: ${wrong}`, {
      hint: 'Correct the account in the configuration.',
    })
  }
  return { ...account, iban }
}

/** Opens the bank rail and starts reading the inbox. Throws `rail_unavailable` when the account, the folder or the data file is not usable. */
export async function openBankRail(options: BankRailOptions): Promise<BankRail> {
  const account = checkOptions(options)
  const { asset, clock, days, feeOf, service = 'ordinary' } = options
  const { iban } = account
  const network = sepaNetwork(account, { asset, days, clock, service })
  const files = await openFileRail({ ...options, setting: 'bank.folder' }, network)
  const { store, check, pollMs, handOver, settlements, balances, problems, close } = files
  const seconds = () => files.secondsOf(days)
  const refuseAmount = (amount: Money) => network.refuseAmount(amount, undefined)
  return {
    rail: 'bank',
    asset,
    serves: network.serves,
    feesComeBy: 'stream',
    check: network.refuse,
    owns: (destination) => ownIban(destination, iban),
    estimate: async (query) => estimateTransfer(query, { store, iban, asset, feeOf, seconds, refuseAmount, now: clock.now, check }),
    ...files.sending({ days, feeOf }),
    ...sepaRecaller({ store, account, asset, clock, days, bankingDays: options.bankingDays ?? days, pollMs, check: files.check, handOver }),
    secondsToFunds: seconds,
    async offer(request) {
      check()
      return offerTransfer(request, account, clock.now() + Number(seconds() * 1000n))
    },
    settlements,
    balances,
    closedDays: closedDays({ store, asset, days }),
    problems,
    close,
  }
}
