import type { Asset } from '../../../gateway/money/asset.ts'
import { showMoney } from '../../../gateway/money/money.ts'
import type { BankDays } from '../../../gateway/ports/bankDays.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { BankNetwork } from '../files/bankNetwork.ts'
import { isTransferable } from './cents.ts'
import { compactIban, refuseDestination } from './destination.ts'
import { endToEndIdOf } from './endToEndId.ts'
import { type OwnAccount, ownAddress } from './ownAddress.ts'
import { type Service, writePain001, writeTransfer } from './pain001.ts'
import { reasonMeaning } from './reasonCodes.ts'
import { openFileReader } from './translate.ts'

/** An instant transfer is final in seconds, but its file is taken and answered when the bank's own program comes round. */
const INSTANT_PATIENCE_MS = 3_600_000

type Parts = Readonly<{ asset: Asset; days: BankDays; clock: Clock; service: Service }>

/** Credit transfers in euros by ISO 20022, from this account. `days`: the bank's. */
export function sepaNetwork(account: OwnAccount, { asset, days, clock, service }: Parts): BankNetwork {
  const { iban } = account
  return {
    rail: 'bank',
    asset,
    serves: ['iban'],
    ending: '.xml',
    own: iban,
    nameOf: endToEndIdOf,
    refuse: (destination) => refuseDestination(destination, iban),
    /** A rule may come into force while the rail is open: then no amount can go. */
    refuseAmount(amount) {
      const own = ownAddress(account, days.executionDay(clock.now()))
      if ('refused' in own) return own.refused
      return isTransferable(amount) ? undefined : `${showMoney(amount)} is not an amount of whole cents`
    },
    ...(service === 'instant' ? { patienceMs: INSTANT_PATIENCE_MS } : {}),
    payee: (to) => (to.kind === 'iban' ? { iban: compactIban(to.iban), name: to.name } : undefined),
    order({ id, amount, destination, reference }) {
      if (destination.kind !== 'iban') throw new Error('invariant broken: refuse() lets only IBANs through')
      return writeTransfer({ id, amount, iban: compactIban(destination.iban), name: destination.name, reference })
    },
    /** The day on which the bank is to make its transfers is that of its leaving. */
    file(id, payments, createdAt) {
      const sum = { asset, units: payments.reduce((total, { units }) => total + units, 0n) }
      const transfers = payments.map(({ document }) => document)
      return writePain001({ id, sum, transfers, createdAt, executeOn: days.executionDay(createdAt), service }, account)
    },
    read: (store) => openFileReader({ iban, asset, keep: store.spool.list }),
    meaningOf: reasonMeaning,
  }
}
