import { hash } from 'node:crypto'
import type { Entry, Leg } from '../../ports/books.ts'
import { readHex128 } from '../journal/hexBits.ts'
import { getU128, isZero128, newRows, type Rows } from '../rows/words.ts'

/** The first 64 bits of SHA-256 over the canonical entry: its id, payment and legs in fixed order. Never 0, which the ledger reads as "inherit". */
export function entryFingerprint(entry: Entry): bigint {
  let canonical = text(entry.id) + text(entry.payment)
  for (const leg of entry.legs) canonical += canonicalLeg(leg)
  return BigInt(`0x${hash('sha256', canonical, 'hex').slice(0, 16)}`) || 1n
}

/** Ids of ours are a kind of two to five letters, a bar and 128 bits in hex. */
const HEX_DIGITS = 32
const KIND_MIN = 3
const KIND_MAX = 6

/** 128 bits that stand for the payment in the ledger: those of its id when it is one of ours, else the first of SHA-256 over it. Never 0. */
export function paymentTag(payment: string): bigint {
  writePaymentTag(tag, 0, payment)
  return getU128(tag, 0)
}

const tag = newRows(1)

/** Writes the payment's tag at `at`. */
export function writePaymentTag(rows: Rows, at: number, payment: string): void {
  const start = payment.length - HEX_DIGITS
  const ours = start >= KIND_MIN && start <= KIND_MAX && payment[start - 1] === '_' && readHex128(payment, start, rows, at)
  if (!ours) readHex128(hash('sha256', payment, 'hex'), 0, rows, at)
  if (isZero128(rows.words, at)) rows.words[at] = 1
}

/** Its kind says which fields a leg has, so nothing marks where it ends. */
function canonicalLeg(leg: Leg): string {
  switch (leg.kind) {
    case 'move':
      return `move ${text(leg.debit)}${text(leg.credit)}${text(leg.asset.id)}${leg.units} `
    case 'hold':
      return `hold ${text(leg.debit)}${text(leg.credit)}${text(leg.asset.id)}${leg.units} ${leg.timeoutS} `
    case 'post':
      return `post ${text(leg.pending.entry)}${leg.pending.leg} ${text(leg.asset.id)}${leg.units} `
    case 'void':
      return `void ${text(leg.pending.entry)}${leg.pending.leg} ${text(leg.asset.id)}`
  }
}

/** A text behind its length: whatever it contains, it can not be read as what follows it. */
function text(value: string): string {
  return `${value.length}:${value}`
}
