import { type Asset, USD } from '../../../gateway/money/asset.ts'
import { type Money, money, showMoney } from '../../../gateway/money/money.ts'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { BankNetwork } from '../files/bankNetwork.ts'
import type { CodeMeaning } from '../files/codeMeaning.ts'
import { wholeFile } from '../files/wholeFile.ts'
import type { Correction } from '../nacha/changeCodes.ts'
import { sameDayMax } from '../nacha/datedRules.ts'
import { returnMeaning } from '../nacha/returnCodes.ts'
import { reasonMeaning } from '../sepa/reasonCodes.ts'
import { type AchDays, type AchWording, type OwnUsAccount, writeAchFile } from './achFile.ts'
import { individualIdOf, keepOrder, SAME_DAY } from './achOrder.ts'
import { readAchFile } from './readAchFile.ts'
import { accountKey, refuseUsAccount } from './usAccount.ts'
import { newYork } from './wallClock.ts'

const CENT_UNITS = 10_000n
/** Ten digits of cents. */
const CENTS_MAX = 9_999_999_999n

type AchParts = Readonly<{ own: OwnUsAccount; wording: AchWording; days: AchDays; clock: Clock }>

/** The most that one payment of a lane may be on this day; undefined where a lane is not there yet. */
export function achLimit(lane: string | undefined, at: number): Money | undefined {
  const cents = lane === SAME_DAY ? sameDayMax(newYork(at).date) : CENTS_MAX
  return cents === undefined ? undefined : money(USD, cents * CENT_UNITS)
}

function refuseAmount({ units, asset }: Money, lane: string | undefined, at: number): string | undefined {
  if (units <= 0n || units % CENT_UNITS !== 0n) return `${showMoney({ units, asset })} is not an amount of whole cents`
  const most = achLimit(lane, at)
  if (!most) return 'ACH has no payments of the same day yet'
  return units > most.units ? `${showMoney({ units, asset })} is more than ${showMoney(most)}, the most of one payment` : undefined
}

/** Codes of returns mean what Nacha says; all others are pain.002's. */
function meaningOf(code: string): CodeMeaning {
  return /^R[0-9]{2}$/.test(code) ? returnMeaning(code) : reasonMeaning(code)
}

/** Credits in dollars by NACHA files, from this account. */
export function achNetwork({ own, wording, days, clock }: AchParts): BankNetwork & Readonly<{ asset: Asset }> {
  const key = accountKey(own)
  return {
    rail: 'bank:us',
    asset: USD,
    serves: ['us_account'],
    ending: '.ach',
    own: key,
    nameOf: individualIdOf,
    refuse: (destination) => refuseUsAccount(destination, key),
    refuseAmount: (amount, lane) => refuseAmount(amount, lane, clock.now()),
    payee: (to) => (to.kind === 'us_account' ? { iban: accountKey(to), name: to.name } : undefined),
    order(order, store) {
      const { destination } = order
      if (destination.kind !== 'us_account') throw new Error('invariant broken: refuse() lets only accounts in the US through')
      const correction = store.accountWord(accountKey(destination))?.correction
      // It was written from a Correction.
      return keepOrder({ ...order, destination }, correction == null ? undefined : (JSON.parse(correction) as Correction))
    },
    file: (id, payments, createdAt, store) => writeAchFile({ id, payments, createdAt, store }, { own, wording, days }),
    read: (store) => wholeFile((bytes) => readAchFile(bytes, { own, asset: USD, store })),
    meaningOf,
  }
}
