import type { Asset } from '../../../gateway/money/asset.ts'
import { showMoney } from '../../../gateway/money/money.ts'
import type { BankDays } from '../../../gateway/ports/bankDays.ts'
import type { BankNetwork } from '../files/bankNetwork.ts'
import { isTransferable } from './cents.ts'
import { compactIban, refuseDestination } from './destination.ts'
import { endToEndIdOf } from './endToEndId.ts'
import { type OwnAccount, writePain001, writeTransfer } from './pain001.ts'
import { failureOf } from './paymentStatus.ts'
import { openFileReader } from './translate.ts'

/** Credit transfers in euros by ISO 20022, from this account. `days`: the bank's. */
export function sepaNetwork(account: OwnAccount, { asset, days }: Readonly<{ asset: Asset; days: BankDays }>): BankNetwork {
  const { iban } = account
  return {
    rail: 'bank',
    asset,
    serves: ['iban'],
    ending: '.xml',
    own: iban,
    nameOf: endToEndIdOf,
    refuse: (destination) => refuseDestination(destination, iban),
    refuseAmount: (amount) => (isTransferable(amount) ? undefined : `${showMoney(amount)} is not an amount of whole cents`),
    payee: (to) => (to.kind === 'iban' ? { iban: compactIban(to.iban), name: to.name } : undefined),
    order({ id, amount, destination, reference }) {
      if (destination.kind !== 'iban') throw new Error('invariant broken: refuse() lets only IBANs through')
      return writeTransfer({ id, amount, iban: compactIban(destination.iban), name: destination.name, reference })
    },
    /** The day on which the bank is to make its transfers is that of its leaving. */
    file(id, payments, createdAt) {
      const sum = { asset, units: payments.reduce((total, { units }) => total + units, 0n) }
      const transfers = payments.map(({ document }) => document)
      return writePain001({ id, sum, transfers, createdAt, executeOn: days.executionDay(createdAt) }, account)
    },
    read: (store) => openFileReader({ iban, asset, keep: store.spool.list }),
    failureOf,
  }
}
